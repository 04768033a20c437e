package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.Test;

/** Cells that fail, through the wire. */
class CellErrorsTest extends SharedKernel {
    @Test
    void messageOfANullPointerNamesTheVariableAsTheCellDoes() {
        Executed executed = fails("String absent = null;\nabsent.length()");
        assertEquals(
                "Cannot invoke \"String.length()\" because \"absent\" is null", executed.reply().get("evalue").getAsString());
    }

    @Test
    void errorHasRealClassMessageAndLineOfTheCell() {
        Executed executed = fails("int before = 1;\n\nint broken(int x) {\n  return x / 0;\n}\nbroken(before);");
        assertEquals("java.lang.ArithmeticException", executed.ename());
        assertEquals("/ by zero", executed.reply().get("evalue").getAsString());
        int count = executed.reply().get("execution_count").getAsInt();
        assertTrue(executed.traceback().contains("broken() (cell " + count + ", line 4)"), executed.traceback());
        assertTrue(executed.traceback().contains("(cell " + count + ", line 6)"), executed.traceback());
    }

    @Test
    void linesAreRightInStatementsOfSeveralLines() {
        Map<String, String> lineByCell =
                Map.of(
                        "int a1 =\n    2 * Integer.parseInt(\"x\");", "line 2",
                        "int a2 = 0;\n\nfor (int i = 0; i < 3; i++) {\n  int b = 1;\n  b = 1 / a2;\n}", "line 5",
                        "import java.util.function.*;\nSupplier<Integer> a3 = () -> {\n  int z = 0;\n  return 1 / z;\n};\na3.get()", "line 4",
                        "/** Doc. */\npublic static <T>\n    int a4(T t) throws Exception {\n  throw new Exception();\n}\na4(1)", "line 4",
                        "class A5 {\n  int x;\n\n  static class In {\n    int f() {\n      return 1 / 0;\n    }\n  }\n}\nnew A5.In().f()",
                        "line 6");
        StringBuilder wrong = new StringBuilder();
        lineByCell.forEach(
                (cell, line) -> {
                    String traceback = fails(cell).traceback();
                    if (!traceback.contains(", " + line + ")")) {
                        wrong.append(line).append(" expected, found ").append(traceback);
                    }
                });
        assertEquals("", wrong.toString());
    }

    @Test
    void errorShowsItsCauses() {
        Executed executed = fails("throw new IllegalStateException(\"outer\", new java.io.IOException(\"inner\"));");
        assertEquals("java.lang.IllegalStateException", executed.ename());
        assertTrue(executed.traceback().contains("Caused by: java.io.IOException: inner"), executed.traceback());
    }

    @Test
    void errorOfAToStringShowsItsPlace() {
        ok("class Mute {\n  public String toString() {\n    throw new IllegalStateException(\"mute\", new IOException(\"inner\"));\n  }\n}");
        Executed executed = fails("\nnew Mute()");
        assertEquals("java.lang.IllegalStateException", executed.ename());
        assertTrue(executed.traceback().contains("at Mute.toString() (cell"), executed.traceback());
        assertTrue(executed.traceback().contains(", line 3)"), executed.traceback());
        assertTrue(executed.traceback().contains("Caused by: java.io.IOException: inner"), executed.traceback());
    }

    @Test
    void errorShowsWhatItHasSuppressed() {
        ok("class Door implements AutoCloseable { public void close() { throw new IllegalStateException(\"jammed\"); } }");
        Executed executed = fails("try (Door door = new Door()) {\n  throw new RuntimeException(\"body\");\n}");
        assertEquals("java.lang.RuntimeException", executed.ename());
        assertTrue(executed.traceback().contains("Suppressed: java.lang.IllegalStateException: jammed"), executed.traceback());
        assertTrue(executed.traceback().contains("at Door.close() (cell"), executed.traceback());
    }

    @Test
    void manySuppressedErrorsAreCounted() {
        Executed executed = fails("var e = new Exception(); for (int i = 0; i < 2000; i++) e.addSuppressed(new Exception()); throw e;");
        assertTrue(executed.traceback().contains("... 1990 more suppressed"), executed.traceback());
    }

    @Test
    void messageOfANullPointerNamesALocalVariable() {
        Executed executed = fails("int length() {\n  String text = null;\n  return text.length();\n}\nlength()");
        assertTrue(executed.reply().get("evalue").getAsString().contains("because \"text\" is null"), executed.traceback());
    }

    @Test
    void methodOfTheJdkThatFailsIsShown() {
        String traceback = fails("Thread.sleep(-1);").traceback();
        assertTrue(traceback.contains("java.lang.Thread.sleep"), traceback);
        assertFalse(traceback.contains("Thread.run"), traceback);
    }

    @Test
    void compilerErrorNamesLineAndProblem() {
        Executed executed = fails("int fine = 1;\nString wrong = 5;");
        assertEquals("CompilationException", executed.ename());
        assertTrue(executed.traceback().contains("line 2: error: incompatible types"), executed.traceback());
        Executed incomplete = fails("int half(");
        assertEquals("CompilationException", incomplete.ename());
    }

    @Test
    void errorsOfEveryKindAreAnsweredAndTheNextCellRuns() {
        assertEquals("java.lang.StackOverflowError", fails("int forever(int n) { return forever(n + 1) + 1; }\nforever(0)").ename());
        assertEquals("java.lang.Error", fails("throw new Error(\"no exception\");").ename());
        Executed initializer = fails("class Bad { static int x = Integer.parseInt(\"x\"); }\nnew Bad()");
        assertEquals("java.lang.ExceptionInInitializerError", initializer.ename());
        assertTrue(initializer.traceback().contains("NumberFormatException"), initializer.traceback());
        Executed render =
                fails("class Unprintable { public String toString() { throw new RuntimeException(\"no text\"); } }\nnew Unprintable()");
        assertEquals("java.lang.RuntimeException", render.ename());
        assertTrue(render.traceback().contains("at Unprintable.toString() (cell "), render.traceback());
        assertFalse(render.traceback().contains("$JShell"), render.traceback());
        assertEquals("2", ok("1 + 1").text());
    }

    @Test
    void oddCellsAreAnswered() {
        List<String> open = List.of("/* open", "'", "\"open", "\"\"\"\nopen", "{", "int f(");
        List<String> empty = List.of(";", ";;", "// only a comment", "/** doc */", "   \n\n", "{ }");
        List<String> wrong = List.of("}", "%", "%%", "\\u0041", "#!");
        for (String cell : Stream.of(open, empty, wrong).flatMap(List::stream).toList()) {
            kernel.execute(cell);
        }
        assertEquals("6", ok("1 + 5").text());
    }

    @Test
    void librariesOfTheKernelAreHidden() {
        Executed executed = fails("Class.forName(\"com.google.gson.Gson\", true, Thread.currentThread().getContextClassLoader())");
        assertEquals("java.lang.ClassNotFoundException", executed.ename());
        assertEquals("true", ok("Thread.currentThread().getContextClassLoader() instanceof java.net.URLClassLoader").text());
    }
}
