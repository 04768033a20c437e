package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a kernel ends, and what it does with time-outs and its user's local repository. */
class KernelLifeTest {
    @TempDir Path folder;

    @Test
    void shutdownRequestIsAnsweredAndEndsTheProcessWhileACellRuns() throws IOException, InterruptedException {
        String slf4j = "org.slf4j:slf4j-api:" + org.slf4j.LoggerFactory.class.getPackage().getImplementationVersion();
        Map<String, String> environment =
                Map.of(
                        "IJAVA_TIMEOUT", "2 seconds",
                        "IJAVA_COMPILER_OPTS", "--enable-preview -source " + Runtime.version().feature());
        try (KernelProcess kernel = KernelProcess.start(folder, environment, "--enable-preview")) {
            String pattern = "String kind(Object o) { return switch (o) { case Integer i -> \"int\"; default -> \"other\"; }; }";
            KernelProcess.Executed preview = kernel.execute(pattern + "\nkind(5)");
            assertEquals("int", preview.text(), preview.reply().toString());
            // The build has just used this jar, so the local repository has it
            KernelProcess.Executed resolved = kernel.execute("%maven " + slf4j + "\norg.slf4j.Logger.ROOT_LOGGER_NAME");
            assertEquals("ROOT", resolved.text(), resolved.reply().toString());
            assertEquals("CellInterruptedException", kernel.execute("while (true) Thread.sleep(5);").ename());
            assertEquals("CellInterruptedException", kernel.execute("while (true);").ename());
            kernel.sendExecute("while (true) { }");
            JsonObject request = new JsonObject();
            request.addProperty("restart", false);
            assertEquals("ok", kernel.controlRequest("shutdown_request", request).get("status").getAsString());
            assertTrue(kernel.process().waitFor(4, TimeUnit.SECONDS), "the kernel still runs after 4 s");
            assertEquals(0, kernel.process().exitValue());
        }
    }

    static List<Path> jdks() throws IOException {
        return KernelProcess.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aTimeOutAndAnInterruptStopALoopWithinTwoSecondsAndLeaveTheProcessorIdle(Path jdk) throws IOException, InterruptedException {
        try (KernelProcess kernel = KernelProcess.start(jdk, folder, Map.of("IJAVA_TIMEOUT", "3 seconds"))) {
            kernel.execute("int kept = 41;\nlong count = 0;");
            long start = System.nanoTime();
            KernelProcess.Executed timedOut = kernel.execute("while (true) { count++; }");
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertEquals("CellInterruptedException", timedOut.ename());
            assertTrue(millis >= 3000 && millis < 5000, "stopped after " + millis + " ms, allowed were 3 s");
            assertEquals("42", kernel.execute("kept + 1").text());
            assertEquals("true", kernel.execute("count > 1000").text());
            NeverHangsTest.assertIdle(kernel.process());

            String id = kernel.sendExecute("while (true);");
            Thread.sleep(500);
            start = System.nanoTime();
            kernel.controlRequest("interrupt_request", new JsonObject());
            assertEquals("CellInterruptedException", kernel.await(id).ename());
            millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 2000, "stopped " + millis + " ms after the interrupt");
            assertEquals("41", kernel.execute("kept").text());
            NeverHangsTest.assertIdle(kernel.process());
        }
    }

    @Test
    void libraryThatEndsTheProcessIsNamed() throws IOException, InterruptedException {
        String exiting = "package lib; public class Exiting { public static void run() { System.out.println(\"bye\"); System.exit(3); } }";
        TestLibrary.compile("Exiting", exiting, List.of("-d", Files.createDirectories(folder.resolve("classes")).toString()));
        try (KernelProcess kernel = KernelProcess.start(folder, Map.of())) {
            kernel.execute("%classpath " + folder.resolve("classes"));
            String id = kernel.sendExecute("lib.Exiting.run();");
            assertEquals("bye\n", kernel.awaitPublished(id, "stream").get("text").getAsString());
            String told = kernel.awaitPublished(id, "stream").get("text").getAsString();
            assertTrue(told.contains("a library has called java.lang.System.exit()") && told.contains("at lib.Exiting.run("), told);
            assertTrue(kernel.process().waitFor(4, TimeUnit.SECONDS), "the kernel still runs after 4 s");
            assertEquals(3, kernel.process().exitValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "while (true);"})
    void kernelEndsWhenItsParentIsKilled(String running) throws IOException, InterruptedException {
        Path connection = KernelProcess.writeConnectionFile(folder);
        Path pidFile = folder.resolve("pid");
        String kernel = String.join("' '", KernelProcess.command(connection));
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "'" + kernel + "' & echo $! > '" + pidFile + "'; wait").inheritIO();
        shell.environment().put("IJAVA_STARTUP_SCRIPT", running);
        Process parent = shell.start();
        while (!Files.exists(pidFile) || Files.readString(pidFile).isBlank()) {
            Thread.sleep(20);
        }
        ProcessHandle child = ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip())).orElseThrow();
        awaitListening(ConnectionFile.read(connection).shellPort(), child);
        parent.destroyForcibly().waitFor();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (child.isAlive() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertTrue(!child.isAlive() || !child.destroyForcibly(), "the kernel still runs 5 s after its parent was killed");
    }

    /** The kernel then knows its parent. */
    private static void awaitListening(int port, ProcessHandle kernel) throws InterruptedException {
        while (true) {
            assertTrue(kernel.isAlive(), "the kernel runs");
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
    }

    @Test
    void badUsageIsRefused() throws IOException, InterruptedException {
        List<String> command = KernelProcess.command(folder.resolve("absent.json"));
        assertEquals(2, new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start().waitFor());
        assertTrue(Files.readString(folder.resolve("err")).contains("absent.json"));
    }

    @Test
    void transportOtherThanTcpIsRefused() throws IOException, InterruptedException {
        Path connection = KernelProcess.writeConnectionFile(folder);
        Files.writeString(connection, Files.readString(connection).replace("\"tcp\"", "\"ipc\""));
        Process kernel = new ProcessBuilder(KernelProcess.command(connection)).redirectError(folder.resolve("err").toFile()).start();
        assertTrue(kernel.waitFor(20, TimeUnit.SECONDS) || !kernel.destroyForcibly().isAlive(), "the kernel still runs after 20 s");
        assertEquals(2, kernel.exitValue());
        String said = Files.readString(folder.resolve("err"));
        assertTrue(said.contains(connection + ": expected transport tcp, found ipc"), said);
    }
}
