package org.adadiff.jupyter.runner;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes notebooks as nbformat does: indent 1, non-ASCII kept, a newline at the end. Cells are written one by one, as a
 * notebook's outputs may be larger than the memory.
 */
final class NotebookWriter {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final String CELLS = "\u0000cells\u0000";

    private NotebookWriter() {}

    /** Writes a whole notebook, atomically. */
    static void write(Notebook notebook, Path file) throws IOException {
        AtomicFile.write(file, writer -> {
            Frame frame = Frame.of(notebook);
            writer.write(frame.head());
            List<Cell> cells = notebook.cells();
            for (int i = 0; i < cells.size(); i++) {
                cell(cells.get(i), i, writer);
            }
            writer.write(frame.foot());
        });
    }

    /** Writes a cell as it stands in the list of cells, with the comma before it. */
    static void cell(Cell cell, int index, Writer writer) throws IOException {
        writer.write(index == 0 ? "\n  " : ",\n  ");
        PieceWriter json = new PieceWriter(new FilterWriter(writer) {
            @Override
            public void write(int c) throws IOException {
                out.write(c);
                if (c == '\n') {
                    out.write("  "); // a line end in JSON is never inside a string
                }
            }

            @Override
            public void write(String text, int offset, int length) throws IOException {
                int line = text.indexOf('\n', offset);
                if (line < 0 || line >= offset + length) {
                    out.write(text, offset, length);
                } else {
                    out.write(text, offset, line + 1 - offset);
                    out.write("  ");
                    write(text, line + 1, offset + length - line - 1);
                }
            }
        }, writer);
        json.beginObject();
        for (Map.Entry<String, JsonElement> member : cell.json().entrySet()) {
            json.name(member.getKey());
            if (member.getKey().equals("outputs")) {
                json.beginArray();
                for (JsonElement output : member.getValue().getAsJsonArray()) {
                    output(output.getAsJsonObject(), json);
                }
                json.endArray();
            } else {
                GSON.toJson(member.getValue(), json);
            }
        }
        json.endObject();
        json.flush();
    }

    private static void output(JsonObject output, PieceWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, JsonElement> member : output.entrySet()) {
            json.name(member.getKey());
            if (member.getKey().equals("text") && member.getValue() instanceof JsonArray strings) {
                MultilineText.writeLines(strings, json);
            } else if (member.getKey().equals("data") && member.getValue() instanceof JsonObject bundle) {
                json.beginObject();
                for (Map.Entry<String, JsonElement> datum : bundle.entrySet()) {
                    json.name(datum.getKey());
                    if (MultilineText.isText(datum.getKey()) && datum.getValue() instanceof JsonArray strings) {
                        MultilineText.writeLines(strings, json);
                    } else {
                        GSON.toJson(datum.getValue(), json);
                    }
                }
                json.endObject();
            } else {
                GSON.toJson(member.getValue(), json);
            }
        }
        json.endObject();
    }

    /**
     * A notebook without its cells.
     *
     * @param head the text before the first cell
     * @param foot the text after the last
     */
    record Frame(String head, String foot) {
        static Frame of(Notebook notebook) {
            JsonObject frame = new JsonObject();
            notebook.json().entrySet().forEach(member -> frame.add(
                    member.getKey(), member.getKey().equals("cells") ? new JsonPrimitive(CELLS) : member.getValue()));
            StringWriter text = new StringWriter();
            GSON.toJson(frame, new PieceWriter(text, text));
            String mark = GSON.toJson(CELLS);
            int place = text.toString().indexOf(mark);
            return new Frame(
                    text.toString().substring(0, place) + "[",
                    (notebook.cells().isEmpty() ? "]" : "\n ]") + text.toString().substring(place + mark.length()) + "\n");
        }
    }
}
