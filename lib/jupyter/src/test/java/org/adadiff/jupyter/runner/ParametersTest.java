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
        "count|7|int count = 7;",
        "count|-2147483648|int count = -2147483648;",
        "big|9000000000|long big = 9000000000L;",
        "rate|3|double rate = 3.0;",
        "rate|1e-12|double rate = 1.0E-12;",
        "rate|NaN|double rate = Double.NaN;",
        "half|0.1|float half = 0.1f;",
        "flag|true|boolean flag = true;",
        "flag|True|boolean flag = true;",
        "name|say \"hi\" \\ 😀|String name = \"say \\\"hi\\\" \\\\ 😀\";",
        "name|3|String name = \"3\";",
        "guessed|1|double guessed = 1.0;",
        "text|x|String text = \"x\";",
        "boxed|5|Integer boxed = 5;",
        "letter|'|char letter = '\\'';",
        "sizes|3,4|int[] sizes = new int[] {3, 4};",
        "sizes|[3, 4]|int[] sizes = new int[] {3, 4};",
        "words|a,b c|List<String> words = List.of(\"a\", \"b c\");",
        "words|[\"a,b\"]|List<String> words = List.of(\"a,b\");",
        "words|[\"null\"]|List<String> words = List.of(\"null\");",
        "grid|[[1], [2, 3]]|int[][] grid = new int[][] {new int[] {1}, new int[] {2, 3}};",
        "unset|``|String[] unset = new String[] {};",
        "limit|3|Integer limit = 3;",
        "limit|None|Integer limit = null;",
        "limit|null|Integer limit = null;",
    })
    void javaValueIsWrittenInTheTypeOfTheDeclarationItOverrides(String name, String value, String line)
            throws RunException {
        assertEquals("// Parameters\n" + line, injected("java", JAVA, name, value));
    }

    @ParameterizedTest
    @CsvSource({
        "count, 1.5, int", "count, x, int", "count, 3000000000, int", "count, '', int", "rate, fast, double",
        "half, 1e99, float", "rate, 1e999, double", "flag, yes, boolean", "sizes, '1,x', int[]", "sizes, '[1, null]', int[]", "words, null, List<String>", "words, 'a,None', List<String>", "words, [null], List<String>",
        "words, '{\"a\":1}', List<String>", "words, '[[\"a\"]]', List<String>", "words, '[{\"a\":1}]', List<String>", "letter, ab, char", "unknown, 1, var"
    })
    void wrongTypeIsRefusedWithTheListOfParameters(String name, String value, String type) {
        RunException refused = assertThrows(RunException.class, () -> injected("java", JAVA, name, value));
        assertEquals(RunStatus.BAD_INPUT, refused.status());
        assertTrue(
                refused.getMessage().startsWith("the parameter '" + name + "' is " + type + ", found '" + value + "'"),
                refused.getMessage());
        assertTrue(refused.getMessage().contains("\n    count: int = 3\n    big: long = 1L\n"), refused.getMessage());
    }

    @Test
    void unknownNameIsRefusedWithTheListOfParameters() {
        for (String name : List.of("commented", "hidden", "Count")) {
            RunException refused = assertThrows(RunException.class, () -> injected("java", JAVA, name, "1"));
            assertTrue(refused.getMessage().startsWith("no parameter named '" + name + "', in "), refused.getMessage());
            assertTrue(refused.getMessage().contains("\n    name: String = \"a; int hidden = 2;\"\n"), refused.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int a = 1;\nint b = = 2;", "int a = 1;\nint b( {}", "public int a = 1;\nint f() { = }"})
    void parametersCellThatIsNotJavaIsRefusedWithItsLine(String cell) {
        RunException refused = assertThrows(RunException.class, () -> injected("java", cell, "a", "1"));
        assertTrue(refused.getMessage().contains("cannot be read: line 2: "), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "int a = 1", "static int a = 1;\npublic String s = \"a\";", "int a = 1;\nint twice(int x) { return 2 * x; }",
        "int a = 1 // one", "var b = 2; int twice(int x) { int c = x; return c; }\nSystem.out.println(b); static int a = 1; var d = 3",
        "import java.util.List; int a = 1", "@Deprecated private static final int a = 1; enum E { X }", "a(\"😀\");\nvoid a(String s) {}\nint a = 1;"
    })
    void javaDeclarationsMayStandAsCellsHaveThem(String cell) throws RunException {
        assertEquals("// Parameters\nint a = 2;", injected("java", cell, "a", "2"));
        assertThrows(RunException.class, () -> injected("java", cell, "c", "2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "n|7|n = 7", "rate|1e-4|rate = 1e-4", "flag|true|flag = True", "flag|False|flag = False",
        "name|q'\"|name = \"q'\\\"\"", "name|3|name = \"3\"", "free|None|free = None", "free|2.5|free = 2.5", "free|x|free = \"x\"",
        "free|[1, null]|free = [1, None]", "free|[x|free = \"[x\"", "rate|-.5e+1|rate = -.5e+1", "rate|nan|rate = float(\"nan\")",
        "whole|1.5|whole = 1.5", "maybe|None|maybe = None", "maybe|3|maybe = \"3\"", "n|-1_000|n = -1_000"
    })
    void pythonValueIsALiteralOfTheDefaultsKind(String name, String value, String line) throws RunException {
        String cell = "n = 3  # count\nrate: float = 1e-3\nflag = True\nname = 'a'\nfree = None\n"
                + "whole: float = 1\nmaybe: str = None\nif n == 3: pass";
        assertEquals("# Parameters\n" + line, injected("python", cell, name, value));
    }

    @Test
    void pythonParametersAreAllAssignmentsOutsideOfBlocks() {
        String cell = """
                %time it's (
                sql = \"""
                limit = 3 \\\"""
                \"""
                ünï = 1; b: int = 2 ; c = "x; y = 1"  # ; z = 1
                many = [
                    1,  # one ]
                    2,
                ]
                s: str = 'it\\'s' \\
                    'two'
                if b: d = 1; e = 2
                else: f = 1
                for i in []:
                    g = 1; h = 2
                x == 3
                last = {'a':
                1}""";
        RunException refused = assertThrows(RunException.class, () -> injected("python", cell, "limit", "1"));
        assertTrue(refused.getMessage().endsWith("""
                are:
                    sql: str = \""" limit = 3 \\\""" \"""
                    ünï: int = 1
                    b: int = 2
                    c: str = "x; y = 1"
                    many: list = [ 1, 2, ]
                    s: str = 'it\\'s'     'two'
                    last: dict = {'a': 1}"""), refused.getMessage());
        assertTrue(new Parameter("a", "list", "[" + "1, ".repeat(99) + "]", null).toString().matches("a: list = .{80}…"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{1, 2}|[3, 4]|{3, 4}", "{1}|[]|set()", "{'a:b'}|x,y|{\"x\", \"y\"}", "{f(a=1)[1:2]}|5|{5}",
        "{}|{\"a\": 1}|{\"a\": 1}", "{'a': 1}|{}|{}", "{**a}|{}|{}"})
    void bracesWithoutKeysAreASet(String declared, String given, String written) throws RunException {
        assertEquals("# Parameters\na = " + written, injected("python", "a = " + declared, "a", given));
    }

    @Test
    void listsAndMappingsArePythonsOwn() throws RunException {
        assertEquals("# Parameters\nsizes = [1, 2]", injected("python", "sizes = [3]", "sizes", "1,2"));
        assertEquals("# Parameters\nsizes = [true]".replace("true", "True"), injected("python", "sizes = []", "sizes", "[true]"));
        assertEquals("# Parameters\nd = {\"a\": None}", injected("python", "d = {}", "d", "{\"a\": null}"));
        assertThrows(RunException.class, () -> injected("python", "sizes = [3]", "sizes", "{}x"));
        assertThrows(RunException.class, () -> injected("python", "n = 3", "n", "1.5"));
        assertThrows(RunException.class, () -> injected("python", "n = 3 #\n", "n", "x"), "a comment is no part of the value");
        assertThrows(RunException.class, () -> injected("python", "d = {}", "d", "{'a': None}"), "None would be a text");
        assertThrows(RunException.class, () -> injected("python", "sizes = []", "sizes", "[1] 2"));
        for (String none : List.of("{\"a\":1}", "1,{\"a\":1}", "null", "None", "1,null")) {
            RunException refused = assertThrows(RunException.class, () -> injected("python", "sizes = [3]", "sizes", none));
            assertTrue(refused.getMessage().contains("'" + none + "' (expected JSON: a list such as [1, 2])"), refused.getMessage());
        }
        assertEquals("# Parameters\nsizes = [{\"a\": None}]", injected("python", "sizes = [3]", "sizes", "[{\"a\":null}]"));
    }

    @Test
    void fileOfParametersIsReadInItsOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), "epochs: 3\nrate: 1e-3\nname: 'yes'\nsizes: [1, 2]\nflag: true\nnothing:\n");
        assertEquals("{epochs=3, rate=0.001, name=yes, sizes=[1,2], flag=true, nothing=None}",
                ParameterFile.read(file).toString());
        Path list = Files.writeString(folder.resolve("list.yaml"), "- 1\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ParameterFile.read(list)).getMessage()
                .startsWith("expected a mapping of parameters, such as 'epochs: 3', found [1], in " + list));
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "a: [1\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ParameterFile.read(broken)).getMessage().contains("broken.yaml"));
        for (String wrong : List.of("c: !!binary aGk=", "c: &c [*c]")) {
            Path odd = Files.writeString(folder.resolve("odd.yaml"), wrong);
            String refusal = assertThrows(IllegalArgumentException.class, () -> ParameterFile.read(odd)).getMessage();
            assertTrue(refusal.startsWith("the parameter 'c': expected ") && refusal.endsWith(", in " + odd), refusal);
        }
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
