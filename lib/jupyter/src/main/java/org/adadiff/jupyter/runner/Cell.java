package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;

/** One cell of a notebook: a view of its JSON, which keeps whatever else stands there. */
final class Cell {
    private final JsonObject json;

    Cell(JsonObject json) {
        this.json = json;
    }

    JsonObject json() {
        return json;
    }

    String type() {
        return json.get("cell_type").getAsString();
    }

    boolean isCode() {
        return type().equals("code");
    }

    String source() {
        return MultilineText.join(json.get("source"));
    }

    JsonObject metadata() {
        return json.getAsJsonObject("metadata");
    }

    boolean hasTag(String tag) {
        return tags().contains(tag);
    }

    List<String> tags() {
        return metadata().get("tags") instanceof JsonArray tags
                ? tags.asList().stream().filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString).toList()
                : List.of();
    }

    JsonArray outputs() {
        return json.getAsJsonArray("outputs");
    }

    /** Whether it would do anything if it ran. */
    boolean isToRun() {
        return isCode() && !source().isBlank() && !hasTag("skip-execution");
    }

    /** Forgets what an earlier run left. */
    void clear() {
        json.add("outputs", new JsonArray());
        json.add("execution_count", JsonNull.INSTANCE);
        metadata().remove("execution");
    }

    void dropOutputs() {
        if (isCode()) {
            json.add("outputs", new JsonArray());
        }
    }

    /** The kernel's count; 0 if there is none. */
    int executionCount() {
        return json.get("execution_count") instanceof JsonPrimitive count && count.isNumber() ? count.getAsInt() : 0;
    }

    void setExecutionCount(JsonElement count) {
        json.add("execution_count", count);
    }

    /** The {@code metadata.execution} object, made when it is not there. */
    JsonObject execution() {
        if (!(metadata().get("execution") instanceof JsonObject)) {
            metadata().add("execution", new JsonObject());
        }
        return metadata().getAsJsonObject("execution");
    }
}
