package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.outputs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong ends the run with its status, a reason, and no kernel left. */
@Timeout(60)
class RunFailureTest {
    @TempDir
    private Path folder;

    private RunResult run(RunOptions options, String... cells) throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), cells);
        return NotebookRunner.run(notebook, folder.resolve("out.ipynb"), options, RunListener.SILENT);
    }

    private static RunOptions scripted() {
        return RunOptions.DEFAULT.withKernel(ScriptedKernel.spec());
    }

    private static long pid(Path notebook) {
        return pid(notebook, 1);
    }

    private static long pid(Path notebook, int cell) {
        return Long.parseLong(outputs(notebook, cell).get(0).substring("stdout:".length()).strip());
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void cellThatTakesTooLongIsInterruptedAndItsOutputKept() throws InterruptedException {
        RunResult result = run(scripted().withCellTimeout(Duration.ofMillis(500)), "pid\nsleep 30000\nout after", "out 2");
        assertEquals(RunStatus.TIMED_OUT, result.status());
        assertEquals("cell 1: not done within 0.5 s; interrupted", result.message());
        List<String> outputs = outputs(result.output(), 1);
        assertTrue(outputs.get(0).startsWith("stdout:"), outputs.toString());
        assertEquals(List.of("error:Interrupted", "stdout:after\n", "error:TimedOut"), outputs.subList(1, outputs.size()));
        assertEquals(CellOutcome.NOT_RUN, result.cells().get(1).outcome());
        assertFalse(alive(pid(result.output())));
    }

    @Test
    void notebookThatTakesTooLongEndsEvenIfTheKernelDoesNotObey() throws InterruptedException {
        RunResult result = run(scripted().withTimeout(Duration.ofSeconds(3)), "pid", "hang");
        assertEquals(RunStatus.TIMED_OUT, result.status());
        assertTrue(result.message().startsWith("cell 2: not done within 3 s; interrupted, which the kernel did not obey"), result.message());
        assertTrue(result.message().contains("its heartbeat answers"), result.message());
        assertFalse(alive(pid(result.output())));
    }

    @Test
    void kernelThatAnInterruptEndsHasTimedOut() throws InterruptedException {
        KernelSpec scripted = ScriptedKernel.spec();
        KernelSpec bySignal = new KernelSpec("x", "X", "x", scripted.argv(), scripted.env(), false, Optional.empty());
        RunOptions options = RunOptions.DEFAULT.withKernel(bySignal).withCellTimeout(Duration.ofMillis(500));
        RunResult result = run(options, "out 1\nsleep 30000"); // SIGINT ends a JVM
        assertEquals(RunStatus.TIMED_OUT, result.status(), result.message());
        assertEquals(List.of("stdout:1\n", "error:TimedOut"), outputs(result.output(), 1));
    }

    @Test
    void deathOfTheKernelIsNoticedWithinASecondWithItsExitCodeAndLastWords() throws InterruptedException {
        CompletableFuture<Long> died = new CompletableFuture<>();
        AtomicLong noticed = new AtomicLong();
        RunListener listener = new RunListener() {
            @Override
            public void text(String text) {
                long kernel = Long.parseLong(text.strip());
                ProcessHandle.of(kernel).orElseThrow().onExit().thenRun(() -> died.complete(System.nanoTime()));
            }

            @Override
            public void cellFinished(CellResult cell, int cells) {
                noticed.set(System.nanoTime());
            }
        };
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "pid\nlog no memory left\nsleep 200\nhalt 3", "out 2");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), scripted(), listener);
        assertEquals(RunStatus.KERNEL_DIED, result.status());
        assertTrue(result.message().startsWith("cell 1: the kernel died: exit code 3; the end of its stderr:"), result.message());
        assertTrue(result.message().contains("no memory left"), result.message());
        assertEquals("error:KernelDied", outputs(result.output(), 1).get(1));
        Duration time = Duration.ofNanos(noticed.get() - died.join());
        assertTrue(time.toMillis() < 1000, "noticed, reported and saved after " + time);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void killedKernelIsReportedWithItsSignal() throws InterruptedException {
        RunResult result = run(scripted(), "kill");
        assertEquals(RunStatus.KERNEL_DIED, result.status());
        assertTrue(result.message().contains("exit code 137 (SIGKILL"), result.message());
    }

    @Test
    void unknownKernelIsReportedWithTheKnownOnes() throws InterruptedException {
        RunResult result = run(RunOptions.DEFAULT.withKernel("no-such-kernel"), "out 1");
        assertEquals(RunStatus.NO_KERNEL, result.status());
        assertTrue(result.message().startsWith("no kernel named 'no-such-kernel' is installed; found "), result.message());
        RunResult unnamed = run(RunOptions.DEFAULT, "out 1");
        assertEquals(RunStatus.NO_KERNEL, unnamed.status());
        assertTrue(unnamed.message().contains("names none in metadata.kernelspec.name"), unnamed.message());
    }

    @Test
    void kernelThatDiesAtTheStartIsTriedAgainWithOtherPorts() throws InterruptedException {
        String once = "die-once " + folder.resolve("died");
        RunResult again = run(RunOptions.DEFAULT.withKernel(ScriptedKernel.spec("SCRIPTED_START", once)), "out 1");
        assertEquals(RunStatus.DONE, again.status(), again.message());
        RunResult never = run(RunOptions.DEFAULT.withKernel(ScriptedKernel.spec("SCRIPTED_START", "die")), "out 1");
        assertEquals(RunStatus.NO_KERNEL, never.status());
        assertTrue(never.message().contains("ended while starting, 3 times: exit code 7"), never.message());
        assertTrue(never.message().contains("the port is taken"), never.message());
    }

    @Test
    void kernelThatCannotBeStartedOrDoesNotAnswerIsReported() throws InterruptedException {
        KernelSpec missing = new KernelSpec("x", "X", "x", List.of("/no/such/program"), Map.of(), true, Optional.empty());
        RunResult result = run(RunOptions.DEFAULT.withKernel(missing), "out 1");
        assertEquals(RunStatus.NO_KERNEL, result.status());
        assertTrue(result.message().contains("/no/such/program"), result.message());
        RunOptions silent = RunOptions.DEFAULT
                .withKernel(ScriptedKernel.spec("SCRIPTED_START", "silent"))
                .withStartTimeout(Duration.ofSeconds(1));
        RunResult unheard = run(silent, "out 1");
        assertEquals(RunStatus.NO_KERNEL, unheard.status());
        assertTrue(unheard.message().contains("did not listen on its ports within 1 s"), unheard.message());
        RunResult unanswered = run(silent.withKernel(ScriptedKernel.spec("SCRIPTED_START", "mute")).withStartTimeout(Duration.ofSeconds(3)), "out 1");
        assertEquals(RunStatus.NO_KERNEL, unanswered.status());
        assertTrue(unanswered.message().contains("did not answer"), unanswered.message());
        assertTrue(unanswered.message().contains("within 3 s"), unanswered.message());
    }

    @Test
    void notebookWhoseTimeIsOverWhileTheKernelStartsHasTimedOut() throws InterruptedException {
        RunOptions silent = RunOptions.DEFAULT
                .withKernel(ScriptedKernel.spec("SCRIPTED_START", "silent"))
                .withTimeout(Duration.ofMillis(500));
        RunResult result = run(silent, "out 1");
        assertEquals(RunStatus.TIMED_OUT, result.status());
        assertTrue(result.message().startsWith("not done within 0.5 s; the kernel 'java' was still starting"), result.message());
    }

    @Test
    void messageTooLargeForTheRunnersMemoryEndsTheRun() throws Exception {
        Path out = folder.resolve("out.ipynb");
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "large 100000000", "out 2");
        Process runner = runner(notebook, out, "-Xmx64m");
        try {
            assertTrue(runner.waitFor(40, TimeUnit.SECONDS), "the run ends by itself");
        } finally {
            runner.destroyForcibly();
        }
        assertEquals(List.of("error:KernelDied"), outputs(out, 1));
        assertTrue(NotebookFiles.read(out).toString().contains("the connection to the kernel broke in the runner"));
    }

    @Test
    void outputsAreNotKeptInTheRunnersMemory() throws Exception {
        int chars = 20_000_000;
        Path out = folder.resolve("out.ipynb");
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"), "large " + chars, "large 1000000\n".repeat(20), "show-large " + chars);
        Process runner = runner(notebook, out, "-Xmx56m"); // the largest message and what else the JVM needs
        try {
            assertTrue(runner.waitFor(50, TimeUnit.SECONDS), "the run ends by itself");
        } finally {
            runner.destroyForcibly();
        }
        for (int cell = 1; cell <= 3; cell++) {
            List<String> outputs = outputs(out, cell);
            assertEquals(1, outputs.size());
            int label = outputs.get(0).indexOf(':') + 1;
            assertEquals(chars, outputs.get(0).length() - label, "in cell " + cell);
        }
    }

    @Test
    void outputsThatComeFasterThanTheyAreReadDoNotPileUpInMemory() throws Exception {
        Path out = folder.resolve("out.ipynb");
        Process runner = runner(NotebookFiles.write(folder.resolve("n.ipynb"), "show-large 3000000 60"), out, "-Xmx96m"); // half of them
        try {
            assertTrue(runner.waitFor(50, TimeUnit.SECONDS), "the run ends by itself");
        } finally {
            runner.destroyForcibly();
        }
        assertEquals(Collections.nCopies(60, "display:".length() + 3_000_000), outputs(out, 1).stream().map(String::length).toList());
    }

    @Test
    void replyWithoutIdleAndIdleWithoutReplyEndAtTheTimeOut() throws InterruptedException {
        for (String half : List.of("no-idle", "no-reply")) {
            RunResult result = run(scripted().withCellTimeout(Duration.ofMillis(300)), "out 1\n" + half);
            assertEquals(RunStatus.TIMED_OUT, result.status(), half);
            assertTrue(result.message().contains(half.equals("no-idle") ? "did not go idle" : "did not reply"), result.message());
            assertEquals(List.of("stdout:1\n", "error:TimedOut"), outputs(result.output(), 1), half);
        }
    }

    @Test
    void neitherReplyNorIdleEndsTheRunAtTheTimeOutAndWithoutOneToo() throws InterruptedException {
        RunResult limited = run(scripted().withCellTimeout(Duration.ofMillis(300)), "out 1\nno-idle\nno-reply");
        assertEquals(RunStatus.TIMED_OUT, limited.status());
        assertTrue(limited.message().startsWith("cell 1: not done within 0.3 s; interrupted, which the kernel did not obey"), limited.message());
        RunResult unlimited = run(scripted(), "out 1\nno-idle\nno-reply");
        assertEquals(RunStatus.TIMED_OUT, unlimited.status());
        assertEquals("cell 1: the kernel did not reply to the cell, and answers later requests: its reply was lost, and outputs may be missing",
                unlimited.message());
        assertEquals(List.of("stdout:1\n", "error:TimedOut"), outputs(unlimited.output(), 1));
    }

    @Test
    void silentCellIsWaitedForAlsoWhereTheKernelTellsOfItselfMeanwhile() throws InterruptedException {
        RunResult result = run(scripted(), "talk 11000\nout 1", "result 2", "sleep 11000\nout 3", "result 4");
        assertEquals(RunStatus.DONE, result.status(), result.message());
        assertEquals(List.of("stdout:1\n"), outputs(result.output(), 1));
        assertEquals(List.of("result 2:2"), outputs(result.output(), 2), "what it was asked meanwhile is not counted");
        assertEquals(List.of("result 4:4"), outputs(result.output(), 4));
    }

    @Test
    void outputThatCannotBeWrittenIsBadInput() throws InterruptedException, IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1");
        RunResult result = NotebookRunner.run(notebook, file.resolve("out.ipynb"), scripted(), RunListener.SILENT);
        assertEquals(RunStatus.BAD_INPUT, result.status());
        assertTrue(result.message().startsWith("cannot write the output notebook"), result.message());
    }

    @Test
    void outputThatCannotBeWrittenAnyMoreLeavesNothingBesideIt() throws InterruptedException, IOException {
        Path out = folder.resolve("out.ipynb");
        RunListener listener = new RunListener() {
            @Override
            public void cellStarted(int number, int cells) {
                if (number == 2) {
                    try {
                        Files.delete(out);
                        Files.createDirectories(out.resolve("in the way"));
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                }
            }
        };
        RunResult result = NotebookRunner.run(NotebookFiles.write(folder.resolve("n.ipynb"), "out 1", "out 2"), out, scripted(), listener);
        assertEquals(RunStatus.BAD_INPUT, result.status(), result.message());
        assertEquals(List.of("n.ipynb", "out.ipynb"), names());
    }

    @Test
    void interruptedRunEndsItsKernel() throws InterruptedException {
        AtomicReference<Exception> thrown = new AtomicReference<>();
        Path out = folder.resolve("out.ipynb");
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "pid", "sleep 30000");
        Thread thread = new Thread(() -> thrown.set(assertThrows(
                InterruptedException.class, () -> NotebookRunner.run(notebook, out, scripted(), RunListener.SILENT))));
        thread.start();
        while (Files.notExists(out) || outputs(out, 1).isEmpty()) {
            Thread.sleep(20);
        }
        thread.interrupt();
        thread.join();
        assertEquals(InterruptedException.class, thrown.get().getClass());
        assertFalse(alive(pid(out)));
    }

    @Test
    void cancelledRunEndsItsKernelAndTellsWhatHasRun() throws InterruptedException {
        Path out = folder.resolve("out.ipynb");
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "pid", "sleep 30000", "out 3");
        RunResult result = NotebookRunner.run(notebook, out, scripted(), new RunListener() {
            @Override
            public boolean isCancelled() {
                return Files.exists(out) && !outputs(out, 1).isEmpty();
            }
        });
        assertEquals(RunStatus.CANCELLED, result.status(), result.message());
        assertEquals(List.of(CellOutcome.PASSED, CellOutcome.CANCELLED, CellOutcome.NOT_RUN),
                result.cells().stream().map(CellResult::outcome).toList());
        assertEquals(List.of("error:Cancelled"), outputs(out, 2));
        assertFalse(alive(pid(out)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "mute"})
    void runThatIsCancelledWhileItsKernelStartsEndsAtOnce(String start) throws InterruptedException {
        long begin = System.nanoTime();
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1");
        RunOptions options = RunOptions.DEFAULT.withKernel(ScriptedKernel.spec("SCRIPTED_START", start));
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), options, new RunListener() {
            @Override
            public boolean isCancelled() {
                return System.nanoTime() - begin > 2_000_000_000;
            }
        });
        assertEquals(RunStatus.CANCELLED, result.status(), result.message());
        assertEquals("the run was cancelled while the kernel 'java' was starting", result.message());
        assertTrue(result.time().toSeconds() < 10, "not when the kernel has started: " + result.time());
        RunResult never = NotebookRunner.run(notebook, folder.resolve("never.ipynb"), scripted(), new RunListener() {
            @Override
            public boolean isCancelled() {
                return true;
            }
        });
        assertEquals("the run was cancelled before it began", never.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    @DisabledOnOs(OS.WINDOWS)
    void killedRunnerLeavesAWholeNotebookAndNoKernel(String signal) throws Exception {
        Path out = folder.resolve("out.ipynb");
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "pid", "child", "hang");
        Process runner = runner(notebook, out, "-Xmx256m");
        while (Files.notExists(out) || outputs(out, 2).isEmpty()) {
            assertTrue(runner.isAlive(), "the runner runs until it is killed");
            Thread.sleep(20);
        }
        long kernel = pid(out);
        long child = pid(out, 2);
        assertTrue(alive(kernel) && alive(child));
        new ProcessBuilder("kill", "-" + signal, Long.toString(runner.pid())).start();
        runner.waitFor();
        for (long process : new long[] {kernel, child}) {
            ProcessHandle.of(process).ifPresent(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
        assertEquals(List.of("stdout:" + kernel + "\n"), outputs(out, 1), "what had run when the kill came");
        assertTrue(List.of(List.of(), List.of("error:KernelDied")).contains(outputs(out, 3)),
                "on TERM the runner may have the time to say so");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (names().size() > 2 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(List.of("n.ipynb", "out.ipynb"), names(), "nothing else is left beside it");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatCellsHaveStartedEndsWithTheRun() throws InterruptedException {
        RunResult result = run(scripted(), "child", "out 2");
        assertEquals(RunStatus.DONE, result.status(), result.message());
        ProcessHandle.of(pid(result.output())).ifPresent(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Process runner(Path notebook, Path output, String memory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), memory,
                        "-cp", System.getProperty("java.class.path"),
                        OtherProcess.class.getName(), notebook.toString(), output.toString())
                .inheritIO()
                .start();
    }

    /** The runner in a process that a test can kill, or starve. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] files) throws InterruptedException {
            NotebookRunner.run(Path.of(files[0]), Path.of(files[1]), scripted(), RunListener.SILENT);
        }
    }
}
