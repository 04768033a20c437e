package org.adadiff.jupyter.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongTextsTest {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    @TempDir
    private Path folder;

    /** Characters that JSON escapes, some that UTF-16 takes two for, and halves of such ones. */
    private static String text(int length, Random random) {
        int[] characters = {'a', '"', '\\', '\n', '\r', 0, 0x1F, 0x7F, 'ü', 0x2028, 0xFFFF, 0x1F600, 0xD83D, '{', ':', ']'};
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    private static JsonObject nested(Random random) {
        JsonArray list = new JsonArray();
        for (int length : new int[] {0, 5, LongTexts.PIECE - 1, LongTexts.PIECE, LongTexts.PIECE + 1, 300_000}) {
            JsonObject object = new JsonObject();
            object.addProperty("text " + length, text(length, random));
            object.addProperty("number", 1.5);
            list.add(object);
        }
        JsonObject json = new JsonObject();
        json.add("list", list);
        json.add("nothing", null);
        return json;
    }

    /** As Gson writes it, but for halves of characters, which UTF-8 has none for. */
    private static String json(JsonElement element) {
        return Pattern.compile("(?<![\\ud800-\\udbff])[\\udc00-\\udfff]|[\\ud800-\\udbff](?![\\udc00-\\udfff])")
                .matcher(GSON.toJson(element)).replaceAll(half -> String.format("\\\\u%04x", (int) half.group().charAt(0)));
    }

    @Test
    void longStringsAreReadAndWrittenAsGsonDoesIt() throws IOException {
        JsonObject expected = nested(new Random(1));
        String json = json(expected);
        try (LongTexts texts = new LongTexts(folder)) {
            JsonElement kept = texts.parse(new StringReader(json));
            assertEquals(expected, LongText.inMemory(kept));
            JsonPrimitive last = kept.getAsJsonObject().getAsJsonArray("list").get(5).getAsJsonObject().getAsJsonPrimitive("text 300000");
            assertFalse(last.isString(), "it is kept");
            assertTrue(LongText.isString(last));
            StringWriter written = new StringWriter();
            GSON.toJson(kept, new PieceWriter(written, written));
            assertEquals(expected, JsonParser.parseString(written.toString()));
            assertEquals(json, written.toString().replaceAll("\n *", "").replace("\": ", "\":"), "with the same escapes");
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(0, files.count(), "its file has no name");
            }
        }
    }

    @Test
    void longStructuresOfDataAreReadAndWrittenAsGsonDoesIt() throws IOException {
        JsonArray numbers = new JsonArray();
        new Random(2).doubles(50_000).forEach(numbers::add);
        JsonObject figure = nested(new Random(1));
        figure.add("numbers", numbers);
        figure.add("none", new JsonArray());
        JsonObject data = new JsonObject();
        data.add("application/json", figure);
        data.add("application/small+json", new JsonArray());
        data.addProperty("text/plain", "figure");
        JsonObject expected = new JsonObject();
        expected.add("data", data);
        expected.add("metadata", new JsonObject());
        StringWriter json = new StringWriter();
        GSON.toJson(expected, new PieceWriter(json, json));
        try (LongTexts texts = new LongTexts(folder)) {
            JsonObject kept = texts.parse(new StringReader(json.toString())).getAsJsonObject();
            JsonPrimitive structure = kept.getAsJsonObject("data").getAsJsonPrimitive("application/json");
            assertTrue(structure.getAsNumber() instanceof LongStructure, "it is kept");
            assertEquals(json(figure), structure.getAsString());
            assertEquals(expected, LongText.inMemory(kept));
            StringWriter written = new StringWriter();
            GSON.toJson(kept, new PieceWriter(written, written));
            assertEquals(json.toString(), written.toString());
        }
    }

    @Test
    void numbersThatJsonHasNoneForStayWhatTheyAre() throws IOException {
        String json = "{\"data\":{\"short\":[NaN,-Infinity,\"NaN\"],\"long\":[" + "-1,NaN,".repeat(LongTexts.PIECE) + "Infinity]},\"other\":{\"x\":Infinity}}";
        try (LongTexts texts = new LongTexts(folder)) {
            JsonObject kept = texts.parse(new StringReader(json)).getAsJsonObject();
            assertTrue(kept.getAsJsonObject("data").getAsJsonPrimitive("long").getAsNumber() instanceof LongStructure, "it is kept");
            StringWriter written = new StringWriter();
            PieceWriter writer = new PieceWriter(written, written);
            writer.setFormattingStyle(FormattingStyle.COMPACT);
            GSON.toJson(kept, writer);
            assertEquals(json, written.toString());
            assertEquals(json, LongText.inMemory(kept).toString());
            assertThrows(JsonParseException.class, () -> texts.parse(new StringReader("[NaN NaN]")));
        }
    }

    @Test
    void onlyOutputsOfNotebooksAreTakenOut() throws RunException {
        String text = "x".repeat(LongTexts.PIECE + 1);
        JsonObject code = NotebookFiles.code(text, text);
        JsonObject output = new JsonObject();
        output.addProperty("output_type", "stream");
        output.addProperty("text", text);
        code.getAsJsonArray("outputs").add(output);
        Cell cell = NotebookFiles.notebook(NotebookFiles.write(folder.resolve("n.ipynb"), code)).cells().get(0);
        assertTrue(cell.json().getAsJsonPrimitive("source").isString());
        assertTrue(cell.metadata().getAsJsonArray("tags").get(0).getAsJsonPrimitive().isString());
        JsonPrimitive kept = cell.outputs().get(0).getAsJsonObject().getAsJsonPrimitive("text");
        assertFalse(kept.isString());
        assertEquals(text, kept.getAsString());
    }

    @Test
    void brokenStringsAreRefused() {
        try (LongTexts texts = new LongTexts(folder)) {
            String begun = "{\"a\":\"" + "x".repeat(LongTexts.PIECE);
            assertThrows(JsonParseException.class, () -> texts.parse(new StringReader(begun)));
            assertThrows(JsonParseException.class, () -> texts.parse(new StringReader(begun + "\\u00xy\"}")));
            String data = "{\"data\":{\"application/json\":[" + "1,".repeat(LongTexts.PIECE);
            assertThrows(JsonParseException.class, () -> texts.parse(new StringReader(data)));
            assertThrows(JsonParseException.class, () -> texts.parse(new StringReader(data + "1]}} {}")));
        }
    }
}
