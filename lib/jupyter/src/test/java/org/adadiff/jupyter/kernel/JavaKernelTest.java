package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells, through the wire; all tests share one kernel, so each uses names of its own. */
class JavaKernelTest {
    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        kernel = KernelProcess.start(folder, Map.of());
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    static Executed ok(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("ok", executed.status(), () -> executed.ename() + "\n" + executed.traceback());
        return executed;
    }

    static Executed fails(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("error", executed.status(), executed.reply().toString());
        assertEquals(1, executed.contents("error").size(), "one error message is published");
        return executed;
    }

    @Test
    void printedTextArrivesOnItsStream() {
        Executed executed = ok("System.out.println(\"hello, wörld\"); System.err.print(\"oops\");");
        assertEquals("hello, wörld\n", executed.stream("stdout"));
        assertEquals("oops", executed.stream("stderr"));
        assertNull(executed.text());
    }

    @Test
    void manyPrintedLinesAreFewMessagesAndComplete() {
        Executed executed = ok("for (int i = 0; i < 20_000; i++) System.out.println(i);");
        assertEquals(20_000, executed.stream("stdout").lines().count());
        assertTrue(executed.contents("stream").size() < 100, executed.contents("stream").size() + " messages");
    }

    @Test
    void cellThatPrintsWithoutEndIsCutAndSaysSo() {
        Executed executed = ok("String line = \"x\".repeat(1023);\nfor (int i = 0; i < 40_000; i++) System.out.println(line);\n1 + 1");
        assertEquals(8 << 20, executed.stream("stdout").length());
        assertEquals(
                "\n[printed 8388608 characters; the rest of what this cell prints is left out]\n", executed.stream("stderr"));
        assertEquals("2", executed.text(), "only printed text is cut");
        assertEquals("next\n", ok("System.out.println(\"next\");").stream("stdout"), "the next cell prints again");
    }

    @Test
    void valueOfLastExpressionIsTheResult() {
        assertEquals("42", ok("int answer = 6;\nanswer * 7").text());
        assertEquals("[1, 2]", ok("List.of(1, 2)").text());
        assertNull(ok("int declared = 3;").text());
        assertNull(ok("String nothing = null;\nnothing").text());
        assertNull(ok("").text());
    }

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
        assertTrue(render.traceback().contains("at Unprintable.toString() (of a cell)"), render.traceback());
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
    void displayedValueCanBeReplacedUnderItsId() {
        Executed executed = ok("String id = display(\"first\");\nupdateDisplay(id, \"second\", \"text/html\");\nid");
        JsonObject shown = executed.contents("display_data").get(0);
        JsonObject updated = executed.contents("update_display_data").get(0);
        assertEquals("first", shown.getAsJsonObject("data").get("text/plain").getAsString());
        assertEquals("second", updated.getAsJsonObject("data").get("text/html").getAsString());
        assertEquals(executed.text(), shown.getAsJsonObject("transient").get("display_id").getAsString());
        assertEquals(executed.text(), updated.getAsJsonObject("transient").get("display_id").getAsString());
    }

    @Test
    void arraysShowTheirElementsAndNoTextIsNull() {
        assertEquals("[1, 2]", ok("new int[] {1, 2}").text());
        assertEquals("[[a, null], []]", ok("new String[][] {{\"a\", null}, {}}").text());
        assertTrue(ok("new double[5000]").text().endsWith(", 0.0, ... 4000 more]"));
        assertEquals("null", ok("new Object() { public String toString() { return null; } }").text());
    }

    @Test
    void valuesOfAllKindsOfExpressionsAreShown() {
        ok("int seen = 3; int[] seenAll = {4, 5}; String seenText = \"s\";");
        assertEquals("4", ok("seen + 1").text());
        assertEquals("5", ok("seenAll[1]").text());
        assertEquals("s!", ok("seenText + \"!\"").text());
        assertEquals("3", ok("seen").text());
        assertEquals("3", ok("seen // the same").text());
        assertEquals("7.0", ok("true ? 7 : 8.0").text());
        assertEquals("2", ok("\n\n1\n  + 1\n").text());
        assertEquals("s", ok("new String(seenText)").text());
        assertNull(ok("seen = 4").text());
        assertNull(ok("int another").text());
        assertTrue(fails("seen / (seen - 4)\n + 1").traceback().contains(", line 1)"));
        assertTrue(fails("int fine = 1;\nseen + undeclared").traceback().contains("line 2: error: cannot find symbol"));
        assertTrue(fails("seen + (String) 5").traceback().contains("line 1: error: incompatible types"));
    }

    @Test
    void nullCanBeDisplayed() {
        JsonObject shown = ok("display(null);").contents("display_data").get(0);
        assertEquals("null", shown.getAsJsonObject("data").get("text/plain").getAsString());
    }

    @Test
    void registeredRendererIsUsed() {
        Executed executed =
                ok(
                        """
                        import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                        record Money(int cents) {}
                        getKernelInstance().getRenderer().createRegistration(Money.class)
                                .preferring(MIMEType.TEXT_HTML)
                                .register((money, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<b>" + money.cents() + "</b>"));
                        new Money(5)
                        """);
        JsonObject data = executed.contents("execute_result").get(0).getAsJsonObject("data");
        assertEquals("<b>5</b>", data.get("text/html").getAsString());
        assertEquals("Money[cents=5]", data.get("text/plain").getAsString());
    }

    @Test
    void declarationsMayNeedEachOther() {
        assertEquals("7", ok("class Ping { Pong other; int n = 7; }\nclass Pong { Ping other; }\nnew Ping().n").text());
        Executed first = ok("int even(int n) { return n == 0 ? 1 : odd(n - 1); }");
        assertTrue(first.stream("stderr").contains("odd"), first.stream("stderr"));
        assertEquals("UnresolvedReferenceException", fails("even(2)").ename());
        ok("int odd(int n) { return n == 0 ? 0 : even(n - 1); }");
        assertEquals("1", ok("even(10)").text());
    }

    @Test
    void recordsSealedTypesAndTextBlocksWorkInOneCell() {
        String cell =
                """
                sealed interface Form permits Disc, Bar {}
                record Disc(double r) implements Form {}
                record Bar(double a, double b) implements Form {}
                double area(Form form) {
                    return form instanceof Disc d ? 3 * d.r() * d.r() : form instanceof Bar b ? b.a() * b.b() : 0;
                }
                String text = ""\"
                    two
                      lines""\";
                List.of(area(new Disc(1)), area(new Bar(2, 4)), text)
                """;
        assertEquals("[3.0, 8.0, two\n  lines]", ok(cell).text());
        assertEquals("[3.0, 8.0, two\n  lines]", ok(cell).text(), "and again");
    }

    @Test
    void classesAndMethodsCanBeRedefined() {
        ok("class Shape { int area() { return 1; } }\nint twice(int x) { return 2 * x; }");
        ok("class Shape { int area() { return 4; } }\nint twice(int x) { return x + x + 1; }");
        assertEquals("13", ok("new Shape().area() + twice(4)").text());
    }

    @Test
    void whatUsesARedefinedDeclarationUsesTheNewOne() {
        ok("class Scale { static int by() { return 2; } }");
        ok("class Scaled { int of(int x) { return x * Scale.by(); } }\nint scaled(int x) { return new Scaled().of(x); }");
        assertEquals("6", ok("scaled(3)").text());
        ok("class Scale { static int by() { return 10; } }");
        assertEquals("30", ok("scaled(3)").text());
        ok("static int twoOf(int x) { return x + x; }\nint throughIt(int x) { return twoOf(x); }");
        ok("static int twoOf(int x) { return 2 * x + 1; }");
        assertEquals("7", ok("throughIt(3)").text());
        ok("record Point(int x) {}");
        ok("record Point(int x, int y) {}");
        assertEquals("Point[x=1, y=2]", ok("new Point(1, 2)").text());
    }

    @Test
    void classesOfDifferentCellsMayNeedEachOther() {
        ok("class Hen { Egg lay() { return new Egg(); } }");
        ok("class Egg { Hen hatch() { return new Hen(); } }");
        assertEquals("Hen", ok("new Hen().lay().hatch().getClass().getSimpleName()").text());
    }

    @Test
    void streamsGenericsAndEnumsWork() {
        ok("enum Size { SMALL, LARGE }\ninterface Sized { default Size size() { return Size.SMALL; } }\n"
                + "<T extends Comparable<T>> T largest(Collection<T> all) { return all.stream().max(Comparator.naturalOrder()).orElseThrow(); }");
        assertEquals("LARGE", ok("largest(List.of(Size.SMALL, Size.LARGE))").text());
        assertEquals("4950", ok("java.util.stream.IntStream.range(0, 100).parallel().sum()").text());
        assertEquals("{1=[a, b], 2=[cc]}",
                ok("java.util.stream.Stream.of(\"a\", \"b\", \"cc\").collect(java.util.stream.Collectors.groupingBy(String::length))").text());
        assertEquals("SMALL", ok("new Sized() {}.size()").text());
    }

    @Test
    void evalSeesTheNotebookAndThrowsWhatTheCodeThrows() {
        ok("int base = 40;");
        assertEquals("42", ok("(int) eval(\"base + 2\")").text());
        String catching =
                "String caught = \"\";\n"
                        + "try { eval(\"1 / (base - 40)\"); } catch (ArithmeticException e) { caught = e.getMessage(); }\n";
        assertEquals("/ by zero", ok(catching + "caught").text());
    }

    @Test
    void loadRunsFilesAndNotebooksWithOrWithoutSuffix() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Files.writeString(tools.resolve("maths.java"), "int square(int x) { return x * x; }\n");
        Files.writeString(
                tools.resolve("book.ipynb"),
                """
                {"cells": [
                    {"cell_type": "markdown", "source": ["not code"]},
                    {"cell_type": "code", "source": ["int one = 1;\\n", "int two = 2;"]},
                    {"cell_type": "code", "source": "%load tools/maths\\nint four = square(two);"}
                ], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
                """);
        assertEquals("9", ok("%load tools/maths.java\nsquare(3)").text());
        assertEquals("5", ok("%load tools/book\none + four").text());
        assertEquals("16", ok("if (true) {\n  %load tools/maths\n}\nsquare(4)").text());
        Files.writeString(tools.resolve("marked.jshell"), "\uFEFFint marked = 7;\r\n");
        assertEquals("7", ok("%load tools/marked\nmarked").text(), "a byte order mark is no code");
        Executed missing = fails("%load tools/absent");
        assertTrue(missing.reply().get("evalue").getAsString().contains("tools/absent"), missing.traceback());
        Files.writeString(tools.resolve("wrong.jshell"), "int fine = 1;\nint x = 1 / 0;\n");
        assertTrue(fails("%load tools/wrong").traceback().contains("(wrong.jshell, line 2)"));
    }

    @Test
    void percentSignsThatAreNoMagicsStay() {
        assertEquals("%jars x 1", ok("String text = \"%jars x \" + 7 % 3;\n// %jars comment\ntext").text());
        assertEquals("1", ok("int seven = 7, three = 3;\nint rest = seven\n  %three;\nrest").text());
        Executed undefined = fails("%nosuchmagic 1");
        String message = undefined.reply().get("evalue").getAsString();
        assertTrue(message.startsWith("%nosuchmagic: no such magic; there are %addMavenDependencies "), message);
        assertTrue(message.contains(" %load "), message);
        message = fails("%%nosuchmagic\ntext").reply().get("evalue").getAsString();
        assertTrue(message.startsWith("%%nosuchmagic: no such magic; there are %%loadFromPOM"), message);
    }

    @Test
    void interruptStopsASleepingCell() throws InterruptedException {
        String id = kernel.sendExecute("Thread.sleep(60_000);");
        Thread.sleep(500);
        JsonObject reply = kernel.controlRequest("interrupt_request", new JsonObject());
        assertEquals("ok", reply.get("status").getAsString());
        assertEquals("java.lang.InterruptedException", kernel.await(id).ename());
        assertEquals("4", ok("2 + 2").text());
    }

    @Test
    void cellsQueuedAfterAFailureAreAborted() {
        String failing = kernel.sendExecute("Thread.sleep(300); throw new RuntimeException();");
        String queued = kernel.sendExecute("1");
        assertEquals("error", kernel.await(failing).status());
        assertEquals("aborted", kernel.await(queued).status());
        assertEquals("4", ok("2 + 2").text());
    }

    @Test
    void cellSentAfterTheReplyToAFailureIsNotAborted() {
        for (int i = 0; i < 100; i++) {
            String failing = kernel.sendExecute("%nosuchmagic");
            assertEquals("error", kernel.awaitReply(failing).get("status").getAsString());
            String next = kernel.sendExecute("");
            assertEquals("ok", kernel.awaitReply(next).get("status").getAsString(), "round " + i);
        }
    }

    @Test
    void inputIsAskedOfTheFrontend() {
        String id = kernel.sendExecute("new Scanner(System.in).nextLine().toUpperCase()");
        kernel.answerInput("from the user");
        assertEquals("FROM THE USER", kernel.await(id).text());
    }

    @Test
    void completionGivesMembersAndMagics() {
        JsonObject request = new JsonObject();
        request.addProperty("code", "String 𝕏 = \"\";\n𝕏.toUpp");
        request.addProperty("cursor_pos", 22);
        JsonObject reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("toUpperCase("), reply.toString());
        assertEquals(17, reply.get("cursor_start").getAsInt(), reply.toString());
        request.addProperty("code", "%lo");
        request.addProperty("cursor_pos", 3);
        reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("\"load\""), reply.toString());
    }

    @Test
    void inspectionShowsTheSignature() {
        JsonObject request = new JsonObject();
        request.addProperty("code", "\"a\".indexOf(\"b\")");
        request.addProperty("cursor_pos", 8);
        JsonObject reply = kernel.request("inspect_request", request);
        assertTrue(reply.get("found").getAsBoolean(), reply.toString());
        assertTrue(reply.getAsJsonObject("data").get("text/plain").getAsString().contains("indexOf"), reply.toString());
    }

    @Test
    void inspectionShowsJavadocWhereTheJdkHasItsSources() {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        assumeTrue(Files.isReadable(sources), "no " + sources);
        JsonObject request = new JsonObject();
        request.addProperty("code", "Math.max(1, 2)");
        request.addProperty("cursor_pos", 6);
        String text = kernel.request("inspect_request", request).getAsJsonObject("data").get("text/plain").getAsString();
        assertTrue(text.contains("Returns the greater of two int values."), text);
    }

    @Test
    void cellThatOnlyAsksIsAnsweredBesideTheNotebook() {
        for (String question : List.of("Math.max?", " ?Math.max ", "\"a\".indexOf??")) {
            JsonObject page = ok(question).reply().getAsJsonArray("payload").get(0).getAsJsonObject();
            assertEquals("page", page.get("source").getAsString());
            String name = question.replaceAll("[?\\s]", "").replaceAll(".*\\.", "");
            assertTrue(page.getAsJsonObject("data").get("text/plain").getAsString().contains(name + "("), page.toString());
        }
        assertEquals("yes", ok("true ? \"yes\" : \"no?\"").text());
        assertEquals(0, ok("1").reply().getAsJsonArray("payload").size());
    }

    @Test
    void completenessIsTold() {
        assertEquals("complete", isComplete("int x = 1;"));
        assertEquals("incomplete", isComplete("for (int i = 0; i < 3; i++) {"));
        assertEquals("invalid", isComplete("int = = ;"));
        assertEquals("complete", isComplete("%jars *.jar"));
    }

    @Test
    void historyHoldsWhatWasExecutedAndItsResult() {
        ok("4000 + 321");
        JsonObject request = new JsonObject();
        request.addProperty("hist_access_type", "search");
        request.addProperty("pattern", "4000 ? 3*");
        request.addProperty("output", true);
        JsonObject reply = kernel.request("history_request", request);
        assertTrue(reply.get("history").toString().contains("[\"4000 + 321\",\"4321\"]"), reply.toString());
    }

    @Test
    void indentationOfTheNextLineFollowsTheLast() {
        assertEquals("  ", completeness("for (;;) {").get("indent").getAsString());
        assertEquals("      ", completeness("class A {\n    void f() {").get("indent").getAsString());
        assertEquals("    ", completeness("class A {\n    int x;").get("indent").getAsString());
    }

    private static String isComplete(String code) {
        return completeness(code).get("status").getAsString();
    }

    private static JsonObject completeness(String code) {
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        return kernel.request("is_complete_request", request);
    }

    @Test
    void librariesOfTheKernelAreHidden() {
        Executed executed = fails("Class.forName(\"com.google.gson.Gson\", true, Thread.currentThread().getContextClassLoader())");
        assertEquals("java.lang.ClassNotFoundException", executed.ename());
        assertEquals("true", ok("Thread.currentThread().getContextClassLoader() instanceof java.net.URLClassLoader").text());
    }
}
