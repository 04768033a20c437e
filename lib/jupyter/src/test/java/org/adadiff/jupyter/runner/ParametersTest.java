package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    private static final String JAVA = """
            %maven g:a:1
            import java.util.*;
            // int commented = 1;
            int count = 3; long big = 1L;
            final double rate = 1e-3;
            float half = 0.5f;
            boolean flag = false;
            String name = "a; int hidden = 2;";
            var guessed = -2.5;
            var text = "t";
            var unknown = List.of(1);
            Integer boxed = 4;
            char letter = 'c';
            int[] sizes = {1, 2};
            List<String> words = List.of("a");
            String[] unset;
            Integer limit = null;
            int[][] grid;
            """;

    @TempDir
    private Path folder;

    private Notebook inject(String language, String parameters, Map<String, String> values) throws RunException {
        Path file = NotebookFiles.write(folder.resolve("n.ipynb"), code("before"), code(parameters, "parameters"), code("after"));
        Notebook notebook = NotebookFiles.notebook(file);
        Parameters.of(notebook, language, file).inject(values);
        return notebook;
    }

    private String injected(String language, String parameters, String name, String value) throws RunException {
        Cell cell = inject(language, parameters, Map.of(name, value)).cells().get(2);
        assertTrue(cell.hasTag("injected-parameters"));
        return cell.source();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "java|String s;|1.10|String s = \"1.10\";", "java|String s;|12|String s = \"12\";",
        "java|List<String> s;|[a, 1.10]|List<String> s = List.of(\"a\", \"1.10\");", "java|double s;|1.10|double s = 1.1;",
        "java|double s;|.inf|double s = Double.POSITIVE_INFINITY;", "python|s = ''|1.10|s = \"1.10\"", "python|s = 0.5|1.10|s = 1.10"})
    void numbersOfAFileAreTextWhereThatIsDeclared(String language, String declaration, String yaml, String assigned)
            throws IOException, RunException {
        Path file = Files.writeString(folder.resolve("p.yaml"), "s: " + yaml);
        String cell = inject(language, declaration, ParameterFile.read(file)).cells().get(2).source();
        assertEquals(assigned, cell.lines().skip(1).findFirst().orElseThrow());
    }

    @Test
    void numbersOfAFileAreNumbers() throws IOException, RunException {
        Path file = Files.writeString(folder.resolve("p.yaml"), "n: 31\nx: 1e-3\nb: true\na: [1, 2]\ns: '1.10'\nl: [012, 0x1]\n");
        String cell = inject("java", "int n; double x; boolean b; int[] a; String s; List<String> l;", ParameterFile.read(file)).cells().get(2).source();
        assertEquals("// Parameters\nint n = 31;\ndouble x = 0.001;\nboolean b = true;\nint[] a = new int[] {1, 2};\nString s = \"1.10\";\n"
                + "List<String> l = List.of(\"012\", \"0x1\");", cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<<: {a: 1}", "b: &b {a: 1}\nc: {<<: *b, d: 1}", "b: [{<<: {a: 1}}]"})
    void mergeKeysAreRefused(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
        String refusal = assertThrows(IllegalArgumentException.class, () -> ParameterFile.read(file)).getMessage();
        assertTrue(refusal.endsWith(": expected no key '<<', which YAML 1.2 does not merge; the values have to be written out, in " + file), refusal);
    }

    @Test
    void parametersOfANotebookAreListed() throws RunException {
        Path file = NotebookFiles.write(folder.resolve("n.ipynb"), code("int a = 1;\nString b;", "parameters"));
        JsonObject notebook = NotebookFiles.read(file);
        JsonObject language = new JsonObject();
        language.addProperty("name", "java");
        notebook.getAsJsonObject("metadata").add("language_info", language);
        NotebookFiles.rewrite(file, notebook);
        assertEquals("[a: int = 1, b: String]", NotebookRunner.parameters(file).toString());
        assertEquals("[]", NotebookRunner.parameters(NotebookFiles.write(file, "int a = 1;")).toString());
    }

    @Test
    void pythonsNumbersAndTruthsAreChecked() {
        assertThrows(RunException.class, () -> injected("python", "n = 3", "n", "x"));
        assertThrows(RunException.class, () -> injected("python", "n = 3", "n", "007"), "no number in Python");
        assertThrows(RunException.class, () -> injected("python", "n = 3", "n", "1__0"));
        assertThrows(RunException.class, () -> injected("python", "x = 3.0", "x", "007"));
        RunException refused = assertThrows(RunException.class, () -> injected("python", "m: int\nn = 3\nc = '#f00'  # red", "m", "1"));
        assertTrue(refused.getMessage().endsWith("are:\n    n: int = 3\n    c: str = '#f00'"), refused.getMessage());
        assertThrows(RunException.class, () -> injected("python", "flag = True", "flag", "1"));
        assertThrows(RunException.class, () -> injected("python", "n = 3", "m", "1"));
    }

    @Test
    void notebookWithoutParametersOrInAnotherLanguageIsRefused() {
        Path file = NotebookFiles.write(folder.resolve("n.ipynb"), "int a = 1;");
        RunException none = assertThrows(RunException.class, () -> Parameters.of(NotebookFiles.notebook(file), "java", file));
        assertTrue(none.getMessage().endsWith("has no cell tagged 'parameters'"), none.getMessage());
        RunException other = assertThrows(RunException.class, () -> injected("R", "a <- 1", "a", "2"));
        assertTrue(other.getMessage().contains("found a kernel for 'R'"), other.getMessage());
    }

    @Test
    void injectedCellTakesThePlaceOfAnEarlierOne() throws RunException {
        Path file = NotebookFiles.write(
                folder.resolve("n.ipynb"), code("int a = 1;", "parameters"), code("int a = 2;", "injected-parameters"), code("a"));
        Notebook notebook = NotebookFiles.notebook(file);
        Map<String, String> values = new LinkedHashMap<>(Map.of("a", "3"));
        Parameters.of(notebook, "java", file).inject(values);
        assertEquals(List.of("int a = 1;", "// Parameters\nint a = 3;", "a"), notebook.cells().stream().map(Cell::source).toList());
    }

    @Test
    void wrongParameterEndsTheRunBeforeTheKernelStarts() throws InterruptedException {
        Path file = NotebookFiles.write(folder.resolve("n.ipynb"), code("int a = 1;", "parameters"));
        Path started = folder.resolve("started");
        RunOptions options = RunOptions.DEFAULT
                .withKernel(ScriptedKernel.spec("SCRIPTED_START", "die-once " + started))
                .withParameter("b", "1");
        RunResult result = NotebookRunner.run(file, folder.resolve("o.ipynb"), options, RunListener.SILENT);
        assertEquals(RunStatus.BAD_INPUT, result.status());
        assertFalse(Files.exists(started));
    }
}
