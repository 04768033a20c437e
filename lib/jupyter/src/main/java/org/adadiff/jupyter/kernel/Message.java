package org.adadiff.jupyter.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** A message as it came from a frontend; the identities say whom to answer. */
record Message(List<byte[]> identities, JsonObject header, JsonObject content) {

    String type() {
        return header.get("msg_type").getAsString();
    }

    String string(String field) {
        JsonElement value = content.get(field);
        return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    boolean flag(String field, boolean otherwise) {
        JsonElement value = content.get(field);
        return value == null || !value.isJsonPrimitive() ? otherwise : value.getAsBoolean();
    }

    int number(String field, int otherwise) {
        JsonElement value = content.get(field);
        return value == null || !value.isJsonPrimitive() ? otherwise : value.getAsInt();
    }

    JsonObject object(String field) {
        JsonElement value = content.get(field);
        return value == null || !value.isJsonObject() ? new JsonObject() : value.getAsJsonObject();
    }
}
