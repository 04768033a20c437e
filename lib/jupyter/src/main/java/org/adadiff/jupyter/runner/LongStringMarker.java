package org.adadiff.jupyter.runner;

import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;

/**
 * JSON on its way to a parser that would build every string whole: a long one is taken out, into {@link LongTexts}, and a mark
 * stands in its place.
 */
final class LongStringMarker extends Reader {
    private final PushbackReader json;
    private final LongTexts texts;
    private final boolean onlyOutputs;
    private final StringBuilder ready = new StringBuilder();
    private int taken; // of what is ready
    private int depth;
    private String name = ""; // the latest string, if it may name a member of a cell
    private boolean inOutputs;

    /**
     * Reads nothing yet.
     *
     * @param onlyOutputs whether it is a notebook, of which the cells' outputs alone may have marks
     */
    LongStringMarker(Reader json, LongTexts texts, boolean onlyOutputs) {
        this.json = new PushbackReader(json, LongTexts.PIECE + 2);
        this.texts = texts;
        this.onlyOutputs = onlyOutputs;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (taken == ready.length()) {
            taken = 0;
            ready.setLength(0);
            for (int c = json.read(); c >= 0; c = ready.length() < buffer.length ? json.read() : -1) {
                accept((char) c);
            }
        }
        int count = Math.min(length, ready.length() - taken);
        ready.getChars(taken, taken + count, buffer, offset);
        taken += count;
        return count == 0 ? -1 : count;
    }

    private void accept(char c) throws IOException {
        ready.append(c);
        switch (c) {
            case '"' -> string();
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case ':' -> inOutputs = depth == 3 ? name.equals("outputs") : inOutputs;
            default -> { }
        }
    }

    private void string() throws IOException {
        int start = ready.length();
        for (int c = json.read(); c >= 0; c = json.read()) {
            ready.append((char) c);
            if (c == '"') {
                name = depth == 3 ? ready.substring(start, ready.length() - 1) : "";
                return;
            }
            if (c == '\\') {
                ready.append((char) json.read());
            }
            if (ready.length() - start >= LongTexts.PIECE && (!onlyOutputs || inOutputs && depth > 3)) {
                json.unread(ready.substring(start).toCharArray());
                ready.setLength(start);
                ready.append(texts.mark(keep())).append('"');
                return;
            }
        }
    }

    /** Takes the rest of a string; gives the place where it starts among the texts. */
    private long keep() throws IOException {
        long start = texts.end();
        StringBuilder piece = new StringBuilder(LongTexts.PIECE);
        for (int c = json.read(); c >= 0 && c != '"'; c = json.read()) {
            piece.append(c == '\\' ? escaped() : (char) c);
            if (piece.length() == LongTexts.PIECE) {
                texts.append(piece);
                piece.setLength(0);
            }
        }
        texts.append(piece);
        return start;
    }

    private char escaped() throws IOException {
        int c = json.read();
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(json.read(), 16);
                    if (digit < 0) {
                        throw new MalformedJsonException("expected four hexadecimal digits after \\u, found others");
                    }
                    code = 16 * code + digit;
                }
                yield (char) code;
            }
            default -> (char) c;
        };
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
