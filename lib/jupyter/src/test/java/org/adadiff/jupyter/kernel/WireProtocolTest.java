package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages, as the protocol (5.3) has them. */
class WireProtocolTest {
    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        kernel = KernelProcess.start(folder, Map.of(), "-Xmx320m");
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static Executed execute(String request) {
        return kernel.await(kernel.sendExecute(json(request)));
    }

    private static int count() {
        return kernel.execute("").reply().get("execution_count").getAsInt();
    }

    @Test
    void everyReplyHasAStatus() {
        List<String> types = List.of("kernel_info", "complete", "inspect", "is_complete", "history", "comm_info", "execute");
        for (String type : types) {
            JsonObject reply = kernel.request(type + "_request", json("{\"code\": \"1\", \"hist_access_type\": \"tail\", \"n\": 1}"));
            assertTrue(reply.has("status"), type + ": " + reply);
        }
        assertEquals("ok", kernel.controlRequest("interrupt_request", new JsonObject()).get("status").getAsString());
    }

    @Test
    void datesAreIsoWithMicrosecondsAndZone() {
        for (JsonObject message : kernel.execute("1 + 1").published()) {
            String date = message.get("date").getAsString();
            assertTrue(date.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"), date);
        }
    }

    @Test
    void messagesOfACellComeInOrder() {
        Executed executed = kernel.execute("System.out.print(\"a\"); display(\"b\"); System.err.print(\"c\");\nSystem.out.print(\"d\");\n5");
        List<String> types = executed.published().stream().map(message -> message.get("type").getAsString()).toList();
        assertEquals(List.of("status", "execute_input", "stream", "display_data", "stream", "stream", "execute_result"), types);
    }

    @Test
    void silentCellShowsNothingOfItselfAndIsNotCounted() {
        int before = count();
        Executed executed = execute("{\"code\": \"int quiet = 3;\\nquiet\", \"silent\": true}");
        assertEquals("ok", executed.status());
        assertEquals(List.of("status"), executed.published().stream().map(message -> message.get("type").getAsString()).toList());
        assertEquals(before + 1, count());
        assertEquals("3", kernel.execute("quiet").text());
    }

    @Test
    void cellThatIsNotStoredIsNeitherCountedNorRemembered() {
        int before = count();
        assertEquals("77", execute("{\"code\": \"70 + 7\", \"store_history\": false}").text());
        assertEquals(before + 1, count());
        JsonObject search = json("{\"hist_access_type\": \"search\", \"pattern\": \"70 + 7\"}");
        assertEquals("[]", kernel.request("history_request", search).get("history").toString());
    }

    @Test
    void queuedCellsRunAfterAFailureIfTheRequestSaysSo() {
        String failing = kernel.sendExecute(json("{\"code\": \"Thread.sleep(200); throw new Error();\", \"stop_on_error\": false}"));
        String next = kernel.sendExecute("2 + 2");
        assertEquals("error", kernel.await(failing).status());
        assertEquals("4", kernel.await(next).text());
    }

    @Test
    void userExpressionsAreEvaluatedOneByOne() {
        Executed executed =
                execute("{\"code\": \"int base = 40;\", \"user_expressions\": {\"good\": \"base + 2\", \"bad\": \"base / 0\", \"none\": {}}}");
        JsonObject values = executed.reply().getAsJsonObject("user_expressions");
        assertEquals("ok", values.getAsJsonObject("good").get("status").getAsString());
        assertEquals("42", values.getAsJsonObject("good").getAsJsonObject("data").get("text/plain").getAsString());
        assertEquals("java.lang.ArithmeticException", values.getAsJsonObject("bad").get("ename").getAsString());
        assertEquals("error", values.getAsJsonObject("none").get("status").getAsString());
    }

    @Test
    void controlIsServedWhileACellRuns() throws InterruptedException {
        String running = kernel.sendExecute("Thread.sleep(700);\n8");
        Thread.sleep(200);
        long asked = System.nanoTime();
        assertEquals("5.3", kernel.controlRequest("kernel_info_request", new JsonObject()).get("protocol_version").getAsString());
        assertTrue(System.nanoTime() - asked < 300_000_000, "answered before the cell ended");
        assertEquals("8", kernel.await(running).text());
    }

    @Test
    void lateOutputOfAThreadGoesToItsCell() {
        String first = kernel.sendExecute("new Thread(() -> { try { Thread.sleep(500); } catch (Exception e) { } System.out.println(\"late\"); }).start();");
        assertEquals("ok", kernel.await(first).status());
        String second = kernel.sendExecute("Thread.sleep(1000);\nSystem.out.println(\"own\");");
        assertEquals("own\n", kernel.await(second).stream("stdout"));
        assertEquals(List.of("late\n"), kernel.lateStreams(first));
    }

    @Test
    void outputOfParallelStreamsGoesToTheCellThatRuns() {
        kernel.execute("java.util.stream.IntStream.range(0, 99).parallel().forEach(i -> { });");
        Executed executed = kernel.execute("java.util.stream.IntStream.range(0, 99).parallel().forEach(i -> System.out.println(i));");
        assertEquals(99, executed.stream("stdout").lines().count());
    }

    @Test
    void outputIsClearedOnRequest() {
        List<JsonObject> cleared = kernel.execute("clearOutput(true);\nclearOutput(false);").contents("clear_output");
        assertTrue(cleared.get(0).get("wait").getAsBoolean());
        assertFalse(cleared.get(1).get("wait").getAsBoolean());
    }

    @Test
    void inputAndPasswordsAreAskedWithAPrompt() {
        String id = kernel.sendExecute("readLine(\"Name? \") + readPassword(\"Secret? \")");
        assertEquals("{\"prompt\":\"Name? \",\"password\":false}", kernel.answerInput("me").toString());
        assertEquals("{\"prompt\":\"Secret? \",\"password\":true}", kernel.answerInput("hush").toString());
        assertEquals("mehush", kernel.await(id).text());
        assertNull(execute("{\"code\": \"readLine(\\\"?\\\")\", \"allow_stdin\": false}").text());
        assertEquals("-1", execute("{\"code\": \"System.in.read()\", \"allow_stdin\": false}").text());
    }

    @Test
    void interruptEndsTheWaitForInput() {
        Map<String, String> errors = Map.of("readLine(\"Name? \")", "java.io.InterruptedIOException", "System.in.read()",
                "java.io.InterruptedIOException", "new java.util.Scanner(System.in).nextLine()", "java.util.NoSuchElementException");
        errors.forEach((cell, error) -> {
            String id = kernel.sendExecute(cell);
            kernel.awaitInputRequest();
            kernel.controlRequest("interrupt_request", new JsonObject());
            assertEquals(error, kernel.await(id).ename(), cell);
        });
        String id = kernel.sendExecute("readLine(\"Again? \")");
        assertEquals("Again? ", kernel.answerInput("me").get("prompt").getAsString());
        assertEquals("me", kernel.await(id).text());
    }

    @Test
    void commThatNobodyListensToIsClosed() {
        assertEquals("{}", kernel.request("comm_info_request", new JsonObject()).get("comms").toString());
        String open = kernel.sendShell("comm_open", json("{\"comm_id\": \"abc\", \"target_name\": \"jupyter.widget\", \"data\": {}}"));
        JsonObject close = kernel.awaitPublished(open, "comm_close");
        assertEquals("abc", close.get("comm_id").getAsString());
    }

    @Test
    void positionsCountCodePointsInCellsWithMagicsToo() {
        String code = "%classpath none\nString s𝕏 = \"𝕏\";\ns𝕏.toUpp";
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        request.addProperty("cursor_pos", code.codePointCount(0, code.length()));
        JsonObject reply = kernel.request("complete_request", request);
        assertTrue(reply.getAsJsonArray("matches").toString().contains("toUpperCase("), reply.toString());
        assertEquals(code.codePointCount(0, code.indexOf("toUpp")), reply.get("cursor_start").getAsInt());
        assertEquals(code.codePointCount(0, code.length()), reply.get("cursor_end").getAsInt());
    }

    @Test
    void inspectionWorksBelowMagicsAndAtEveryPosition() {
        String code = "%classpath none\nString s𝕏 = \"𝕏\";\ns𝕏.substring(1)";
        for (int cursor = 0; cursor <= code.codePointCount(0, code.length()); cursor++) {
            JsonObject request = new JsonObject();
            request.addProperty("code", code);
            request.addProperty("cursor_pos", cursor);
            JsonObject reply = kernel.request("inspect_request", request);
            assertEquals("ok", reply.get("status").getAsString(), reply.toString());
            if (code.codePointCount(0, code.indexOf("ring(1)")) == cursor) {
                assertTrue(reply.toString().contains("String.substring(int beginIndex)"), reply.toString());
            }
        }
    }

    /** The heap has room for two of them: what a new one takes the place of is still there when it is made. */
    @Test
    void memoryOfOverwrittenVariablesIsReleased() {
        for (int i = 0; i < 100; i++) {
            Executed declared = kernel.execute("byte[] big = new byte[100_000_000];" + " ".repeat(i % 2) + (i % 3 == 0 ? "int round = " + i + ";" : ""));
            assertEquals("ok", declared.status(), () -> declared.traceback());
        }
        assertEquals("100000000", kernel.execute("big.length").text(), "what is declared last is kept");
        assertEquals("ok", kernel.execute("big = null;").status());
        for (int i = 0; i < 12; i++) {
            Executed value = kernel.execute("new byte[100_000_000]");
            assertEquals("ok", value.status(), () -> value.traceback());
        }
    }

    /** JShell keeps a class for each snippet; neither more of them nor what they refer to may stay. */
    @Test
    void rerunDeclarationsLeaveOnlyTheirClasses() {
        String cell =
                "class Held { byte[] bytes = new byte[10_000_000]; }\nSupplier<Held> make = () -> new Held();\nvar held = List.of(make.get());";
        String classes = "java.lang.management.ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()";
        kernel.execute("import java.util.function.*;");
        kernel.execute(cell);
        int before = Integer.parseInt(kernel.execute(classes).text());
        int reruns = 60;
        for (int i = 0; i < reruns; i++) {
            Executed executed = kernel.execute(cell + "// " + i);
            assertEquals("ok", executed.status(), () -> executed.traceback());
        }
        int perRerun = (Integer.parseInt(kernel.execute(classes).text()) - before) / reruns;
        assertTrue(perRerun <= 6, perRerun + " classes more with each");
    }
}
