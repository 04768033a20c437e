package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static String stream(String text) {
        return "{\"output_type\": \"stream\", \"name\": \"stdout\", \"text\": \"" + text + "\"}";
    }

    private static String difference(Comparison comparison, String stored, String fresh, String... tags) {
        Cell cell = new Cell(code("", tags));
        Optional<CellError> difference = comparison.difference(cell, outputs(stored), outputs(fresh));
        return difference.map(error -> String.join("|", error.traceback())).orElse("");
    }

    private static JsonArray outputs(String json) {
        return JsonParser.parseString("[" + json + "]").getAsJsonArray();
    }

    @Test
    void textIsComparedCountsMetadataAndTracebacksAreNot() {
        String result = "{\"output_type\": \"execute_result\", \"execution_count\": %d, \"metadata\": {\"m\": %d}, \"data\": {\"text/plain\": [\"a\\n\", \"b\"]}}";
        assertEquals("", difference(Comparison.EXACT, String.format(result, 1, 1), String.format(result, 2, 2)));
        String error = "{\"output_type\": \"error\", \"ename\": \"E\", \"evalue\": \"%s\", \"traceback\": [\"%s\"]}";
        assertEquals("", difference(Comparison.EXACT, String.format(error, "v", "1"), String.format(error, "v", "2")));
        assertEquals("the error differs: - stored, + now|- E: v|+ E: w",
                difference(Comparison.EXACT, String.format(error, "v", ""), String.format(error, "w", "")));
        assertEquals("", difference(Comparison.EXACT, stream("a\\nb\\n"), stream("a\\n") + "," + stream("b\\n")), "however it was cut");
        assertEquals("stdout differs, from line 2 on: - stored, + now|- b|+ c", difference(Comparison.EXACT, stream("a\\nb\\n"), stream("a\\nc\\n")));
        assertEquals("stdout is new: - stored, + now|+ a", difference(Comparison.EXACT, "", stream("a")));
        assertEquals("stdout is missing: - stored, + now|- a", difference(Comparison.EXACT, stream("a"), ""));
    }

    @Test
    void numbersMayDifferByTheToleranceAndWordsMayNot() {
        Comparison tolerant = Comparison.EXACT.withTolerance(1e-3);
        assertEquals("", difference(tolerant, stream("loss 0.5000, 1e-8 at x86_64"), stream("loss 0.5004, 1.0005e-8 at x86_64")));
        assertTrue(difference(tolerant, stream("loss 0.5"), stream("loss 0.501")).contains("stdout differs"));
        assertTrue(difference(tolerant, stream("loss 0.5"), stream("lost 0.5")).contains("stdout differs"));
        assertTrue(difference(tolerant, stream("x1000"), stream("x1001")).contains("stdout differs"), "part of a name is no number");
        assertEquals("", difference(Comparison.EXACT, stream("1.0"), stream("1.2"), "tolerance:0.2"));
        assertThrows(IllegalArgumentException.class, () -> Comparison.EXACT.withTolerance(-1));
    }

    @Test
    void numbersThatADoubleDoesNotHoldAreNearToNothing() {
        Comparison tolerant = Comparison.EXACT.withTolerance(0.1);
        for (String[] pair : new String[][] {{"1e400", "5"}, {"5", "commit 123e4567"}, {"1e400", "5e400"}, {"1e-400", "0"}, {"2e-400", "1e-400"}}) {
            assertTrue(difference(tolerant, stream(pair[0]), stream(pair[1])).contains("stdout differs"), pair[0] + " and " + pair[1]);
        }
        assertEquals("", difference(tolerant, stream("1e400, 1e-400, 1.0, 0.0"), stream("1e400, 1e-400, 1.01, 0")));
    }

    @Test
    void orderOfMembersIsNoDifference(@TempDir Path folder) {
        String json = "{\"output_type\": \"display_data\", \"metadata\": {}, \"data\": {\"application/json\": %s}}";
        assertEquals("", difference(Comparison.EXACT, String.format(json, "{\"a\": [{\"x\": 1, \"y\": 2}], \"b\": 3}"),
                String.format(json, "{\"b\": 3, \"a\": [{\"y\": 2, \"x\": 1}]}")));
        assertTrue(difference(Comparison.EXACT, String.format(json, "[1, 2]"), String.format(json, "[2, 1]")).contains("differs"));
        String many = "1, ".repeat(100_000);
        String stored = String.format(json, "{\"a\": [" + many + "1], \"b\": 3}");
        String fresh = String.format(json, "{\"b\": 3, \"a\": [" + many + "1]}");
        try (LongTexts texts = new LongTexts(folder)) { // where they are not trees
            assertEquals(Optional.empty(), Comparison.EXACT.difference(new Cell(code("")),
                    texts.parse(new StringReader("[" + stored + "]")).getAsJsonArray(), texts.parse(new StringReader("[" + fresh + "]")).getAsJsonArray()));
        }
    }

    /** As nbval 0.11 reads them: alone on a line, comments over tags, the last over those before. */
    @Test
    void markersOfNbvalMayBeTagsOrComments() {
        assertEquals("", ofSource("# NBVAL_IGNORE_OUTPUT\nprint(1)"));
        assertEquals("", ofSource("int n = 1;\n    //  NBVAL_IGNORE_OUTPUT  \nn"));
        assertTrue(ofSource("print('# NBVAL_IGNORE_OUTPUT')").contains("stdout differs"));
        assertTrue(ofSource("n # NBVAL_IGNORE_OUTPUT").contains("stdout differs"));
        assertTrue(ofSource("# NBVAL_IGNORE_OUTPUT\n# NBVAL_CHECK_OUTPUT").contains("stdout differs"));
        assertTrue(ofSource("# NBVAL_CHECK_OUTPUT", "nbval-ignore-output").contains("stdout differs"));
        assertEquals("", ofSource("# NBVAL_IGNORE_OUTPUT", "nbval-check-output"));
        assertTrue(Comparison.skips(new Cell(code("// NBVAL_SKIP\n1"))) && Comparison.skips(new Cell(code("1", "nbval-skip"))));
        assertTrue(Comparison.expectsError(new Cell(code("#NBVAL_RAISES_EXCEPTION\n1"))));
        assertFalse(Comparison.skips(new Cell(code("1"))) || Comparison.expectsError(new Cell(code("1"))));
    }

    private static String ofSource(String source, String... tags) {
        return Comparison.EXACT.difference(new Cell(code(source, tags)), outputs(stream("a")), outputs(stream("b")))
                .map(error -> String.join("|", error.traceback())).orElse("");
    }

    @Test
    void sanitizersComeFromTagsAndFiles(@TempDir Path folder) throws IOException {
        assertEquals("", difference(Comparison.EXACT, stream("took 3 ms"), stream("took 14 ms"), "sanitize:\\d+ ms"));
        assertEquals("", difference(Comparison.EXACT, stream("a"), stream("b"), "nbval-ignore-output"));
        Path file = Files.writeString(folder.resolve("sanitize.cfg"), "[date]\nregex: \\d{4}-\\d\\d\nreplace: DATE\n\n[id]\nregex: 0x[0-9a-f]+\nreplace: ADDRESS\n");
        Comparison fromFile = Comparison.EXACT.withSanitizers(file);
        assertEquals("", difference(fromFile, stream("2026-01 at 0xff"), stream("2025-12 at 0x1")));
        assertTrue(difference(fromFile, stream("2026-01"), stream("2026")).contains("- DATE|+ 2026"));
        assertThrows(IllegalArgumentException.class, () -> Comparison.EXACT.withSanitizer("(", ""));
    }

    @Test
    void sanitizerFileIsWrittenAsForPython(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("sanitize.cfg");
        Comparison day = Comparison.EXACT.withSanitizers(
                Files.writeString(file, "regex: (?P<year>\\d+)-(\\d+)-\\d+\nreplace: \\g<year>/\\2 $1\n"));
        assertEquals("", difference(day, stream("2026-05-06"), stream("2026-05-07")));
        assertEquals("stdout differs: - stored, + now|- 2026/05 $1|+ 2026/06 $1",
                difference(day, stream("2026-05-06"), stream("2026-06-06")));
        Files.writeString(file, "regex: (a)\nreplace: \\2\n");
        String refusal = assertThrows(IllegalArgumentException.class, () -> Comparison.EXACT.withSanitizers(file)).getMessage();
        assertTrue(refusal.startsWith("expected a replacement for '(a)', found "), refusal);
    }
}
