package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.cell;
import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.markdown;
import static org.adadiff.jupyter.runner.NotebookFiles.outputs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NotebookRunnerTest {
    private static final RunOptions OPTIONS = RunOptions.DEFAULT.withKernel(ScriptedKernel.spec());

    @TempDir
    private Path folder;

    private RunResult run(Path notebook) throws InterruptedException {
        return NotebookRunner.run(notebook, folder.resolve("out/done.ipynb"), OPTIONS, RunListener.SILENT);
    }

    @Test
    void outputsFollowTheRulesOfNbclient() throws InterruptedException {
        RunResult result = run(NotebookFiles.write(
                folder.resolve("n.ipynb"),
                "part a\npart b\nerr c\nout d\nresult r",
                "show one first\nshow - plain",
                "update one second\nupdate unknown x",
                "show one third",
                "out gone\nclear\nout kept",
                "out shown\nclear-wait\nout instead\nout more",
                "out stays\nclear-wait",
                "show two x\nclear\nshow three y",
                "update two z",
                "stranger from an earlier cell\nout mine"));
        Path out = result.output();
        assertEquals(RunStatus.DONE, result.status(), result.message());
        assertEquals(List.of("stdout:ab", "stderr:c\n", "stdout:d\n", "result 1:r"), outputs(out, 1));
        assertEquals(List.of("display:third", "display:plain"), outputs(out, 2), "updated by cells 3 and 4");
        assertEquals(List.of(), outputs(out, 3), "an update makes no output of its own");
        assertEquals(List.of("display:third"), outputs(out, 4));
        assertEquals(List.of("stdout:kept\n"), outputs(out, 5));
        assertEquals(List.of("stdout:instead\nmore\n"), outputs(out, 6), "cleared when the next output came");
        assertEquals(List.of("stdout:stays\n"), outputs(out, 7), "no output came after clear_output(wait=True)");
        assertEquals(List.of("display:y"), outputs(out, 8));
        assertEquals(List.of(), outputs(out, 9));
        assertEquals(List.of("stdout:mine\n"), outputs(out, 10), "another request's message is not taken");
        assertEquals("[\"<b>\\n\",\"third</b>\"]", cell(out, 4).getAsJsonArray("outputs").get(0).getAsJsonObject()
                .getAsJsonObject("data").get("text/html").toString(), "text is split into lines on disk");
    }

    @Test
    void outputThatIsLeftOutIsToldToTheListener() throws InterruptedException {
        List<String> notices = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1", "stranger late");
        NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS, listener);
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.get(0).startsWith("while cell 2 ran, 1 outputs came"), notices.get(0));
    }

    @Test
    void messageThatIsSignedWronglyIsLeftOutAndFailsItsCell() throws InterruptedException {
        RunOptions lenient = OPTIONS.withErrorsAllowed(true);
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1", "forge\nout mine", "out 3");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), lenient, RunListener.SILENT);
        assertEquals(RunStatus.CELL_FAILED, result.status());
        assertEquals("cell 2 failed: DamagedMessages: 1 messages of the kernel were damaged, incomplete or signed wrongly, and left out: outputs may be missing",
                result.message());
        assertEquals(List.of("stdout:mine\n"), outputs(result.output(), 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "display_data", "execute_result", "update_display_data", "error", ""})
    void messageThatLacksWhatMakesAnOutputFailsItsCell(String type) throws InterruptedException {
        RunResult result = run(NotebookFiles.write(folder.resolve("n.ipynb"), "broken " + type));
        assertEquals("cell 1 failed: DamagedMessages: 1 messages of the kernel were damaged, incomplete or signed wrongly, and left out: "
                + "outputs may be missing", result.message());
    }

    @Test
    void resultOfNothingIsNoDamage() throws InterruptedException {
        RunResult result = run(NotebookFiles.write(folder.resolve("n.ipynb"), "nothing")); // as kernels of xeus say it
        assertEquals(RunStatus.DONE, result.status(), result.message());
    }

    @Test
    void errorWithoutANameIsOneAllTheSame() throws InterruptedException {
        RunResult result = run(NotebookFiles.write(folder.resolve("n.ipynb"), "raise  127")); // as Bash's kernel says it
        assertEquals(RunStatus.CELL_FAILED, result.status());
        assertEquals(List.of("error:"), outputs(result.output(), 1));
        assertEquals("127", result.cells().get(0).error().orElseThrow().value());
    }

    /** Python's kernel may be asked for the length of such a string, say; JSON can tell it, UTF-8 alone cannot. */
    @Test
    void halfACharacterReachesTheKernelAsItIs() throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "chars aHALF😀");
        Files.writeString(notebook, Files.readString(notebook).replace("HALF", "\\ud83d"));
        RunResult result = run(notebook);
        assertEquals(List.of("stdout:61 d83d d83d de00\n"), outputs(result.output(), 1));
    }

    @Test
    void cellsAreCountedTimedAndDescribedAsNbclientDoes() throws InterruptedException {
        RunResult result = run(NotebookFiles.write(
                folder.resolve("n.ipynb"), markdown("# text"), code("out 1"), code(" \n"), code("sleep 50"), code("hang", "skip-execution")));
        Path out = result.output();
        assertEquals(RunStatus.DONE, result.status(), result.message());
        assertEquals("script", NotebookFiles.read(out).getAsJsonObject("metadata").getAsJsonObject("language_info").get("name").getAsString());
        assertEquals(2, cell(out, 4).get("execution_count").getAsInt());
        assertTrue(cell(out, 3).get("execution_count").isJsonNull(), "an empty cell is not run");
        assertEquals(
                List.of(CellOutcome.PASSED, CellOutcome.SKIPPED, CellOutcome.PASSED, CellOutcome.SKIPPED),
                result.cells().stream().map(CellResult::outcome).toList());
        assertEquals(List.of(2, 3, 4, 5), result.cells().stream().map(CellResult::number).toList());
        JsonObject execution = cell(out, 4).getAsJsonObject("metadata").getAsJsonObject("execution");
        List<String> events = List.of(
                "iopub.status.busy", "iopub.execute_input", "shell.execute_reply", "iopub.status.idle");
        assertTrue(execution.keySet().containsAll(events), execution.toString());
        Instant busy = Instant.parse(execution.get("iopub.status.busy").getAsString());
        Instant idle = Instant.parse(execution.get("iopub.status.idle").getAsString());
        assertFalse(idle.isBefore(busy.plusMillis(50)), execution.toString());
    }

    @Test
    void runStopsAtTheFirstFailingCellAndWhatWasDoneIsKept() throws InterruptedException {
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"), code("raise Expected fine", "raises-exception"), code("out 2\nraise Bad luck"), code("out 3"));
        RunResult result = run(notebook);
        assertEquals(RunStatus.CELL_FAILED, result.status());
        assertEquals("cell 2 failed: Bad: luck", result.message());
        assertEquals(
                List.of(CellOutcome.ERROR_ALLOWED, CellOutcome.FAILED, CellOutcome.NOT_RUN),
                result.cells().stream().map(CellResult::outcome).toList());
        assertEquals(List.of("error:Expected"), outputs(result.output(), 1));
        assertEquals(List.of("stdout:2\n", "error:Bad"), outputs(result.output(), 2));

        RunResult allowed = NotebookRunner.run(
                notebook, folder.resolve("allowed.ipynb"), OPTIONS.withErrorsAllowed(true), RunListener.SILENT);
        assertEquals(RunStatus.DONE, allowed.status(), allowed.message());
        assertEquals(List.of("stdout:3\n"), outputs(allowed.output(), 3));
    }

    @Test
    void taggedCellThatRaisesNothingFailsOnlyWhenStrict() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), code("out fine", "raises-exception"));
        assertEquals(RunStatus.DONE, run(notebook).status());
        RunResult strict = NotebookRunner.run(notebook, folder.resolve("strict.ipynb"), OPTIONS.withStrictErrors(true), RunListener.SILENT);
        assertEquals(RunStatus.CELL_FAILED, strict.status());
        assertTrue(strict.message().contains("is tagged raises-exception and raised none"), strict.message());
    }

    @Test
    void outputsThatAreNotTheStoredOnesFailTheRunWhichGoesOn() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), code("out 1.000\nresult 7"), code("out same"), code("out 3", "sanitize:\\d"));
        NotebookRunner.run(notebook, notebook, OPTIONS, RunListener.SILENT);
        RunOptions compare = OPTIONS.withComparison(Comparison.EXACT.withTolerance(1e-2));
        assertEquals(RunStatus.DONE, NotebookRunner.run(notebook, folder.resolve("same.ipynb"), compare, RunListener.SILENT).status());
        JsonObject changed = NotebookFiles.read(notebook);
        List<String> sources = List.of("out 1.001\nresult 8", "out same", "out 4");
        for (int i = 0; i < 3; i++) {
            changed.getAsJsonArray("cells").get(i).getAsJsonObject().addProperty("source", sources.get(i));
        }
        RunResult result = NotebookRunner.run(NotebookFiles.rewrite(notebook, changed), folder.resolve("out.ipynb"), compare, RunListener.SILENT);
        assertEquals(RunStatus.OUTPUT_DIFFERS, result.status());
        assertEquals("the outputs are not the stored ones in cell 1 [1]", result.message());
        assertEquals(List.of(CellOutcome.OUTPUT_DIFFERS, CellOutcome.PASSED, CellOutcome.PASSED),
                result.cells().stream().map(CellResult::outcome).toList());
        String report = FailureReport.of(result);
        assertTrue(report.contains("text/plain of display 1 differs: - stored, + now\n  - 7\n  + 8"), report);
    }

    @Test
    void displaysAreComparedInTheFormThatLaterCellsGiveThem() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), code("show one first\nout 1"), code("update one second"));
        Path stored = run(notebook).output();
        RunOptions compare = OPTIONS.withComparison(Comparison.EXACT);
        RunResult same = NotebookRunner.run(stored, folder.resolve("same.ipynb"), compare, RunListener.SILENT);
        assertEquals(RunStatus.DONE, same.status(), same.message());
        JsonObject changed = NotebookFiles.read(stored);
        changed.getAsJsonArray("cells").get(1).getAsJsonObject().addProperty("source", "update one third");
        RunResult result = NotebookRunner.run(
                NotebookFiles.rewrite(notebook, changed), folder.resolve("other.ipynb"), compare, RunListener.SILENT);
        assertEquals("the outputs are not the stored ones in cell 1 [1]", result.message());
        assertEquals(List.of("display:third"), outputs(result.output(), 1).subList(0, 1));
    }

    @Test
    void outputsToCompareWithAreNotOverwritten() throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1");
        String before = Files.readString(notebook);
        RunResult result = NotebookRunner.run(notebook, notebook, OPTIONS.withComparison(Comparison.EXACT), RunListener.SILENT);
        assertEquals(RunStatus.BAD_INPUT, result.status());
        assertTrue(result.message().startsWith("expected another file to write to, found the notebook itself"), result.message());
        assertEquals(before, Files.readString(notebook));
    }

    @Test
    void largeJsonIsCompared() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "show-json " + "x".repeat(200_000));
        Path stored = run(notebook).output();
        RunResult same = NotebookRunner.run(
                stored, folder.resolve("same.ipynb"), OPTIONS.withComparison(Comparison.EXACT), RunListener.SILENT);
        assertEquals(RunStatus.DONE, same.status(), same.message());
    }

    @Test
    void tagThatCannotBeUnderstoodIsRefusedBeforeTheKernelStarts() throws InterruptedException {
        Path started = folder.resolve("started");
        RunOptions compare = RunOptions.DEFAULT.withComparison(Comparison.EXACT)
                .withKernel(ScriptedKernel.spec("SCRIPTED_START", "die-once " + started));
        for (String tag : List.of("tolerance:abc", "tolerance:2", "sanitize:[")) {
            Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), markdown("text"), code("out 1", tag));
            RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), compare, RunListener.SILENT);
            assertEquals(RunStatus.BAD_INPUT, result.status());
            assertTrue(result.message().startsWith("cell 2 of " + notebook + ": the tag '" + tag + "' cannot be understood: "),
                    result.message());
        }
        assertFalse(Files.exists(started));
    }

    @Test
    void deeplyNestedOutputArrives() throws InterruptedException, IOException {
        RunResult result = run(NotebookFiles.write(folder.resolve("n.ipynb"), "show-deep 900", "out 2"));
        assertEquals(RunStatus.DONE, result.status(), result.message());
        assertTrue(Files.readString(result.output()).chars().filter(c -> c == '[').count() > 900);
    }

    @Test
    void folderOfNotebooksIsAStreamOfTests() throws InterruptedException, IOException {
        Files.createDirectories(folder.resolve("in/deep"));
        NotebookFiles.write(folder.resolve("in/a.ipynb"), "out 1");
        NotebookFiles.write(folder.resolve("in/deep/b.ipynb"), "raise Bad luck");
        List<NotebookTests> tests = NotebookTests.in(folder.resolve("in"), folder.resolve("out"), OPTIONS).toList();
        assertEquals(List.of(folder.resolve("in/a.ipynb").toString(), folder.resolve("in/deep/b.ipynb").toString()),
                tests.stream().map(NotebookTests::name).toList());
        tests.get(0).run();
        assertEquals(List.of("stdout:1\n"), outputs(folder.resolve("out/a.ipynb"), 1));
        AssertionError failed = assertThrows(AssertionError.class, () -> tests.get(1).run());
        assertTrue(failed.getMessage().contains("Bad: luck"), failed.getMessage());
        assertThrows(IllegalArgumentException.class, () -> NotebookTests.in(Files.createDirectory(folder.resolve("none")), folder, OPTIONS));
    }

    /** With {@code -Dadadiff.parallelStarts=200} as many as anyone will start. */
    @Test
    @Timeout(600)
    void parallelRunsTalkToTheirOwnKernels() {
        int runs = Integer.getInteger("adadiff.parallelStarts", 8);
        List<CompletableFuture<Void>> trials = IntStream.range(0, runs).mapToObj(i -> CompletableFuture.runAsync(() -> {
            Path notebook = NotebookFiles.write(folder.resolve("n" + i + ".ipynb"), "out " + i);
            try {
                RunOptions patient = OPTIONS.withStartTimeout(Duration.ofMinutes(5)); // 200 JVMs take more than one to start
                RunResult result = NotebookRunner.run(notebook, folder.resolve("out" + i + ".ipynb"), patient, RunListener.SILENT);
                assertEquals(RunStatus.DONE, result.status(), result.message());
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            assertEquals(List.of("stdout:" + i + "\n"), outputs(folder.resolve("out" + i + ".ipynb"), 1));
        }, trial -> new Thread(trial).start())).toList();
        trials.forEach(CompletableFuture::join);
    }

    @Test
    void abortedReplyAndQuestionToTheUserFailTheCell() throws InterruptedException {
        RunResult aborted = run(NotebookFiles.write(folder.resolve("n.ipynb"), "aborted"));
        assertEquals(RunStatus.CELL_FAILED, aborted.status());
        assertTrue(aborted.message().contains("'aborted'"), aborted.message());
        RunResult asked = run(NotebookFiles.write(folder.resolve("n.ipynb"), "sleep 200\nask your name"));
        assertEquals(RunStatus.CELL_FAILED, asked.status());
        assertTrue(asked.message().contains("no one is there to answer: your name"), asked.message());
    }

    @Test
    void outputIsOnDiskAfterEveryCell() throws InterruptedException {
        Path out = folder.resolve("out.ipynb");
        List<String> onDisk = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void cellStarted(int number, int cells) {
                onDisk.add(number + " of " + cells + " " + outputs(out, 1) + outputs(out, 2));
            }
        };
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out 1", "out 2", "out 3");
        NotebookRunner.run(notebook, out, OPTIONS, listener);
        assertEquals(
                List.of("1 of 3 [][]", "2 of 3 [stdout:1\n][]", "3 of 3 [stdout:1\n][stdout:2\n]"), onDisk);
    }

    @Test
    void notebookCanBeRunInPlaceAndAgain() throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "out once");
        for (int i = 0; i < 2; i++) {
            RunResult result = NotebookRunner.run(notebook, notebook, OPTIONS, RunListener.SILENT);
            assertEquals(RunStatus.DONE, result.status(), result.message());
            assertEquals(List.of("stdout:once\n"), outputs(notebook, 1));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(notebook), files.toList(), "nothing else is left beside it");
        }
    }

    @Test
    void kernelRunsInTheNotebooksFolderWithTheGivenEnvironment() throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "directory", "variable ADDED", "variable FROM_SPEC");
        RunOptions options = RunOptions.DEFAULT
                .withKernel(ScriptedKernel.spec("FROM_SPEC", "in ${PATH}", "ADDED", "overridden"))
                .withEnvironment("ADDED", "by option");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("o.ipynb"), options, RunListener.SILENT);
        assertEquals(List.of("stdout:" + folder.toRealPath() + "\n"), outputs(result.output(), 1));
        assertEquals(List.of("stdout:by option\n"), outputs(result.output(), 2));
        assertEquals(List.of("stdout:in " + System.getenv("PATH") + "\n"), outputs(result.output(), 3));
    }

    @Test
    void floodOfOutputArrivesWhole() throws InterruptedException {
        RunResult result = run(NotebookFiles.write(folder.resolve("n.ipynb"), "many 30000"));
        String text = outputs(result.output(), 1).get(0);
        assertEquals(30_000, text.lines().count());
        assertTrue(text.endsWith("line 29999\n"), "in order");
    }

    @Test
    void streamsOfACellAreCutWhereTheUserSaysSo() throws InterruptedException {
        int limit = 100;
        List<String> notices = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"), "large " + (limit - 3) + "\nout abc\nout lost\nshow id shown\nerr lost", "out next");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS.withOutputLimit(limit), listener);
        List<String> outputs = outputs(result.output(), 1);
        assertEquals(List.of("display:shown"), outputs.subList(1, outputs.size()), "it is shorter");
        String notice = "the cell has written " + limit + " characters; what it writes from here on is left out";
        assertTrue(outputs.get(0).endsWith("xabc\n[" + notice + "]\n"), outputs.get(0).substring(limit - 10));
        assertEquals(List.of(notice), notices);
        assertEquals(List.of("stdout:next\n"), outputs(result.output(), 2));
    }

    @Test
    void displaysLongerThanTheUserAllowsAreLeftOut() throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"),
                "show-large 100\nshow-large 101\nshow-large 5000000\nshow id short\nshow-json " + "j".repeat(101), "update id " + "u".repeat(101));
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS.withOutputLimit(100), RunListener.SILENT);
        assertEquals(RunStatus.DONE, result.status(), result.message());
        String leftOut = "display:[left out of a display, as longer than 100 characters: text/plain";
        assertEquals(List.of("display:" + "x".repeat(100), leftOut + "]", leftOut + "]", leftOut + ", text/html]", "display:json"), outputs(result.output(), 1),
                "the fourth is left out where the second cell displays it anew");
        String saved = Files.readString(result.output());
        assertTrue(saved.length() < 5000 && !saved.contains("application/json"), saved);
    }

    @Test
    void parallelRunsDoNotDisturbEachOther() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            Path notebook = NotebookFiles.write(folder.resolve(i + ".ipynb"), "out " + i);
            Path out = folder.resolve("out-" + i + ".ipynb");
            threads.add(new Thread(() -> {
                try {
                    NotebookRunner.run(notebook, out, OPTIONS, RunListener.SILENT);
                    seen.addAll(outputs(out, 1));
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of("stdout:0\n", "stdout:1\n", "stdout:2\n", "stdout:3\n"), seen.stream().sorted().toList());
    }
}
