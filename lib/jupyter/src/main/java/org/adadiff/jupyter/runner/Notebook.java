package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A notebook of nbformat 4: its JSON as read, unknown fields and the order of keys kept. */
final class Notebook {
    /** What Gson says to whoever calls it; the reader of a message needs to know the place only. */
    private static final String ADVICE = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private final JsonObject json;

    private Notebook(JsonObject json) {
        this.json = json;
    }

    /** Reads and checks a notebook; an error says what, expected, found and where. */
    static Notebook read(Path file) throws RunException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new RunException(RunStatus.BAD_INPUT, "no such notebook: " + file, missing);
        } catch (CharacterCodingException binary) {
            throw new RunException(RunStatus.BAD_INPUT, "expected UTF-8 text, found other bytes, in " + file, binary);
        } catch (IOException unreadable) {
            throw new RunException(RunStatus.BAD_INPUT, "cannot read the notebook: " + unreadable, unreadable);
        }
        if (text.isBlank()) {
            throw new RunException(RunStatus.BAD_INPUT, "expected a notebook in JSON, found an empty file: " + file);
        }
        JsonElement json;
        try {
            json = JsonParser.parseString(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (JsonParseException malformed) {
            String reason = malformed.getCause() == null ? malformed.getMessage() : malformed.getCause().getMessage();
            reason = reason.replace(ADVICE, "malformed JSON");
            throw new RunException(
                    RunStatus.BAD_INPUT,
                    "expected a notebook in JSON, found broken JSON, in " + file + ": " + reason.lines().findFirst().orElse(""),
                    malformed);
        }
        return new Notebook(new Check(file).notebook(json));
    }

    JsonObject json() {
        return json;
    }

    JsonObject metadata() {
        return json.getAsJsonObject("metadata");
    }

    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        json.getAsJsonArray("cells").forEach(cell -> cells.add(new Cell(cell.getAsJsonObject())));
        return cells;
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

    /** Checks what the runner relies on, and fills in what nbformat requires and editors leave out. */
    private record Check(Path file) {
        JsonObject notebook(JsonElement element) throws RunException {
            if (!(element instanceof JsonObject notebook)) {
                throw new RunException(
                        RunStatus.BAD_INPUT, "expected a notebook, a JSON object, found " + found(element) + ", in " + file);
            }
            int major = integer(notebook, "nbformat", "the notebook");
            if (major != 4) {
                throw bad("nbformat 4", "nbformat " + major + " (open and save it with Jupyter to convert it)", "the notebook");
            }
            int minor = integer(notebook, "nbformat_minor", "the notebook");
            if (!notebook.has("metadata")) {
                notebook.add("metadata", new JsonObject());
            }
            object(notebook.get("metadata"), "the notebook's metadata");
            JsonArray cells = array(notebook.get("cells"), "the notebook's cells");
            for (int i = 0; i < cells.size(); i++) {
                cell(cells.get(i), "cell " + (i + 1), minor);
            }
            return notebook;
        }

        private void cell(JsonElement element, String where, int minor) throws RunException {
            JsonObject cell = object(element, where);
            JsonElement type = cell.get("cell_type");
            if (!(type instanceof JsonPrimitive name)
                    || !Set.of("code", "markdown", "raw").contains(name.getAsString())) {
                throw bad("a cell_type of code, markdown or raw", found(type), where);
            }
            JsonElement source = cell.get("source");
            if (source instanceof JsonArray lines) {
                for (JsonElement line : lines) {
                    string(line, "the source of " + where);
                }
            } else {
                string(source, "the source of " + where);
            }
            if (!cell.has("metadata")) {
                cell.add("metadata", new JsonObject());
            }
            object(cell.get("metadata"), "the metadata of " + where);
            if (name.getAsString().equals("code")) {
                if (!cell.has("execution_count")) {
                    cell.add("execution_count", JsonNull.INSTANCE);
                }
                if (!cell.has("outputs")) {
                    cell.add("outputs", new JsonArray());
                }
                for (JsonElement output : array(cell.get("outputs"), "the outputs of " + where)) {
                    object(output, "an output of " + where);
                }
            }
            if (minor >= 5 && !cell.has("id")) {
                cell.addProperty("id", UUID.randomUUID().toString().substring(0, 8));
            }
        }

        private void string(JsonElement element, String where) throws RunException {
            if (!(element instanceof JsonPrimitive primitive && primitive.isString())) {
                throw bad("text or a list of text", found(element), where);
            }
        }

        private JsonObject object(JsonElement element, String where) throws RunException {
            if (element instanceof JsonObject object) {
                return object;
            }
            throw bad("an object", found(element), where);
        }

        private JsonArray array(JsonElement element, String where) throws RunException {
            if (element instanceof JsonArray array) {
                return array;
            }
            throw bad("a list", found(element), where);
        }

        private int integer(JsonObject object, String key, String where) throws RunException {
            if (object.get(key) instanceof JsonPrimitive primitive && primitive.isNumber()) {
                try {
                    return Integer.parseInt(primitive.getAsString());
                } catch (NumberFormatException fraction) {
                    // falls through to the error below
                }
            }
            throw bad("a whole number as " + key, found(object.get(key)), where);
        }

        private RunException bad(String expected, String found, String where) {
            return new RunException(
                    RunStatus.BAD_INPUT, "expected " + expected + ", found " + found + ", in " + where + " of " + file);
        }

        private static String found(JsonElement element) {
            if (element == null) {
                return "nothing";
            }
            String text = element.toString();
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }
    }
}
