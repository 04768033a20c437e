package org.adadiff.jupyter.runner;

import com.google.gson.FormattingStyle;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;

/** Writes JSON as nbformat has it, and a string, if need be, piece by piece: Gson's own writer has to be given the whole. */
final class PieceWriter extends JsonWriter {
    private final Writer inStrings;

    /**
     * Writes nothing yet.
     *
     * @param writer takes all that stands around strings, line ends too
     * @param inStrings where the same text goes in the end, for what stands in strings
     */
    PieceWriter(Writer writer, Writer inStrings) {
        super(new SurrogateWriter(writer));
        this.inStrings = new SurrogateWriter(inStrings);
        setFormattingStyle(FormattingStyle.PRETTY.withIndent(" "));
        setHtmlSafe(false);
        setSerializeNulls(true);
        setStrictness(Strictness.LENIENT);
    }

    @Override
    public JsonWriter value(Number value) throws IOException {
        if (value instanceof LongStructure structure) {
            structure.writeTo(this);
            return this;
        }
        if (!(value instanceof LongText text)) {
            return super.value(value);
        }
        begin();
        for (String piece : text.pieces()) {
            append(piece, 0, piece.length());
        }
        return end();
    }

    /** Begins a string. */
    void begin() throws IOException {
        jsonValue("\"");
    }

    /** Writes a part of the string that has been begun. */
    void append(String text, int start, int end) throws IOException {
        int done = start;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029') { // as Gson escapes them
                inStrings.write(text, done, i - done);
                inStrings.write(escaped(c));
                done = i + 1;
            }
        }
        inStrings.write(text, done, end - done);
    }

    /** Ends the string. */
    PieceWriter end() throws IOException {
        inStrings.write('"');
        return this;
    }

    private static String escaped(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\f' -> "\\f";
            default -> String.format("\\u%04x", (int) c);
        };
    }
}
