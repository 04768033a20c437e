package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotebookTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("n.ipynb"), text);
    }

    private String refusal(String text) throws IOException {
        Path file = file(text);
        RunException refused = assertThrows(RunException.class, () -> NotebookFiles.notebook(file));
        assertEquals(RunStatus.BAD_INPUT, refused.status());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
        return refused.getMessage().replace(file.toString(), "FILE");
    }

    @Test
    void whatIsReadIsWrittenByteByByte() throws IOException, RunException {
        String text = """
                {
                 "nbformat": 4,
                 "zebra": {
                  "deep": [
                   1.50,
                   -1.5e-7,
                   1e400,
                   NaN,
                   Infinity,
                   -Infinity,
                   "NaN",
                   12345678901234567890,
                   null,
                   true,
                   {}
                  ]
                 },
                 "metadata": {
                  "title": "für <b>'α'</b> & 😀\\u2028"
                 },
                 "nbformat_minor": 4,
                 "cells": [
                  {
                   "source": [
                    "a\\n",
                    "b"
                   ],
                   "metadata": {},
                   "cell_type": "markdown"
                  },
                  {
                   "cell_type": "code",
                   "unknown": "kept",
                   "execution_count": null,
                   "metadata": {
                    "limits": [
                     -Infinity,
                     -1
                    ]
                   },
                   "outputs": [
                    {
                     "output_type": "display_data",
                     "data": {
                      "application/json": {
                       "loss": NaN,
                       "name": "-Infinity"
                      }
                     },
                     "metadata": {}
                    }
                   ],
                   "source": "x = 1"
                  }
                 ]
                }
                """;
        Path out = folder.resolve("deep/er/out.ipynb");
        NotebookWriter.write(NotebookFiles.notebook(file(text)), out);
        assertEquals(text, Files.readString(out));
    }

    @Test
    void halvesOfCharactersStayAndHaveAPage() throws IOException, RunException {
        String half = "x".repeat(LongTexts.PIECE - 1) + "😀\\ud800";
        String text = ("""
                {
                 "cells": [
                  {
                   "cell_type": "code",
                   "execution_count": null,
                   "metadata": {
                    "\\udc00": "\\ud800"
                   },
                   "outputs": [
                    {
                     "name": "stdout",
                     "output_type": "stream",
                     "text": [
                      "a\\ud800b 😀\\udc00\\n",
                      "\\ud800\\ud800😀\\n",
                      "HALF"
                     ]
                    }
                   ],
                   "source": "1 # \\ud800\\"\\udfff"
                  }
                 ],
                 "metadata": {
                  "a": "\\ud83d"
                 },
                 "nbformat": 4,
                 "nbformat_minor": 4
                }
                """).replace("HALF", half);
        Path out = folder.resolve("out.ipynb");
        NotebookWriter.write(NotebookFiles.notebook(file(text)), out);
        assertEquals(text, Files.readString(out));
        SavedNotebook saved = new SavedNotebook(NotebookFiles.notebook(out), out, SavedNotebook.parts(out), NotebookFiles.texts());
        saved.save(0, Map.of());
        saved.finish(Map.of());
        assertEquals(text, Files.readString(out));
        AtomicFile.write(folder.resolve("page.html"), writer -> writer.write("<p>\ud800</p>"));
        assertEquals("<p>?</p>", Files.readString(folder.resolve("page.html")), "HTML has no such escape");
    }

    @Test
    void idsAreAddedWhereTheFormatRequiresThemAndNowhereElse() throws IOException, RunException {
        String cells = "\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"metadata\":{},\"source\":\"\"}]}";
        Cell old = NotebookFiles.notebook(file("{\"nbformat\":4,\"nbformat_minor\":4," + cells)).cells().get(0);
        assertFalse(old.json().has("id"));
        assertEquals(0, old.outputs().size(), "outputs are required of a code cell");
        Cell modern = NotebookFiles.notebook(file("{\"nbformat\":4,\"nbformat_minor\":5," + cells)).cells().get(0);
        assertTrue(modern.json().get("id").getAsString().matches("[a-zA-Z0-9_-]{1,64}"));
    }

    /** nbformat's validator refuses such a file; its reader, and so nbclient, changes the later one and warns. */
    @Test
    void cellsOfTheSameIdGetOneOfTheirOwn() throws IOException, RunException {
        String cell = "{\"cell_type\":\"raw\",\"metadata\":{},\"source\":\"\",\"id\":\"a\"}";
        String start = "{\"nbformat\":4,\"metadata\":{},\"cells\":[" + cell + "," + cell + "],\"nbformat_minor\":";
        Notebook repaired = NotebookFiles.notebook(file(start + "5}"));
        List<String> ids = repaired.cells().stream().map(one -> one.json().get("id").getAsString()).toList();
        assertEquals("a", ids.get(0));
        assertTrue(ids.get(1).matches("[0-9a-f]{8}"), ids.toString());
        assertEquals(1, repaired.repairs().size());
        assertTrue(repaired.repairs().get(0).startsWith("cell 2 of " + folder.resolve("n.ipynb") + " has the id of another, \"a\""));
        assertEquals(List.of(), NotebookFiles.notebook(file(start + "4}")).repairs(), "ids mean nothing there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a b/ü\"", "\"\"", "5", "null", "[\"a\"]", "\"a\\n\"",
        "\"12345678901234567890123456789012345678901234567890123456789012345\""})
    void idThatTheFormatForbidsIsReplaced(String id) throws IOException, RunException {
        String start = "{\"nbformat\":4,\"metadata\":{},\"cells\":[{\"cell_type\":\"raw\",\"metadata\":{},\"source\":\"\",\"id\":" + id + "}],\"nbformat_minor\":";
        Notebook repaired = NotebookFiles.notebook(file(start + "5}"));
        assertTrue(repaired.cells().get(0).json().get("id").getAsString().matches("[0-9a-f]{8}"));
        assertEquals(List.of("cell 1 of " + folder.resolve("n.ipynb") + " has an id that nbformat forbids, " + JsonParser.parseString(id)
                + ", and is given one of its own"), repaired.repairs());
        Notebook old = NotebookFiles.notebook(file(start + "4}"));
        assertEquals(JsonParser.parseString(id), old.cells().get(0).json().get("id"));
        assertEquals(List.of(), old.repairs());
    }

    @Test
    void badFilesAreRefusedWithWhatWasExpectedAndFoundAndWhere() throws IOException {
        assertTrue(refusal("{\"cells\": [").startsWith("expected a notebook in JSON, found broken JSON, in FILE: "));
        assertEquals("expected a notebook, a JSON object, found [1], in FILE", refusal("[1]"));
        assertEquals("expected a notebook in JSON, found an empty file: FILE", refusal(" \n"));
        assertEquals(
                "expected a notebook in JSON, found broken JSON, in FILE: malformed JSON at line 1 column 5 path $",
                refusal("{} trailing"));
        assertEquals(
                "expected nbformat 4, found nbformat 3 (open and save it with Jupyter to convert it), in the notebook of FILE",
                refusal("{\"nbformat\":3,\"nbformat_minor\":0,\"worksheets\":[]}"));
        assertEquals(
                "expected a whole number as nbformat, found nothing, in the notebook of FILE", refusal("{}"));
        assertEquals(
                "expected a list, found nothing, in the notebook's cells of FILE",
                refusal("{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{}}"));
        String start = "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[";
        assertEquals(
                "expected a cell_type of code, markdown or raw, found \"sql\", in cell 1 of FILE",
                refusal(start + "{\"cell_type\":\"sql\"}]}"));
        assertEquals(
                "expected text or a list of text, found 3, in the source of cell 2 of FILE",
                refusal(start + "{\"cell_type\":\"raw\",\"source\":[]},{\"cell_type\":\"code\",\"source\":[3]}]}"));
        Path missing = folder.resolve("missing.ipynb");
        assertEquals("no such notebook: " + missing, assertThrows(RunException.class, () -> NotebookFiles.notebook(missing)).getMessage());
        Path binary = folder.resolve("binary.ipynb");
        Files.write(binary, "{\"ü\":1}".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                "expected UTF-8 text, found other bytes, in " + binary,
                assertThrows(RunException.class, () -> NotebookFiles.notebook(binary)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{outputs: []}", "{'outputs': []}", "{/* c */ \"outputs\": []}", "{\"a\": \"x\ny\"}", "{\"a\": \"\\x\"}", "{\"a\": [1,]}", "{\"a\"= 1}",
        "{\"a\": TRUE}", "{\"a\": True}", "{\"a\": NULL}", "{\"a\": \"\\'\"}", "{\"a\": yes}", "{\"a\": 0x1}", "{\"a\": NaNs}", "{\"a\": 1, NaN: 1}", "{\"a\": NAN}", "{\"a\": -NaN}", "{\"a\": 01}", "{\"a\": 1; \"b\": 2}"})
    void whatIsNoJsonIsRefusedWhereverItStands(String broken) throws IOException {
        String output = "[{\"output_type\":\"display_data\",\"metadata\":{},\"data\":{\"application/json\":" + broken + "}}]";
        for (String place : List.of("\"metadata\":" + broken, "\"metadata\":{\"a\":[" + broken + "]}", "\"metadata\":{},\"outputs\":" + output)) {
            String notebook = "{\"nbformat\":4,\"nbformat_minor\":4,\"metadata\":{},\n\"cells\":[{\"cell_type\":\"code\",\"source\":\"\"," + place + "}]}";
            String refusal = refusal(notebook);
            assertTrue(refusal.startsWith("expected a notebook in JSON, found broken JSON, in FILE: "), refusal);
            assertTrue(refusal.matches("(?s).* at line [23] column \\d+ path \\$.*"), refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\\x", "\u0001", "\\\n"})
    void longStringThatIsNoJsonIsRefused(String broken) throws IOException {
        String text = "x".repeat(LongTexts.PIECE);
        for (String string : List.of(text + broken + "x", text + text + broken, broken + text)) {
            String refusal = refusal("{\"nbformat\":4,\"nbformat_minor\":4,\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"source\":\"\","
                    + "\"outputs\":[{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"" + string + "\"}]}]}");
            assertTrue(refusal.startsWith("expected a notebook in JSON, found broken JSON, in FILE: "), refusal);
        }
    }

    @Test
    void failedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = file("old");
        IOException full = assertThrows(IOException.class, () -> AtomicFile.write(file, writer -> {
            writer.write("half");
            throw new IOException("disk full");
        }));
        assertEquals("disk full", full.getMessage());
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void twoWritersOfTheSameFileDoNotDisturbEachOther() throws IOException {
        Path file = file("old");
        AtomicFile.write(file, outer -> {
            outer.write("outer");
            AtomicFile.write(file, inner -> inner.write("inner"));
            assertEquals("inner", Files.readString(file));
        });
        assertEquals("outer", Files.readString(file));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacedFileKeepsItsPermissionsAndLinks() throws IOException {
        Path file = file("old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("link.ipynb"), file);
        AtomicFile.write(link, writer -> writer.write("new"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void linesAreSplitForTextScriptsAndDrawingsOnly() throws IOException {
        assertEquals("[\"a\\n\",\"\\n\",\"b\"]", MultilineText.split("a\n\nb").toString());
        assertEquals("[]", MultilineText.split("").toString());
        assertEquals("[\"a\\n\"]", MultilineText.split("a\n").toString());
        JsonObject data = new JsonObject();
        for (String mime : List.of("text/html", "application/javascript", "image/svg+xml", "image/png", "application/x")) {
            data.add(mime, new JsonPrimitive("a\nb"));
        }
        JsonObject output = new JsonObject();
        output.add("data", MultilineText.bundle(data));
        assertEquals(
                "{\"data\":{\"text/html\":[\"a\\n\",\"b\"],\"application/javascript\":[\"a\\n\",\"b\"],"
                        + "\"image/svg+xml\":[\"a\\n\",\"b\"],\"image/png\":\"a\\nb\",\"application/x\":\"a\\nb\"}}",
                written(output));
    }

    @Test
    void linesEndWherePythonEndsThemWhateverThePiecesTheyCameIn() throws IOException {
        MultilineText.Builder pieces = new MultilineText.Builder(NotebookFiles.texts());
        JsonArray list = pieces.strings();
        for (String piece : List.of("1%\r", "2%\r", "\n", "\n", "a", "b\u2028c\u0085d\u000Be", "\r", "f\r\ng")) {
            pieces.append(piece);
            pieces.strings();
        }
        JsonObject output = new JsonObject();
        output.add("text", list);
        assertEquals(
                "{\"text\":[\"1%\\r\",\"2%\\r\\n\",\"\\n\",\"ab\\u2028\",\"c\u0085\",\"d\\u000b\",\"e\\r\",\"f\\r\\n\",\"g\"]}",
                written(output));
    }

    private static String written(JsonObject output) throws IOException {
        JsonObject cell = code("");
        cell.getAsJsonArray("outputs").add(output);
        StringWriter text = new StringWriter();
        NotebookWriter.cell(new Cell(cell), 0, text);
        String json = text.toString().replaceAll("\n *", "").replace("\": ", "\":");
        return json.substring(json.indexOf("\"outputs\":[") + 11, json.indexOf("],\"source\""));
    }
}
