package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Turns the messages of one cell into its outputs, by the rules that nbclient set. */
final class CellOutputs {
    private final int index; // of the cell, among all
    private final Cell cell;
    private final Displays displays;
    private final Widgets widgets;
    private final RunListener listener;
    private final Consumer<JsonObject> comm; // sends a comm_msg of that content to the kernel
    private final OptionalLong limit; // characters that the streams may take, and each form of a display
    private final LongTexts texts;
    private boolean clearBeforeNext;
    private String streamName = ""; // of the last output, while more of the same stream may follow
    private MultilineText.Builder streamText;
    private long streamChars;
    private boolean toldOfDisplays; // that are too long
    private CellError error;

    CellOutputs(int index, Cell cell, Displays displays, Widgets widgets, RunListener listener, Consumer<JsonObject> comm,
            OptionalLong limit, LongTexts texts) {
        this.index = index;
        this.cell = cell;
        this.displays = displays;
        this.widgets = widgets;
        this.listener = listener;
        this.comm = comm;
        this.limit = limit;
        this.texts = texts;
    }

    /** Takes one message; kinds that make no output are passed over. */
    void accept(Message message) {
        if (message.content().has("execution_count")) {
            cell.setExecutionCount(message.content().get("execution_count"));
        }
        switch (message.type()) {
            case "stream" -> MultilineText.forEachPiece(message.content().get("text"), text -> stream(message, text));
            case "execute_result", "display_data" -> display(message);
            case "update_display_data" -> displays.update(displayId(message), data(message), message.object("metadata"), index, cell.outputs());
            case "error" -> error(message);
            case "clear_output" -> {
                boolean wait = message.content().get("wait") instanceof JsonPrimitive value && value.getAsBoolean();
                widgets.taker(message.parentId()).ifPresentOrElse(widget -> widget.clear(wait, comm), () -> clear(wait));
            }
            case "comm_open", "comm_msg" -> widgets.accept(message);
            default -> { }
        }
    }

    private void stream(Message message, String text) {
        String name = message.text("name");
        listener.text(text);
        Optional<Widgets.OutputWidget> taker = widgets.taker(message.parentId());
        if (taker.isPresent()) {
            JsonObject output = streamOutput(name);
            output.addProperty("text", text);
            taker.get().add(output, comm);
            return;
        }
        if (limit.isPresent() && streamChars >= limit.getAsLong()) {
            return;
        }
        if (clearBeforeNext || streamText == null || !streamName.equals(name)) {
            JsonObject output = streamOutput(name);
            append(output);
            streamName = name;
            streamText = new MultilineText.Builder(texts);
            output.add("text", streamText.strings());
        }
        if (limit.isPresent() && streamChars + text.length() >= limit.getAsLong()) {
            String notice = "the cell has written " + limit.getAsLong() + " characters; what it writes from here on is left out";
            streamText.append(text.substring(0, (int) (limit.getAsLong() - streamChars)) + "\n[" + notice + "]\n");
            streamChars = limit.getAsLong();
            listener.notice(notice);
        } else {
            streamChars += text.length();
            streamText.append(text);
        }
    }

    private static JsonObject streamOutput(String name) {
        JsonObject output = new JsonObject();
        output.addProperty("name", name);
        output.addProperty("output_type", "stream");
        return output;
    }

    private void display(Message message) {
        String id = displayId(message);
        JsonObject data = data(message);
        if (!id.isEmpty()) {
            displays.update(id, data, message.object("metadata"), index, cell.outputs()); // displaying an id again rewrites where it stood before
        }
        JsonObject output = new JsonObject();
        output.add("data", data);
        if (message.type().equals("execute_result")) {
            JsonElement count = message.content().get("execution_count");
            output.add("execution_count", count == null ? JsonNull.INSTANCE : count);
        }
        output.add("metadata", message.object("metadata"));
        output.addProperty("output_type", message.type());
        if (MultilineText.isOne(data.get("text/plain"))) {
            MultilineText.forEachPiece(data.get("text/plain"), listener::text);
            listener.text("\n");
        }
        Optional<Widgets.OutputWidget> taker = widgets.taker(message.parentId());
        if (taker.isPresent()) {
            taker.get().add(output, comm);
            return;
        }
        output.add("data", MultilineText.bundle(data));
        append(output);
        if (!id.isEmpty()) {
            displays.add(id, index, cell.outputs().size() - 1);
        }
    }

    /** Without the forms that are longer than what is kept of an output: half of a picture or a page shows nothing. */
    private JsonObject data(Message message) {
        JsonObject data = message.object("data");
        List<String> tooLong = data.entrySet().stream().filter(form -> limit.isPresent() && LongText.length(form.getValue()) > limit.getAsLong())
                .map(Map.Entry::getKey).toList();
        if (!tooLong.isEmpty()) {
            String notice = "left out of a display, as longer than " + limit.getAsLong() + " characters: " + String.join(", ", tooLong);
            if (!toldOfDisplays) { // a progress bar may come a thousand times
                listener.notice(notice);
                toldOfDisplays = true;
            }
            tooLong.forEach(data::remove);
            if (!data.has("text/plain")) {
                data.addProperty("text/plain", "[" + notice + "]");
            }
        }
        return data;
    }

    private static String displayId(Message message) {
        return Message.text(message.object("transient"), "display_id");
    }

    private void error(Message message) {
        List<String> traceback = new ArrayList<>();
        if (message.content().get("traceback") instanceof JsonArray lines) {
            lines.forEach(line -> traceback.add(line.isJsonNull() ? "" : line.getAsString()));
        }
        CellError raised = new CellError(message.text("ename"), message.text("evalue"), traceback);
        widgets.taker(message.parentId()).ifPresentOrElse(widget -> widget.add(output(raised), comm), () -> add(raised));
    }

    /** Appends an error output: the kernel's, or the runner's own for a cell that did not end. */
    void add(CellError raised) {
        error = raised;
        append(output(raised));
    }

    private static JsonObject output(CellError raised) {
        JsonObject output = new JsonObject();
        output.addProperty("ename", raised.name());
        output.addProperty("evalue", raised.value());
        output.addProperty("output_type", "error");
        JsonArray traceback = new JsonArray();
        raised.traceback().forEach(traceback::add);
        output.add("traceback", traceback);
        return output;
    }

    private void append(JsonObject output) {
        seal();
        if (clearBeforeNext) {
            clear(false);
        }
        cell.outputs().add(output);
    }

    private void clear(boolean wait) {
        clearBeforeNext = wait;
        if (!wait) {
            seal();
            streamChars = 0;
            displays.forget(index);
            cell.json().add("outputs", new JsonArray());
        }
    }

    /** Ends the open stream; to be called before the notebook is written. */
    void seal() {
        if (streamText != null) {
            streamText.strings();
            streamText = null;
        }
    }

    /** The last error that was output. */
    Optional<CellError> error() {
        return Optional.ofNullable(error);
    }
}
