package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the messages of one cell into its outputs, by the rules that nbclient set, and keeps so much of the streams' text as
 * a notebook can hold.
 */
final class CellOutputs {
    static final int MAX_STREAM_CHARS = 10 << 20;

    private final Cell cell;
    private final Displays displays;
    private final RunListener listener;
    private boolean clearBeforeNext;
    private JsonObject stream; // the last output, while more of the same stream may follow
    private final StringBuilder streamText = new StringBuilder();
    private CellError error;
    private int streamChars;

    CellOutputs(Cell cell, Displays displays, RunListener listener) {
        this.cell = cell;
        this.displays = displays;
        this.listener = listener;
    }

    /** Takes one message; kinds that make no output are passed over. */
    void accept(Message message) {
        if (message.content().has("execution_count")) {
            cell.setExecutionCount(message.content().get("execution_count"));
        }
        switch (message.type()) {
            case "stream" -> stream(message.text("name"), message.text("text"));
            case "execute_result", "display_data" -> display(message);
            case "update_display_data" -> {
                String id = Message.text(message.object("transient"), "display_id");
                displays.update(id, message);
            }
            case "error" -> error(message);
            case "clear_output" -> {
                if (message.content().get("wait") instanceof JsonPrimitive wait && wait.getAsBoolean()) {
                    clearBeforeNext = true;
                } else {
                    clear();
                }
            }
            default -> { }
        }
    }

    private void stream(String name, String text) {
        if (streamChars >= MAX_STREAM_CHARS) {
            return;
        }
        listener.text(text);
        streamChars += Math.min(text.length(), MAX_STREAM_CHARS - streamChars);
        if (clearBeforeNext || stream == null || !Message.text(stream, "name").equals(name)) {
            JsonObject output = new JsonObject();
            output.addProperty("name", name);
            output.addProperty("output_type", "stream");
            output.add("text", new JsonArray());
            append(output);
            stream = output;
        }
        streamText.append(text);
        if (streamChars == MAX_STREAM_CHARS) {
            String notice = "the cell has written " + MAX_STREAM_CHARS + " characters; what it writes from here on is left out";
            streamText.append("\n[").append(notice).append("]\n");
            listener.notice(notice);
        }
    }

    private void display(Message message) {
        JsonObject output = new JsonObject();
        JsonObject data = message.object("data");
        output.add("data", MultilineText.splitBundle(data));
        if (message.type().equals("execute_result")) {
            JsonElement count = message.content().get("execution_count");
            output.add("execution_count", count == null ? JsonNull.INSTANCE : count);
        }
        output.add("metadata", message.object("metadata"));
        output.addProperty("output_type", message.type());
        String id = Message.text(message.object("transient"), "display_id");
        if (!id.isEmpty()) {
            displays.update(id, message); // displaying an id again rewrites where it stood before
        }
        append(output);
        if (!id.isEmpty()) {
            displays.add(id, output);
        }
        if (data.has("text/plain")) {
            listener.text(MultilineText.join(data.get("text/plain")) + "\n");
        }
    }

    private void error(Message message) {
        List<String> traceback = new ArrayList<>();
        if (message.content().get("traceback") instanceof JsonArray lines) {
            lines.forEach(line -> traceback.add(line.isJsonNull() ? "" : line.getAsString()));
        }
        add(new CellError(message.text("ename"), message.text("evalue"), traceback));
    }

    /** Appends an error output: the kernel's, or the runner's own for a cell that did not end. */
    void add(CellError raised) {
        error = raised;
        JsonObject output = new JsonObject();
        output.addProperty("ename", raised.name());
        output.addProperty("evalue", raised.value());
        output.addProperty("output_type", "error");
        JsonArray traceback = new JsonArray();
        raised.traceback().forEach(traceback::add);
        output.add("traceback", traceback);
        append(output);
    }

    private void append(JsonObject output) {
        seal();
        if (clearBeforeNext) {
            clear();
        }
        cell.outputs().add(output);
    }

    private void clear() {
        stream = null;
        streamText.setLength(0);
        streamChars = 0;
        clearBeforeNext = false;
        displays.forget(cell.outputs());
        cell.json().add("outputs", new JsonArray());
    }

    /** Puts the text of the open stream into its output; to be called before the notebook is written. */
    void seal() {
        if (stream != null) {
            stream.add("text", MultilineText.split(streamText));
            stream = null;
            streamText.setLength(0);
        }
    }

    /** The last error that was output. */
    Optional<CellError> error() {
        return Optional.ofNullable(error);
    }
}
