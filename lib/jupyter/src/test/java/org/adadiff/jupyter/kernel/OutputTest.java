package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.Test;

/** What cells print and show, through the wire. */
class OutputTest extends SharedKernel {
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
    void streamsThatACellClosesOrTakesAwayAreThereForTheNext() {
        ok("try (PrintWriter writer = new PrintWriter(System.out)) { writer.print(\"closed\"); }");
        assertEquals("after", ok("System.out.print(\"after\");").stream("stdout"));
        ok("{ System.setOut(null); System.setErr(null); System.setIn(null); }");
        Executed executed = ok("System.out.print(\"out\"); System.err.print(\"err\"); System.in != null");
        assertEquals("out", executed.stream("stdout"));
        assertEquals("err", executed.stream("stderr"));
        assertEquals("true", executed.text());
    }
}
