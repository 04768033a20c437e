package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Text as notebooks hold it: one string, or a list of pieces. On disk a piece is a line with its line end; what came from a
 * kernel is held in the pieces it came in, as a cell may write millions of lines.
 */
final class MultilineText {
    private MultilineText() {}

    static boolean isOne(JsonElement element) {
        return LongText.isString(element)
                || element instanceof JsonArray pieces && StreamSupport.stream(pieces.spliterator(), false).allMatch(LongText::isString);
    }

    static String join(JsonElement text) {
        if (text instanceof JsonArray pieces) {
            StringBuilder joined = new StringBuilder();
            pieces.forEach(piece -> joined.append(piece.getAsString()));
            return joined.toString();
        }
        return text.getAsString();
    }

    /** Shows all of the text, no more than a piece at a time. */
    static void forEachPiece(JsonElement text, Consumer<String> consumer) {
        if (text instanceof JsonArray list) {
            list.forEach(string -> LongText.pieces(string).forEach(consumer));
        } else {
            LongText.pieces(text).forEach(consumer);
        }
    }

    static JsonArray split(String text) {
        JsonArray lines = new JsonArray();
        for (int start = 0, end; start < text.length(); start = end) {
            end = lineEnd(text, start);
            lines.add(text.substring(start, end));
        }
        return lines;
    }

    /** Writes a list of strings as a list of lines. */
    static void writeLines(JsonArray strings, PieceWriter json) throws IOException {
        json.beginArray();
        boolean open = false; // a line has been begun
        char last = 0;
        for (JsonElement string : strings) {
            for (String piece : LongText.pieces(string)) {
                int start = 0;
                if (open && isLineEnd(last) && !piece.isEmpty()) {
                    start = last == '\r' && piece.charAt(0) == '\n' ? 1 : 0;
                    json.append(piece, 0, start);
                    json.end();
                    open = false;
                }
                while (start < piece.length()) {
                    if (!open) {
                        json.begin();
                    }
                    int end = lineEnd(piece, start);
                    json.append(piece, start, end);
                    open = end == piece.length(); // a line that goes on, or may
                    if (!open) {
                        json.end();
                    }
                    start = end;
                }
                last = piece.isEmpty() ? last : piece.charAt(piece.length() - 1);
            }
        }
        if (open) {
            json.end();
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

    /** Puts text at the end of a list of strings, of which all but the last are kept in a file when there are many. */
    static final class Builder {
        private final LongTexts texts;
        private final JsonArray strings = new JsonArray();
        private final StringBuilder last = new StringBuilder();

        Builder(LongTexts texts) {
            this.texts = texts;
        }

        void append(String text) {
            last.append(text);
            if (last.length() >= LongTexts.PIECE) {
                strings.add(new JsonPrimitive(texts.keep(last)));
                last.setLength(0);
            }
        }

        /** All of the text so far; what is appended later goes into the same list. */
        JsonArray strings() {
            if (!last.isEmpty()) {
                strings.add(last.toString());
                last.setLength(0);
            }
            return strings;
        }
    }

    /** A bundle of MIME types to data, with the textual ones as lists, which are split into lines on disk as nbformat does. */
    static JsonObject bundle(JsonObject data) {
        JsonObject bundle = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : data.entrySet()) {
            JsonElement value = entry.getValue();
            if (isText(entry.getKey()) && LongText.isString(value)) {
                JsonArray strings = new JsonArray();
                strings.add(value);
                value = strings;
            }
            bundle.add(entry.getKey(), value);
        }
        return bundle;
    }

    static boolean isText(String mime) {
        return mime.startsWith("text/") || mime.equals("application/javascript") || mime.equals("image/svg+xml");
    }
}
