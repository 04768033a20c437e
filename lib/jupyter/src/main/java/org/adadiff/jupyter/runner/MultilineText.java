package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Map;

/**
 * Text as notebooks hold it: one string, or a list of pieces. On disk a piece is a line with its line end; what came from a
 * kernel is held in the pieces it came in, as a cell may write millions of lines.
 */
final class MultilineText {
    private static final int PIECE = 1 << 16; // chars

    private MultilineText() {}

    static String join(JsonElement text) {
        if (text instanceof JsonArray pieces) {
            StringBuilder joined = new StringBuilder();
            pieces.forEach(piece -> joined.append(piece.getAsString()));
            return joined.toString();
        }
        return text.getAsString();
    }

    static JsonArray split(String text) {
        JsonArray lines = new JsonArray();
        for (int start = 0, end; start < text.length(); start = end) {
            end = lineEnd(text, start);
            lines.add(text.substring(start, end));
        }
        return lines;
    }

    /** Writes a list of pieces as a list of lines; a string stays one. */
    static void write(JsonElement text, JsonWriter json) throws IOException {
        if (!(text instanceof JsonArray pieces)) {
            json.value(text.getAsString());
            return;
        }
        json.beginArray();
        StringBuilder begun = new StringBuilder(); // the end of the piece before: a line that goes on, or may
        for (JsonElement element : pieces) {
            String piece = element.getAsString();
            int start = 0;
            if (!begun.isEmpty() && isLineEnd(begun.charAt(begun.length() - 1))) {
                start = begun.charAt(begun.length() - 1) == '\r' && piece.startsWith("\n") ? 1 : 0;
                json.value(begun.append(piece, 0, start).toString());
                begun.setLength(0);
            }
            for (int end = lineEnd(piece, start); end < piece.length(); end = lineEnd(piece, start)) {
                json.value(begun.append(piece, start, end).toString());
                begun.setLength(0);
                start = end;
            }
            begun.append(piece, start, piece.length());
        }
        if (!begun.isEmpty()) {
            json.value(begun.toString());
        }
        json.endArray();
    }

    /** Where the line that starts there ends, its line end included. */
    private static int lineEnd(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (isLineEnd(text.charAt(i))) {
                return text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            }
        }
        return text.length();
    }

    /** What Python's splitlines, and so nbformat, takes for one. */
    private static boolean isLineEnd(char c) {
        return c >= '\n' && c <= '\r' || c >= '\u001C' && c <= '\u001E' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    /** Puts text at the end of a list of pieces. */
    static final class Builder {
        private final JsonArray pieces = new JsonArray();
        private final StringBuilder last = new StringBuilder();

        void append(String text) {
            if (last.length() + text.length() > PIECE) {
                flush();
            }
            if (text.length() > PIECE) {
                pieces.add(text);
            } else {
                last.append(text);
            }
        }

        /** All of the text so far; what is appended later goes into the same list. */
        JsonArray pieces() {
            flush();
            return pieces;
        }

        private void flush() {
            if (!last.isEmpty()) {
                pieces.add(last.toString());
                last.setLength(0);
            }
        }
    }

    /** A bundle of MIME types to data, with the textual ones as lists, which are split into lines on disk as nbformat does. */
    static JsonObject bundle(JsonObject data) {
        JsonObject bundle = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
            JsonElement value = entry.getValue();
            if (isText(entry.getKey()) && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
                JsonArray pieces = new JsonArray();
                pieces.add(value);
                value = pieces;
            }
            bundle.add(entry.getKey(), value);
        }
        return bundle;
    }

    static boolean isText(String mime) {
        return mime.startsWith("text/") || mime.equals("application/javascript") || mime.equals("image/svg+xml");
    }
}
