package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;

/** Text as notebooks hold it: one string, or a list of lines that each keep their line end. */
final class MultilineText {
    private MultilineText() {}

    static String join(JsonElement text) {
        if (text instanceof JsonArray lines) {
            StringBuilder joined = new StringBuilder();
            lines.forEach(line -> joined.append(line.getAsString()));
            return joined.toString();
        }
        return text.getAsString();
    }

    static JsonArray split(CharSequence text) {
        JsonArray lines = new JsonArray();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                lines.add(text.subSequence(start, i + 1).toString());
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.subSequence(start, text.length()).toString());
        }
        return lines;
    }

    /** A bundle of MIME types to data, with the textual ones split into lines as nbformat does on disk. */
    static JsonObject splitBundle(JsonObject data) {
        JsonObject bundle = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
            JsonElement value = entry.getValue();
            boolean text = isText(entry.getKey()) && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            bundle.add(entry.getKey(), text ? split(value.getAsString()) : value);
        }
        return bundle;
    }

    private static boolean isText(String mime) {
        return mime.startsWith("text/") || mime.equals("application/javascript") || mime.equals("image/svg+xml");
    }
}
