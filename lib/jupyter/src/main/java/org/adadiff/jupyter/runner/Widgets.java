package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The state of the widgets that a kernel has opened, which goes into the notebook's metadata so that a page can show them, and
 * the one widget that a front end has to play: Output, which takes the outputs of the cells that run inside it.
 */
final class Widgets {
    private static final String MIME = "application/vnd.jupyter.widget-state+json";

    private final Map<String, JsonObject> states = new LinkedHashMap<>();
    private final Map<String, Map<JsonElement, JsonObject>> buffers = new HashMap<>(); // by widget and path
    private final Map<String, OutputWidget> outputs = new HashMap<>();
    private final Map<String, Deque<OutputWidget>> open = new HashMap<>(); // by the request whose outputs they take

    /** Takes a comm message. */
    void accept(Message message) {
        String id = message.text("comm_id");
        JsonObject data = message.object("data");
        if (data.get("state") instanceof JsonObject state) {
            JsonObject known = states.computeIfAbsent(id, widget -> new JsonObject());
            state.entrySet().forEach(member -> known.add(member.getKey(), member.getValue()));
            buffers(id, data, message);
            if (message.type().equals("comm_open") && message.text("target_name").equals("jupyter.widget")
                    && Message.text(state, "_model_module").equals("@jupyter-widgets/output")
                    && Message.text(state, "_model_name").equals("OutputModel")) {
                outputs.put(id, new OutputWidget(id));
            } else if (outputs.containsKey(id) && state.get("msg_id") instanceof JsonPrimitive request) {
                outputs.get(id).capture(request.getAsString());
            }
        }
    }

    private void buffers(String id, JsonObject data, Message message) {
        if (!(data.get("buffer_paths") instanceof JsonArray paths)) {
            return;
        }
        for (int i = 0; i < Math.min(paths.size(), message.buffers().size()); i++) {
            JsonObject buffer = new JsonObject();
            buffer.addProperty("data", Base64.getEncoder().encodeToString(message.buffers().get(i)));
            buffer.addProperty("encoding", "base64");
            buffer.add("path", paths.get(i));
            buffers.computeIfAbsent(id, widget -> new LinkedHashMap<>()).put(paths.get(i), buffer);
        }
    }

    /** The widget that takes the outputs of that request now. */
    Optional<OutputWidget> taker(String request) {
        return Optional.ofNullable(open.get(request)).map(Deque::peek);
    }

    /** What goes into the notebook's metadata; empty if there are no widgets. */
    Optional<JsonObject> metadata() {
        if (states.isEmpty()) {
            return Optional.empty();
        }
        JsonObject models = new JsonObject();
        states.forEach((id, state) -> {
            if (state.has("_model_name")) {
                JsonObject model = new JsonObject();
                if (buffers.containsKey(id)) {
                    JsonArray list = new JsonArray();
                    buffers.get(id).values().forEach(list::add);
                    model.add("buffers", list);
                }
                for (String name : new String[] {"model_module", "model_module_version", "model_name"}) {
                    model.add(name, state.has("_" + name) ? state.get("_" + name) : JsonNull.INSTANCE);
                }
                model.add("state", state);
                models.add(id, model);
            }
        });
        JsonObject widgets = new JsonObject();
        widgets.add("state", models);
        widgets.addProperty("version_major", 2);
        widgets.addProperty("version_minor", 0);
        JsonObject metadata = new JsonObject();
        metadata.add(MIME, widgets);
        return Optional.of(metadata);
    }

    /** An Output widget as the kernel sees it: a list of outputs that the front end keeps. */
    final class OutputWidget {
        private final String id;
        private JsonArray taken = new JsonArray();
        private boolean clearBeforeNext;
        private String request = "";

        OutputWidget(String id) {
            this.id = id;
        }

        private void capture(String newRequest) {
            if (newRequest.isEmpty()) {
                Optional.ofNullable(open.get(request)).ifPresent(Deque::poll);
            } else {
                open.computeIfAbsent(newRequest, key -> new ArrayDeque<>()).push(this);
            }
            request = newRequest;
        }

        /** Takes an output, and tells the kernel. */
        void add(JsonObject captured, Consumer<JsonObject> kernel) {
            JsonObject output = LongText.inMemory(captured).getAsJsonObject();
            if (clearBeforeNext) {
                taken = new JsonArray();
                clearBeforeNext = false;
            }
            JsonObject last = taken.isEmpty() ? new JsonObject() : taken.get(taken.size() - 1).getAsJsonObject();
            if (output.has("text") && last.has("text") && last.get("name").equals(output.get("name"))) {
                last.addProperty("text", MultilineText.join(last.get("text")) + MultilineText.join(output.get("text")));
            } else {
                taken.add(output);
            }
            sync(kernel);
        }

        void clear(boolean wait, Consumer<JsonObject> kernel) {
            if (wait) {
                clearBeforeNext = true;
            } else {
                taken = new JsonArray();
                sync(kernel);
            }
        }

        private void sync(Consumer<JsonObject> kernel) {
            states.get(id).add("outputs", taken.deepCopy());
            JsonObject state = new JsonObject();
            state.add("outputs", taken.deepCopy());
            JsonObject data = new JsonObject();
            data.addProperty("method", "update");
            data.add("state", state);
            data.add("buffer_paths", new JsonArray());
            JsonObject content = new JsonObject();
            content.addProperty("comm_id", id);
            content.add("data", data);
            kernel.accept(content);
        }
    }
}
