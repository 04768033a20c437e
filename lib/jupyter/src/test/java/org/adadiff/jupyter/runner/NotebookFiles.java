package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Notebooks for tests. */
final class NotebookFiles {
    private NotebookFiles() {}

    /** A code cell with its tags. */
    static JsonObject code(String source, String... tags) {
        JsonObject metadata = new JsonObject();
        if (tags.length > 0) {
            JsonArray list = new JsonArray();
            List.of(tags).forEach(list::add);
            metadata.add("tags", list);
        }
        JsonObject cell = new JsonObject();
        cell.addProperty("cell_type", "code");
        cell.add("execution_count", JsonNull.INSTANCE);
        cell.add("metadata", metadata);
        cell.add("outputs", new JsonArray());
        cell.addProperty("source", source);
        return cell;
    }

    static JsonObject markdown(String source) {
        JsonObject cell = new JsonObject();
        cell.addProperty("cell_type", "markdown");
        cell.add("metadata", new JsonObject());
        cell.addProperty("source", source);
        return cell;
    }

    static Path write(Path file, JsonObject... cells) {
        JsonObject notebook = new JsonObject();
        JsonArray list = new JsonArray();
        List.of(cells).forEach(list::add);
        notebook.add("cells", list);
        notebook.add("metadata", new JsonObject());
        notebook.addProperty("nbformat", 4);
        notebook.addProperty("nbformat_minor", 4);
        return rewrite(file, notebook);
    }

    /** A whole notebook. */
    static Path rewrite(Path file, JsonObject notebook) {
        try {
            return Files.writeString(file, notebook.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path write(Path file, String... sources) {
        return write(file, List.of(sources).stream().map(NotebookFiles::code).toArray(JsonObject[]::new));
    }

    static LongTexts texts() {
        return new LongTexts(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Notebook notebook(Path file) throws RunException {
        return Notebook.read(file, texts(), cell -> { });
    }

    static JsonObject read(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static JsonObject cell(Path file, int number) {
        return read(file).getAsJsonArray("cells").get(number - 1).getAsJsonObject();
    }

    /** A cell's outputs in short: {@code stdout:text}, {@code result 3:text}, {@code display:text}, {@code error:name}. */
    static List<String> outputs(Path file, int number) {
        List<String> outputs = new ArrayList<>();
        for (JsonElement element : cell(file, number).getAsJsonArray("outputs")) {
            JsonObject output = element.getAsJsonObject();
            outputs.add(switch (output.get("output_type").getAsString()) {
                case "stream" -> output.get("name").getAsString() + ":" + MultilineText.join(output.get("text"));
                case "execute_result" -> "result " + output.get("execution_count") + ":" + plain(output);
                case "display_data" -> "display:" + plain(output);
                default -> "error:" + output.get("ename").getAsString();
            });
        }
        return outputs;
    }

    private static String plain(JsonObject output) {
        return MultilineText.join(output.getAsJsonObject("data").get("text/plain"));
    }
}
