package org.adadiff.jupyter.runner;

import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.Reader;

/**
 * JSON on its way to a parser that would build every string whole: a long one is taken out, into {@link LongTexts}, and a mark
 * stands in its place. Python's NaN and Infinity, which Gson cannot tell from strings, are marked as well.
 */
final class LongStringMarker extends Reader {
    /** Nothing of JSON's: where it stands, Gson says that the text is broken, and where. */
    private static final char BROKEN = 0;

    private final Reader json;
    private final char[] chars = new char[1 << 13];
    private int at; // in chars
    private int end;
    private String again = ""; // to be read once more, before the rest
    private int againAt;
    private final LongTexts texts;
    private final boolean onlyOutputs;
    private final StringBuilder ready = new StringBuilder();
    private int taken; // of what is ready
    private int depth;
    private String name = ""; // the latest string, if it may name a member of a cell
    private boolean inOutputs;
    private boolean isNumber; // not a string: what came last of strings and of numbers that are not finite
    private boolean broken; // the latest string

    /**
     * Reads nothing yet.
     *
     * @param onlyOutputs whether it is a notebook, of which the cells' outputs alone may have marks
     */
    LongStringMarker(Reader json, LongTexts texts, boolean onlyOutputs) {
        this.json = json;
        this.texts = texts;
        this.onlyOutputs = onlyOutputs;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (taken == ready.length()) {
            taken = 0;
            ready.setLength(0);
            for (int c = next(); c >= 0; c = ready.length() < buffer.length ? next() : -1) {
                accept((char) c);
            }
        }
        int count = Math.min(length, ready.length() - taken);
        ready.getChars(taken, taken + count, buffer, offset);
        taken += count;
        return count == 0 ? -1 : count;
    }

    /** The next character, or -1: without the locks that each one takes in a reader of Java's, which were most of the time. */
    private int next() throws IOException {
        if (againAt < again.length()) {
            return again.charAt(againAt++);
        }
        if (at == end) {
            at = 0;
            end = Math.max(json.read(chars), 0);
        }
        return at < end ? chars[at++] : -1;
    }

    private void accept(char c) throws IOException {
        ready.append(c);
        switch (c) {
            case '"' -> string();
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            case 'N', 'I' -> notFinite(c);
            case '-' -> {
                int next = next();
                if (next == 'I') {
                    notFinite(c);
                } else if (next >= 0) {
                    accept((char) next);
                }
            }
            case ':' -> {
                inOutputs = depth == 3 ? name.equals("outputs") : inOutputs;
                breakOff(isNumber); // it is no name, but its mark could be one
            }
            default -> breakOff(c >= 'A' && c <= 'Z' && c != 'E'); // Gson takes TRUE for true
        }
    }

    /** A word of a number's; the mark takes the place of what is ready of it. */
    private void notFinite(char first) throws IOException {
        StringBuilder word = new StringBuilder().append(first == '-' ? "-I" : first);
        int c = next();
        for (; Character.isLetter(c); c = next()) {
            word.append((char) c);
        }
        if (LongTexts.NOT_FINITE.contains(word.toString())) {
            ready.setLength(ready.length() - 1);
            ready.append('"').append(LongTexts.mark(word.toString())).append('"');
            isNumber = true;
        } else {
            ready.append(word, 1, word.length());
            breakOff(true); // Gson takes NULL for null
        }
        if (c >= 0) {
            accept((char) c);
        }
    }

    private void string() throws IOException {
        int start = ready.length();
        isNumber = false;
        broken = false;
        for (int c = next(); c >= 0; c = next()) {
            ready.append((char) c);
            if (c == '"') {
                name = depth == 3 ? ready.substring(start, ready.length() - 1) : "";
                breakOff(broken);
                return;
            }
            broken |= c < ' ';
            if (c == '\\') {
                int escape = next();
                broken |= "\"\\/bfnrtu".indexOf(escape) < 0;
                ready.append((char) escape);
            }
            if (ready.length() - start >= LongTexts.PIECE && (!onlyOutputs || inOutputs && depth > 3)) {
                again = ready.substring(start) + again.substring(againAt);
                againAt = 0;
                ready.setLength(start);
                ready.append(texts.mark(keep())).append('"');
                breakOff(broken);
                return;
            }
        }
    }

    /** For what Gson lets pass unless it is told to be strict; then it would refuse halves of characters, too. */
    private void breakOff(boolean isBroken) {
        if (isBroken && onlyOutputs) { // kernels' messages are taken as they come
            ready.append(BROKEN);
        }
    }

    /** Takes the rest of a string; gives the place where it starts among the texts. */
    private long keep() throws IOException {
        long start = texts.end();
        broken = false;
        StringBuilder piece = new StringBuilder(LongTexts.PIECE);
        for (int c = next(); c >= 0 && c != '"'; c = next()) {
            broken |= c < ' ';
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
        int c = next();
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) {
                        throw new MalformedJsonException("expected four hexadecimal digits after \\u, found others");
                    }
                    code = 16 * code + digit;
                }
                yield (char) code;
            }
            default -> {
                broken |= c != '"' && c != '\\' && c != '/';
                yield (char) c;
            }
        };
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
