package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;

/**
 * One message from the kernel.
 *
 * @param channel the socket it came by
 * @param type such as {@code execute_reply}
 * @param parentId the id of the request it belongs to; empty if it belongs to none
 * @param date when the kernel says it was sent; empty if it does not say
 * @param buffers the bytes that came after the content, for widgets
 */
record Message(
        Channel channel, String type, String parentId, String date, JsonObject content, List<byte[]> buffers) {
    /** A kernel's sockets that carry messages. */
    enum Channel {
        SHELL,
        IOPUB,
        STDIN,
        CONTROL
    }

    static Message of(Channel channel, JsonObject header, JsonObject parent, JsonObject content, List<byte[]> buffers) {
        return new Message(
                channel, text(header, "msg_type"), text(parent, "msg_id"), text(header, "date"), content, buffers);
    }

    /** Whether it has what makes an output of it; a message without that would be lost in silence. */
    boolean isWhole() {
        return switch (type) {
            case "" -> false;
            case "stream" -> LongText.isString(content.get("name")) && MultilineText.isOne(content.get("text"));
            // Some kernels of xeus say null where they have nothing to show
            case "execute_result", "display_data", "update_display_data" -> content.has("data")
                    && (content.get("data").isJsonNull() || content.get("data") instanceof JsonObject);
            case "error" -> LongText.isString(content.get("ename")); // empty in the Bash kernel's
            default -> true;
        };
    }

    /** A text field of the content; empty if it is not there. */
    String text(String field) {
        return text(content, field);
    }

    /** An object field of the content; empty if it is not there. */
    JsonObject object(String field) {
        return content.get(field) instanceof JsonObject object ? object : new JsonObject();
    }

    /** Whether it says that the kernel is in that state. */
    boolean isStatus(String state) {
        return type.equals("status") && text("execution_state").equals(state);
    }

    static String text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value instanceof JsonPrimitive primitive ? primitive.getAsString() : "";
    }
}
