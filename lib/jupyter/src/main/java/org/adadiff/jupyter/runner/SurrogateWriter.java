package org.adadiff.jupyter.runner;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Escapes, as JSON does, halves of characters that stand alone: UTF-8 has none, and an encoder made question marks of them. */
final class SurrogateWriter extends Writer {
    private final Writer out;
    private char high; // waits for what follows it; 0 if none does

    SurrogateWriter(Writer out) {
        this.out = out;
    }

    /** The same of a whole text of JSON. */
    static String escape(String json) {
        StringWriter escaped = new StringWriter(json.length());
        try {
            new SurrogateWriter(escaped).write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return escaped.toString();
    }

    @Override
    public void write(int c) throws IOException {
        if (high == 0 && !Character.isSurrogate((char) c)) {
            out.write(c);
        } else {
            write(String.valueOf((char) c), 0, 1);
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        int done = offset;
        for (int i = offset; i < offset + length; i++) {
            char c = text.charAt(i);
            if (high == 0 && !Character.isSurrogate(c)) {
                continue;
            }
            out.write(text, done, i - done);
            done = i;
            boolean pair = high != 0 && Character.isLowSurrogate(c);
            if (high != 0) {
                out.write(pair ? String.valueOf(high) + c : escaped(high));
            }
            high = Character.isHighSurrogate(c) ? c : 0;
            if (Character.isSurrogate(c)) {
                done = i + 1;
                out.write(pair || high != 0 ? "" : escaped(c));
            }
        }
        out.write(text, done, offset + length - done);
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
        write(new String(buffer, offset, length), 0, length);
    }

    private static String escaped(char half) {
        return String.format("\\u%04x", (int) half);
    }

    @Override
    public void flush() throws IOException {
        out.flush(); // half a character still waits
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
