package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Keeps long texts in a file without a name, which the system removes even if this JVM is killed. For one thread. */
final class LongTexts implements AutoCloseable {
    /** How many chars of a text are in memory at a time, and how long a string may be to stay there. */
    static final int PIECE = 1 << 16;

    private static final String MARK = "\uFFFF" + UUID.randomUUID() + " "; // no one else's text begins so

    /** What Python writes for numbers that JSON has none for, and what it is to Java. */
    static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private final Path folder;
    private FileChannel file; // made when it is needed, which is seldom
    private long end; // bytes
    private final List<LongText> marked = new ArrayList<>();
    private LongTexts structures; // made when it is needed

    /**
     * Keeps nothing yet.
     *
     * @param folder where the file is to be
     */
    LongTexts(Path folder) {
        this.folder = folder;
    }

    /** For what is kept while a string is being taken out, which it would tear apart in the same file. */
    LongTexts another() {
        return new LongTexts(folder);
    }

    LongText keep(CharSequence text) {
        long start = end;
        append(text);
        return new LongText(file, start, text.length());
    }

    /** Keeps bytes; the supplier reads them. */
    Supplier<InputStream> keep(byte[] bytes) {
        long start = end;
        int size = bytes.length; // not the array itself, which would stay in memory
        append(ByteBuffer.wrap(bytes));
        return () -> new InputStream() {
            private int read;

            @Override
            public int read() {
                throw new UnsupportedOperationException("expected to be read by pieces");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = Math.min(length, size - read);
                int got = count == 0 ? -1 : file.read(ByteBuffer.wrap(buffer, offset, count), start + read);
                read += Math.max(got, 0);
                return got;
            }
        };
    }

    /** Parses JSON; strings longer than a piece are kept here, and so are lists and objects that are an output's data. */
    JsonElement parse(Reader json) {
        try {
            JsonReader reader = json(new LongStringMarker(json, this, false));
            reader.setStrictness(Strictness.LENIENT); // kernels' messages are taken as they come
            JsonElement parsed = element(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("expected the end of the JSON, found more");
            }
            return parsed;
        } catch (IOException broken) {
            throw new JsonParseException(broken.getMessage(), broken);
        }
    }

    /** Reads a notebook; its cells are then to be parsed by {@link #element}. */
    Reader reader(Reader notebook) {
        return new LongStringMarker(notebook, this, true);
    }

    /** Reads JSON of any depth that a kernel can write: Gson stops at 255 levels, and the output was lost. */
    static JsonReader json(Reader text) {
        JsonReader reader = new JsonReader(text);
        reader.setNestingLimit(2000);
        return reader;
    }

    /** Parses the next value where a {@link LongStringMarker} has left marks for long strings. */
    JsonElement element(JsonReader json) throws IOException {
        return element(json, "");
    }

    private JsonElement element(JsonReader json, String name) throws IOException {
        switch (json.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                json.beginObject();
                while (json.hasNext()) {
                    String member = json.nextName();
                    boolean nested = json.peek() == JsonToken.BEGIN_ARRAY || json.peek() == JsonToken.BEGIN_OBJECT;
                    boolean datum = nested && name.equals("data") && !MultilineText.isText(member);
                    object.add(member, datum ? structure(json) : element(json, member));
                }
                json.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                json.beginArray();
                while (json.hasNext()) {
                    array.add(element(json, ""));
                }
                json.endArray();
                return array;
            }
            case STRING -> {
                String string = json.nextString();
                Number marked = marked(string);
                return marked == null ? new JsonPrimitive(string) : new JsonPrimitive(marked);
            }
            default -> {
                return JsonParser.parseReader(json);
            }
        }
    }

    /** A list or an object: a tree, or kept here if it is long. */
    private JsonElement structure(JsonReader json) throws IOException {
        if (structures == null) {
            structures = another();
        }
        Pieces pieces = new Pieces(structures);
        JsonWriter writer = new JsonWriter(pieces);
        writer.setStrictness(Strictness.LENIENT);
        LongStructure.copy(json, writer, null);
        writer.flush();
        Optional<LongText> kept = pieces.kept();
        return kept.isPresent() ? new JsonPrimitive(new LongStructure(kept.get(), this))
                : element(json(new StringReader(pieces.last.toString())));
    }

    /** Takes text, and keeps it if it is longer than a piece. */
    private static final class Pieces extends Writer {
        private final LongTexts texts;
        private final long start;
        private final StringBuilder last = new StringBuilder();

        Pieces(LongTexts texts) {
            this.texts = texts;
            start = texts.end;
        }

        @Override
        public void write(char[] buffer, int offset, int length) {
            last.append(buffer, offset, length);
            if (last.length() >= PIECE) {
                texts.append(last);
                last.setLength(0);
            }
        }

        Optional<LongText> kept() {
            if (texts.end == start) {
                return Optional.empty();
            }
            texts.append(last);
            return Optional.of(new LongText(texts.file, start, (texts.end - start) / 2));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** The text that a mark stands for, or the number that is not finite; null if the string is none. */
    Number marked(String string) {
        if (!string.startsWith(MARK)) {
            return null;
        }
        String mark = string.substring(MARK.length());
        return NOT_FINITE.contains(mark) ? Double.valueOf(mark) : marked.get(Integer.parseInt(mark));
    }

    static String mark(String notFinite) {
        return MARK + notFinite;
    }

    /** Where the next text will start. */
    long end() {
        return end;
    }

    /** A mark for the text that has been appended from there on. */
    String mark(long start) {
        marked.add(new LongText(file, start, (end - start) / 2));
        return MARK + (marked.size() - 1);
    }

    void append(CharSequence text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().append(text);
        append(bytes);
    }

    private void append(ByteBuffer bytes) {
        try {
            if (file == null) {
                file = FileChannel.open(AtomicFile.part(folder.resolve("texts")), StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            }
            while (bytes.hasRemaining()) {
                end += file.write(bytes, end);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    public void close() {
        try {
            if (structures != null) {
                structures.close();
            }
        } finally {
            closeFile();
        }
    }

    private void closeFile() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
