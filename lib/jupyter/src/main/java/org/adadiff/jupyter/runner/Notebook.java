package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A notebook of nbformat 4: its JSON as read, unknown fields and the order of keys kept. */
final class Notebook {
    /** What Gson says to whoever calls it; the reader of a message needs to know the place only. */
    private static final String ADVICE = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private final JsonObject json;
    private final List<String> repairs;

    private Notebook(JsonObject json, List<String> repairs) {
        this.json = json;
        this.repairs = repairs;
    }

    /**
     * Reads and checks a notebook; an error says what, expected, found and where.
     *
     * @param texts keeps the long strings of outputs
     * @param each is shown each cell before the next one is read, and may take its outputs away, of which there may be more
     *     than the memory holds
     */
    static Notebook read(Path file, LongTexts texts, Consumer<Cell> each) throws RunException {
        NotebookCheck check = new NotebookCheck(file, new ArrayList<>());
        try (BufferedReader text = Files.newBufferedReader(file); JsonReader reader = LongTexts.json(texts.reader(withoutMark(text)))) {
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw check.noNotebook(JsonParser.parseReader(reader));
            }
            JsonObject notebook = new JsonObject();
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                boolean cells = name.equals("cells") && reader.peek() == JsonToken.BEGIN_ARRAY;
                notebook.add(name, cells ? cells(reader, texts, check, each) : texts.element(reader));
            }
            reader.endObject();
            reader.peek(); // nothing may follow
            return new Notebook(check.notebook(notebook), check.repairs());
        } catch (NoSuchFileException missing) {
            throw new RunException(RunStatus.BAD_INPUT, "no such notebook: " + file, missing);
        } catch (JsonParseException | IOException | IllegalStateException broken) {
            throw unreadable(file, broken);
        }
    }

    /** Reads a notebook cell by cell, and holds no more of its outputs than those of one cell. */
    static void stream(Path file, CellReader each) throws IOException {
        try (LongTexts texts = new LongTexts(file.toAbsolutePath().getParent())) {
            read(file, texts, cell -> {
                try {
                    each.read(cell);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                cell.dropOutputs();
            });
        } catch (RunException unreadable) {
            throw new IOException(unreadable.getMessage(), unreadable);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /** What is done with each cell. */
    @FunctionalInterface
    interface CellReader {
        void read(Cell cell) throws IOException;
    }

    private static RunException unreadable(Path file, Exception broken) {
        Throwable reason = broken instanceof JsonParseException && broken.getCause() != null ? broken.getCause() : broken;
        if (reason instanceof EOFException && isBlank(file)) {
            return new RunException(RunStatus.BAD_INPUT, "expected a notebook in JSON, found an empty file: " + file, broken);
        }
        if (reason instanceof CharacterCodingException) {
            return new RunException(RunStatus.BAD_INPUT, "expected UTF-8 text, found other bytes, in " + file, broken);
        }
        if (reason instanceof IOException && !(reason instanceof EOFException || reason instanceof MalformedJsonException)) {
            return new RunException(RunStatus.BAD_INPUT, "cannot read the notebook: " + reason, broken);
        }
        String where = String.valueOf(reason.getMessage()).replace(ADVICE, "malformed JSON").lines().findFirst().orElse("");
        return new RunException(
                RunStatus.BAD_INPUT, "expected a notebook in JSON, found broken JSON, in " + file + ": " + where, broken);
    }

    private static boolean isBlank(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.allMatch(String::isBlank);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Past the byte order mark that some editors put first. */
    private static Reader withoutMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != '\uFEFF') {
            text.reset();
        }
        return text;
    }

    private static JsonArray cells(JsonReader reader, LongTexts texts, NotebookCheck check, Consumer<Cell> each) throws IOException, RunException {
        JsonArray cells = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            JsonElement cell = texts.element(reader);
            check.cell(cell, "cell " + (cells.size() + 1));
            each.accept(new Cell(cell.getAsJsonObject()));
            cells.add(cell);
        }
        reader.endArray();
        return cells;
    }

    JsonObject json() {
        return json;
    }

    /** What was wrong with the file and has been put right, for the user to know. */
    List<String> repairs() {
        return repairs;
    }

    JsonObject metadata() {
        return json.getAsJsonObject("metadata");
    }

    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        json.getAsJsonArray("cells").forEach(cell -> cells.add(new Cell(cell.getAsJsonObject())));
        return cells;
    }

    /** The language of its cells, as the notebook says; empty if it does not. */
    String language() {
        for (String object : List.of("kernelspec", "language_info")) {
            String member = object.equals("kernelspec") ? "language" : "name";
            if (metadata().get(object) instanceof JsonObject info && !Message.text(info, member).isEmpty()) {
                return Message.text(info, member);
            }
        }
        return "";
    }

    /** The kernel the notebook asks for. */
    Optional<String> kernelName() {
        return metadata().get("kernelspec") instanceof JsonObject spec
                        && spec.get("name") instanceof JsonPrimitive name && !name.getAsString().isBlank()
                ? Optional.of(name.getAsString())
                : Optional.empty();
    }

    /** Puts a code cell after the first one tagged {@code parameters}, in place of one that an earlier run put there. */
    void injectParameters(String source) {
        JsonArray cells = new JsonArray();
        JsonObject injected = new JsonObject();
        injected.addProperty("cell_type", "code");
        injected.add("execution_count", JsonNull.INSTANCE);
        if (hasIds()) {
            injected.addProperty("id", "injected-parameters"); // always the same, for stable diffs
        }
        JsonArray tags = new JsonArray();
        tags.add("injected-parameters");
        JsonObject metadata = new JsonObject();
        metadata.add("tags", tags);
        injected.add("metadata", metadata);
        injected.add("outputs", new JsonArray());
        injected.add("source", MultilineText.split(source));
        boolean done = false;
        for (Cell cell : cells()) {
            if (!cell.hasTag("injected-parameters")) {
                cells.add(cell.json());
            }
            if (!done && cell.hasTag("parameters")) {
                cells.add(injected);
                done = true;
            }
        }
        json.add("cells", cells);
    }

    private boolean hasIds() {
        return json.get("nbformat_minor").getAsInt() >= 5;
    }
}
