package org.adadiff.jupyter.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a cell does and whatever arrives, the next request is answered, and variables keep their values. */
class NeverHangsTest {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(2);

    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        kernel = KernelProcess.start(folder, Map.of("ADADIFF_KERNEL_OUTPUT_LIMIT", "3000000"), "-Xmx192m");
        assertEquals("ok", kernel.execute("int kept = 41;").status());
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    @AfterEach
    void kernelAnswersAndHasItsVariables() {
        assertEquals("42", kernel.execute("kept + 1").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true);",
                "for (;;) { try { while (true); } catch (Throwable t) { } }",
                "while (true) try { Thread.sleep(1); } catch (InterruptedException e) { }",
                "do { kept = 41; } while (true);",
                "for (int i = 0; ; i++) switch (i % 3) { case 0: continue; case 1: continue; default: continue; }",
                "long fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }\nfibonacci(99)",
                "double s = 0; for (int i = 0; i < Integer.MAX_VALUE; i++) for (int j = 0; j < 999; j++) s += Math.sin(i * j);",
                "java.util.stream.IntStream.range(0, 8).parallel().forEach(i -> { while (true); });",
                "java.util.stream.Stream.iterate(1, i -> i).forEach(i -> { });",
                "class Init { static int x; static { while (x == 0); } }\nInit.x",
                "class Endless { public String toString() { while (true); } }\nnew Endless()",
                "Runnable endless = () -> { while (true); };\nnew Thread(endless).start();\nendless.run();"
            })
    void interruptStopsTheLoopAndTheProcessorGoesIdle(String cell) throws InterruptedException {
        String id = kernel.sendExecute(cell);
        Thread.sleep(400);
        long sent = System.nanoTime();
        kernel.controlRequest("interrupt_request", new JsonObject());
        Executed executed = kernel.await(id);
        Duration took = Duration.ofNanos(System.nanoTime() - sent);
        assertTrue(took.compareTo(STOPPED_WITHIN) < 0, "stopped after " + took);
        assertEquals("CellInterruptedException", executed.ename(), executed.traceback());
        assertIdle(kernel.process());
    }

    /** Parallel threads, the JIT's and the warm-up of a young kernel may take a moment more than the cell; an endless loop takes for ever. */
    static void assertIdle(Process process) throws InterruptedException {
        Duration used = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            Duration before = process.info().totalCpuDuration().orElseThrow();
            Thread.sleep(200);
            used = process.info().totalCpuDuration().orElseThrow().minus(before);
            if (used.toMillis() < 60) {
                return;
            }
        }
        assertTrue(used.toMillis() < 60, "busy for " + used + " of the last 200 ms");
    }

    /** Its thread is left to itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "int before = 1; new java.net.ServerSocket(0).accept();",
                "var lock = new java.util.concurrent.locks.ReentrantLock();\n"
                        + "Thread holder = new Thread(() -> { lock.lock(); java.util.concurrent.locks.LockSupport.park(); });\n"
                        + "holder.setDaemon(true); holder.start(); while (!lock.isLocked()) Thread.sleep(10);\nlock.lock();",
                "class Deaf { public String toString() { try { return \"\" + new java.net.ServerSocket(0).accept(); } catch (IOException e) { return \"\"; } } }\n"
                        + "new Deaf()",
                "eval(\"new java.net.ServerSocket(0).accept();\");"
            })
    void callThatDoesNotStopForAnInterruptIsLeft(String cell) throws InterruptedException {
        String id = kernel.sendExecute(cell);
        Thread.sleep(1000);
        long sent = System.nanoTime();
        kernel.controlRequest("interrupt_request", new JsonObject());
        Executed executed = kernel.await(id);
        Duration took = Duration.ofNanos(System.nanoTime() - sent);
        assertTrue(took.compareTo(STOPPED_WITHIN) < 0, "left after " + took);
        assertEquals("CellInterruptedException", executed.ename(), executed.traceback());
        assertTrue(executed.traceback().contains("the code does not stop: its thread goes on by itself"), executed.traceback());
        assertEquals("5", kernel.execute("int after = 5;\nafter").text());
    }

    @Test
    void whatHasBeenLeftDoesNotComeBack() throws InterruptedException, IOException {
        kernel.execute("var server = new java.net.ServerSocket(0);");
        leaveAndConnect("int late = 1; server.accept(); late = 2; eval(\"late = 3;\"); while (true);", "server");
        assertEquals("1", kernel.execute("late").text());
    }

    @Test
    void loopToWhichWhatHasBeenLeftComesBackIsStopped() throws InterruptedException, IOException {
        kernel.execute("var door = new java.net.ServerSocket(0); long rounds = 0;");
        leaveAndConnect("{ door.accept(); while (true) rounds++; }", "door");
        assertEquals("true", kernel.execute("rounds > 0").text());
    }

    /** Interrupts a cell that waits at a server socket, and gives it what it waits for when it has been left. */
    private static void leaveAndConnect(String cell, String server) throws InterruptedException, IOException {
        String id = kernel.sendExecute(cell);
        Thread.sleep(500);
        kernel.controlRequest("interrupt_request", new JsonObject());
        kernel.await(id);
        int port = Integer.parseInt(kernel.execute(server + ".getLocalPort()").text());
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        assertIdle(kernel.process());
    }

    @Test
    void traceOfAnInterruptedLoopSaysWhereItWas() {
        String id = kernel.sendExecute("int spin() { System.out.println();\n  while (true);\n}\nspin()");
        kernel.awaitPublished(id, "stream");
        kernel.controlRequest("interrupt_request", new JsonObject());
        String traceback = kernel.await(id).traceback();
        assertTrue(traceback.contains("at spin() (cell") && traceback.contains(", line 2)"), traceback);
    }

    @Test
    void interruptStopsWhatAnEndedCellHasLeftRunning() throws InterruptedException {
        kernel.execute("new Thread(() -> { while (true); }).start();");
        kernel.controlRequest("interrupt_request", new JsonObject());
        assertIdle(kernel.process());
    }

    @Test
    void displaysWithoutEndAreInterrupted() throws InterruptedException {
        String id = kernel.sendExecute("while (true) display(\"x\".repeat(1000));");
        Thread.sleep(3000);
        kernel.controlRequest("interrupt_request", new JsonObject());
        Executed executed = kernel.await(id);
        assertEquals("CellInterruptedException", executed.ename());
    }

    @Test
    void interruptLeavesThreadsOfEarlierCellsAlone() throws InterruptedException {
        kernel.execute("boolean[] end = {false};\nThread worker = new Thread(() -> { while (!end[0]) Thread.yield(); });\nworker.start();");
        String id = kernel.sendExecute("while (true);");
        Thread.sleep(300);
        kernel.controlRequest("interrupt_request", new JsonObject());
        kernel.await(id);
        assertEquals("true", kernel.execute("worker.isAlive()").text());
        kernel.execute("end[0] = true;");
    }

    /** ZeroMQ's sockets would break, its threads spin, and those that are to end the process be gone. */
    @Test
    void cellThatInterruptsAllThreadsInterruptsNoneOfTheKernels() throws InterruptedException {
        kernel.execute("for (int i = 0; i < 3; i++) { Thread.getAllStackTraces().keySet().forEach(Thread::interrupt); }");
        assertEquals("3", kernel.execute("1 + 2").text());
        assertIdle(kernel.process());
    }

    @ParameterizedTest
    @ValueSource(strings = {"System.exit(3);", "Runtime.getRuntime().halt(3);", "List.of(3).forEach(System::exit);"})
    void endOfTheProcessEndsTheCellOnly(String cell) {
        Executed executed = kernel.execute(cell);
        assertEquals("CellExit", executed.ename());
        assertEquals("System.exit(3) ends the cell; the kernel goes on", executed.reply().get("evalue").getAsString());
        assertTrue(executed.traceback().contains(", line 1)"), executed.traceback());
    }

    @Test
    void errorsOfTheMachineAreShownAndPassed() {
        Executed overflow = kernel.execute("int forever(int n) { return forever(n + 1) + 1; }\nforever(0)");
        assertEquals("java.lang.StackOverflowError", overflow.ename());
        assertTrue(overflow.traceback().contains("at forever() (cell"), overflow.traceback());
        Executed cyclic = kernel.execute("var one = new ArrayList<Object>(); var two = List.of(one); one.add(two);\none");
        assertEquals("java.lang.StackOverflowError", cyclic.ename());
        Executed initializer = kernel.execute("class Bad { static { if (true) throw new Error(\"no\"); } }\nnew Bad()");
        assertEquals("java.lang.Error", initializer.ename());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "List<long[]> all = new ArrayList<>();\nwhile (true) all.add(new long[1 << 15]);",
                "List<byte[]> all = new ArrayList<>();\nwhile (true) all.add(new byte[1 << 21]);",
                "List<Integer> all = new LinkedList<>();\nfor (int i = 0; ; i++) all.add(i);"
            })
    void memoryThatACellHasFilledIsGivenBackByTheNext(String cell) {
        // Twice: what helps the first time must be there again
        for (int i = 0; i < 2; i++) {
            assertEquals("java.lang.OutOfMemoryError", kernel.execute(cell).ename());
            Executed next = kernel.execute("all = null;");
            assertEquals("ok", next.status(), () -> next.traceback());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Thread.sleep(4000);", ""})
    void threadsThatFillTheMemoryAreStopped(String meanwhile) throws InterruptedException {
        kernel.execute("for (int t = 0; t < 4; t++) new Thread(() -> { var l = new LinkedList<Object>(); while (true) l.add(new byte[100]); })"
                + ".start();\n" + meanwhile);
        assertIdle(kernel.process());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"y\".repeat(60_000_000)", "display(\"y\".repeat(60_000_000));"})
    void outputTooLargeForTheMemoryIsLeftOut(String cell) {
        Executed executed = kernel.execute(cell);
        boolean failed = "java.lang.OutOfMemoryError".equals(executed.ename());
        assertTrue(failed || executed.stream("stderr").contains("is left out: to send it takes more memory than the kernel has"),
                executed.status() + executed.stream("stderr"));
    }

    @Test
    void exceptionThatCannotBeDescribedIsAnError() {
        String evil = "class Evil extends RuntimeException { public String getMessage() { throw new Evil(); } }\n";
        assertEquals("Evil", kernel.execute(evil + "throw new Evil();").ename());
        assertEquals("Evil", kernel.execute("new Object() { public String toString() { throw new Evil(); } }").ename());
    }

    @Test
    void millionLinesAndAThreadThatPrintsForEverAreCut() throws InterruptedException {
        String notice = "\n[printed 3000000 characters; the rest of what this cell prints is left out]\n";
        assertEquals(notice, kernel.execute("for (int i = 0; i < 1_000_000; i++) System.out.println(i);").stream("stderr"));
        kernel.execute("new Thread(() -> { while (true) System.out.println(\"for ever\"); }).start();");
        assertEquals("once\n", kernel.execute("System.out.println(\"once\");").stream("stdout"), "not what the thread prints");
        kernel.execute("new Thread(() -> { while (true) System.out.println(\"for ever\"); }).start();");
        kernel.controlRequest("interrupt_request", new JsonObject());
    }

    @Test
    void oddMessagesAreIgnoredOrRefused() {
        byte[] delimiter = "<IDS|MSG>".getBytes(US_ASCII);
        byte[] object = "{}".getBytes(US_ASCII);
        List<List<byte[]>> odd = new ArrayList<>();
        odd.add(List.of(delimiter, "00ff".getBytes(US_ASCII), object, object, object, object));
        odd.add(List.of(delimiter));
        odd.add(List.of(object));
        odd.add(List.of(new byte[0]));
        odd.add(signed("[".repeat(100_000), "{}", "{}", "{}"));
        odd.add(signed("{\"msg_type\": ", "{}", "{}", "{}"));
        odd.add(signed("{}", "{}", "{}", "{}"));
        odd.add(signed("{\"msg_type\": \"execute_request\"}", "{}", "{}", "{\"code\": "));
        odd.add(signed("{\"msg_type\": \"execute_request\"}", "{}", "{}", "[]"));
        odd.add(signed("{\"msg_type\": \"execute_request\"}", "null", "{}", "{\"code\": {}, \"silent\": \"no\"}"));
        odd.add(signed("{\"msg_type\": [\"execute_request\"]}", "{}", "{}", "{}"));
        odd.add(signed("{\"msg_type\": \"no_such_request\", \"msg_id\": 5}", "{}", "{}", "{}"));
        odd.add(signed("{\"msg_type\": \"complete_request\"}", "{}", "{}", "{\"code\": \"x\", \"cursor_pos\": \"far\"}"));
        odd.add(signed("{\"msg_type\": \"inspect_request\"}", "{}", "{}", "{\"code\": \"x\", \"cursor_pos\": -1e30}"));
        odd.add(signed("{\"msg_type\": \"history_request\"}", "{}", "{}", "{\"hist_access_type\": \"range\", \"start\": null}"));
        odd.forEach(kernel::sendRaw);
        JsonObject unknown = kernel.controlRequest("kernel_info_request", new JsonObject());
        assertNotNull(unknown.get("protocol_version"));
    }

    @Test
    void connectionThatBreaksInTheMiddleOfAMessageIsForgotten() throws IOException {
        JsonObject ports = JsonParser.parseString(Files.readString(folder.resolve("connection.json"))).getAsJsonObject();
        ByteArrayOutputStream greeting = new ByteArrayOutputStream();
        // ZMTP 3.0: signature, version, mechanism; then this socket's type, and the first bytes of a frame of 100
        greeting.writeBytes(new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, 'N', 'U', 'L', 'L'});
        greeting.writeBytes(new byte[48]);
        greeting.writeBytes("\u0004\u001b\u0005READY\u000bSocket-Type\0\0\0\u0006DEALER".getBytes(US_ASCII));
        greeting.writeBytes("\0\u0064<IDS|".getBytes(US_ASCII));
        for (byte[] sent : List.of(greeting.toByteArray(), "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII), new byte[] {(byte) 0xff, 0})) {
            for (String port : List.of("shell_port", "control_port", "stdin_port", "hb_port", "iopub_port")) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(port).getAsInt())) {
                    socket.getOutputStream().write(sent);
                }
            }
        }
        assertEquals("ok", kernel.controlRequest("kernel_info_request", new JsonObject()).get("status").getAsString());
    }

    private static List<byte[]> signed(String... json) {
        return kernel.signed(List.of(json).stream().map(text -> text.getBytes(UTF_8)).toList());
    }
}
