package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Checks what the runner relies on, and fills in what nbformat requires and editors leave out.
 *
 * @param file the notebook, for messages
 * @param repairs gets what was put right
 */
record NotebookCheck(Path file, List<String> repairs) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    RunException noNotebook(JsonElement found) {
        return new RunException(
                RunStatus.BAD_INPUT, "expected a notebook, a JSON object, found " + found(found) + ", in " + file);
    }

    JsonObject notebook(JsonObject notebook) throws RunException {
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
        Set<JsonElement> ids = new HashSet<>();
        for (int i = 0; minor >= 5 && i < cells.size(); i++) {
            JsonObject cell = cells.get(i).getAsJsonObject();
            boolean forbidden = !(cell.get("id") instanceof JsonPrimitive id && id.isString() && ID.matcher(id.getAsString()).matches());
            if (cell.has("id") && (forbidden || !ids.add(cell.get("id")))) { // the latter as nbformat does, which says so too
                repairs.add("cell " + (i + 1) + " of " + file + " has " + (forbidden ? "an id that nbformat forbids, " : "the id of another, ")
                        + cell.remove("id") + ", and is given one of its own");
            }
            if (!cell.has("id")) { // one that the next run gives it too, for stable diffs
                byte[] seed = (i + cell.get("source").toString()).getBytes(StandardCharsets.UTF_8);
                cell.addProperty("id", UUID.nameUUIDFromBytes(seed).toString().substring(0, 8));
            }
        }
        return notebook;
    }

    void cell(JsonElement element, String where) throws RunException {
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
