package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A string of JSON that stands in a file of {@link LongTexts}, as it may be larger than the memory should be. In a tree it is
 * the value of a primitive: of what Gson takes for one, a number is all that can be a class of our own. {@code getAsString()}
 * reads the whole text; {@link NotebookWriter} writes it as a string, piece by piece.
 */
final class LongText extends Number {
    private static final long serialVersionUID = 1;

    private final transient FileChannel file;
    private final long start; // bytes
    private final long length; // chars, of two bytes each

    LongText(FileChannel file, long start, long length) {
        this.file = file;
        this.start = start;
        this.length = length;
    }

    /** The pieces of a JSON string in their order: one, unless it is long. Each is read when it is asked for. */
    static List<String> pieces(JsonElement string) {
        JsonPrimitive primitive = string.getAsJsonPrimitive();
        return primitive.isNumber() && primitive.getAsNumber() instanceof LongText text ? text.pieces() : List.of(primitive.getAsString());
    }

    static boolean isString(JsonElement element) {
        return element instanceof JsonPrimitive primitive
                && (primitive.isString() || primitive.isNumber() && primitive.getAsNumber() instanceof LongText);
    }

    /** How many characters the values of something of JSON take. */
    static long length(JsonElement element) {
        if (element instanceof JsonObject object) {
            return object.entrySet().stream().mapToLong(member -> length(member.getValue())).sum();
        }
        if (element instanceof JsonArray array) {
            return StreamSupport.stream(array.spliterator(), false).mapToLong(LongText::length).sum();
        }
        if (element.isJsonNull()) {
            return 0;
        }
        Number number = element.getAsJsonPrimitive().isNumber() ? element.getAsNumber() : null;
        return number instanceof LongText text ? text.length
                : number instanceof LongStructure structure ? structure.length() : element.getAsString().length();
    }

    /** The same, with every text in it as a string, and every structure as a tree; for the few places that cannot do with pieces. */
    static JsonElement inMemory(JsonElement element) {
        if (element instanceof JsonPrimitive primitive && primitive.isNumber() && primitive.getAsNumber() instanceof LongStructure structure) {
            return structure.inMemory();
        }
        if (element instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.entrySet().forEach(member -> copy.add(member.getKey(), inMemory(member.getValue())));
            return copy;
        }
        if (element instanceof JsonArray array) {
            JsonArray copy = new JsonArray(array.size());
            array.forEach(item -> copy.add(inMemory(item)));
            return copy;
        }
        return isString(element) ? new JsonPrimitive(element.getAsString()) : element;
    }

    List<String> pieces() {
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                long first = (long) index * LongTexts.PIECE;
                return read(first, (int) Math.min(LongTexts.PIECE, length - first));
            }

            @Override
            public int size() {
                return Math.toIntExact((length + LongTexts.PIECE - 1) / LongTexts.PIECE);
            }
        };
    }

    /** The whole text, of which it holds a piece at a time. */
    Reader reader() {
        return new Reader() {
            private long read; // chars

            @Override
            public int read(char[] buffer, int offset, int count) {
                int chars = (int) Math.min(count, length - read);
                LongText.this.read(read, chars).getChars(0, chars, buffer, offset);
                read += chars;
                return chars == 0 && count > 0 ? -1 : chars;
            }

            @Override
            public void close() {
                // The file stays open for others.
            }
        };
    }

    private String read(long first, int chars) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * chars);
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, start + 2 * first + bytes.position()) < 0) {
                    throw new EOFException("the file of long texts was cut short");
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return bytes.flip().asCharBuffer().toString();
    }

    @Override
    public String toString() {
        return String.join("", pieces());
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

    private NumberFormatException notANumber() {
        return new NumberFormatException("expected a number, found a text of " + length + " characters");
    }
}
