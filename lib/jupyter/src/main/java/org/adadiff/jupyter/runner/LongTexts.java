package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps long texts in a file without a name, which the system removes even if this JVM is killed. For one thread. */
final class LongTexts implements AutoCloseable {
    /** How many chars of a text are in memory at a time, and how long a string may be to stay there. */
    static final int PIECE = 1 << 16;

    private static final String MARK = "\uFFFF" + UUID.randomUUID() + " "; // no one else's text begins so

    private final Path folder;
    private FileChannel file; // made when it is needed, which is seldom
    private long end; // bytes
    private final List<LongText> marked = new ArrayList<>();

    /**
     * Keeps nothing yet.
     *
     * @param folder where the file is to be
     */
    LongTexts(Path folder) {
        this.folder = folder;
    }

    LongText keep(CharSequence text) {
        long start = end;
        append(text);
        return new LongText(file, start, text.length());
    }

    /** Parses JSON; strings longer than a piece are kept here. */
    JsonElement parse(Reader json) {
        return restore(JsonParser.parseReader(new LongStringMarker(json, this, false)));
    }

    /** Reads a notebook for a parser; the cells then have to be restored. */
    Reader reader(Reader notebook) {
        return new LongStringMarker(notebook, this, true);
    }

    /** Puts long texts where a {@link LongStringMarker} has left marks. */
    JsonElement restore(JsonElement element) {
        if (element instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                member.setValue(restore(member.getValue()));
            }
        } else if (element instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, restore(array.get(i)));
            }
        } else if (element instanceof JsonPrimitive string && string.isString() && string.getAsString().startsWith(MARK)) {
            return new JsonPrimitive(marked.get(Integer.parseInt(string.getAsString().substring(MARK.length()))));
        }
        return element;
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
            if (file != null) {
                file.close();
            }
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
