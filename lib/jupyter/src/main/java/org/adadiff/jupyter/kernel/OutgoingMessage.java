package org.adadiff.jupyter.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;

/** A message to be sent. */
record OutgoingMessage(Channel channel, List<byte[]> identities, String type, JsonObject parentHeader, JsonObject content) {
    private static final int LARGE_CHARS = 1 << 20;

    /** Whether it shows something that may take more memory than there is when it is encoded. */
    boolean isLargeOutput() {
        return channel == Channel.IOPUB && chars(content) >= LARGE_CHARS;
    }

    /** What is sent in its place if it does. */
    OutgoingMessage leftOut() {
        JsonObject words = new JsonObject();
        words.addProperty("name", "stderr");
        words.addProperty("text", "[an output of " + chars(content) + " characters (" + type
                + ") is left out: to send it takes more memory than the kernel has]\n");
        return new OutgoingMessage(channel, identities, "stream", parentHeader, words);
    }

    private static long chars(JsonElement json) {
        if (json instanceof JsonObject object) {
            return object.asMap().values().stream().mapToLong(OutgoingMessage::chars).sum();
        }
        if (json instanceof JsonArray array) {
            return array.asList().stream().mapToLong(OutgoingMessage::chars).sum();
        }
        return json instanceof JsonPrimitive primitive && primitive.isString() ? primitive.getAsString().length() : 0;
    }
}
