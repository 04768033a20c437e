package org.adadiff.jupyter.runner;

import com.google.gson.FormattingStyle;
import com.google.gson.JsonElement;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * A list or an object of JSON that stands in a file of {@link LongTexts}, such as the numbers of a figure: a tree of them takes many
 * times the memory that their text does. Like a {@link LongText}, it is a number to Gson.
 */
final class LongStructure extends Number {
    private static final long serialVersionUID = 1;

    private final transient LongText json;
    private final transient LongTexts texts; // whose marks stand for long strings in it

    LongStructure(LongText json, LongTexts texts) {
        this.json = json;
        this.texts = texts;
    }

    /** Writes it in the writer's own format, a token at a time. */
    void writeTo(JsonWriter writer) throws IOException {
        try (JsonReader reader = LongTexts.json(json.reader())) {
            reader.setStrictness(Strictness.LENIENT);
            copy(reader, writer, texts);
        }
    }

    /** How many characters it takes as compact JSON; all of it is read for that. */
    long length() {
        long[] length = {0};
        write(new Writer() {
            @Override
            public void write(char[] buffer, int offset, int count) {
                length[0] += count;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        return length[0];
    }

    /** The same as a tree. */
    JsonElement inMemory() {
        return LongText.inMemory(texts.parse(new StringReader(toString())));
    }

    /** The whole as compact JSON. */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        write(text);
        return text.toString();
    }

    private void write(Writer text) {
        try {
            PieceWriter writer = new PieceWriter(text, text);
            writer.setFormattingStyle(FormattingStyle.COMPACT);
            writeTo(writer);
            writer.flush();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Copies the next value.
     *
     * @param texts gives the strings for marks; null if marks are to be copied as they are
     */
    static void copy(JsonReader reader, JsonWriter writer, LongTexts texts) throws IOException {
        int depth = 0;
        do {
            switch (reader.peek()) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    writer.beginObject();
                    depth++;
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    writer.beginArray();
                    depth++;
                }
                case END_OBJECT -> {
                    reader.endObject();
                    writer.endObject();
                    depth--;
                }
                case END_ARRAY -> {
                    reader.endArray();
                    writer.endArray();
                    depth--;
                }
                case NAME -> writer.name(reader.nextName());
                case NUMBER -> writer.jsonValue(reader.nextString());
                case BOOLEAN -> writer.value(reader.nextBoolean());
                case NULL -> {
                    reader.nextNull();
                    writer.nullValue();
                }
                case STRING -> {
                    String string = reader.nextString();
                    Number marked = texts == null ? null : texts.marked(string);
                    if (marked == null) {
                        writer.value(string);
                    } else {
                        writer.value(marked);
                    }
                }
                default -> throw new IllegalStateException("expected a value, found the end of the JSON");
            }
        } while (depth > 0);
    }

    @Override
    public int intValue() {
        throw notANumber();
    }

    @Override
    public long longValue() {
        throw notANumber();
    }

    @Override
    public float floatValue() {
        throw notANumber();
    }

    @Override
    public double doubleValue() {
        throw notANumber();
    }

    private static NumberFormatException notANumber() {
        return new NumberFormatException("expected a number, found a list or an object");
    }
}
