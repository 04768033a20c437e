package org.adadiff.jupyter.runner;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.adadiff.jupyter.runner.Message.Channel;

/** One run of a notebook. */
final class NotebookRun {
    private final Path file;
    private final Path output;
    private final RunOptions options;
    private final RunListener listener;
    private final StoredOutputs stored;
    private final Map<Integer, CellResult> results = new LinkedHashMap<>(); // by the cell's number
    private final long start = System.nanoTime();
    private final Deadline deadline;
    private int refused; // messages of the kernel that have been told of
    private volatile boolean cancelled;

    NotebookRun(Path file, Path output, RunOptions options, RunListener listener) {
        this.file = file;
        this.output = output;
        this.options = options;
        this.listener = listener;
        stored = new StoredOutputs(options.comparison());
        deadline = Deadline.in(options.timeout());
    }

    /** Ends the run as soon as may be, with its kernel; from any thread. */
    void cancel() {
        cancelled = true;
    }

    private boolean isCancelled() {
        return cancelled || listener.isCancelled();
    }

    /** Runs it, and tells by the result what goes wrong. */
    RunResult run() {
        RunStatus status = RunStatus.DONE;
        String message = "";
        try (LongTexts texts = new LongTexts(AtomicFile.target(output).getParent())) {
            runNotebook(texts);
        } catch (RunException failed) {
            status = failed.status();
            message = failed.getMessage();
        } catch (IOException | UncheckedIOException unwritable) {
            status = RunStatus.BAD_INPUT;
            message = "cannot write the output notebook: " + (unwritable instanceof UncheckedIOException ? unwritable.getCause() : unwritable);
        } catch (RuntimeException | Error defect) {
            // Other notebooks, and the reports, must not go down with this one
            status = RunStatus.CELL_FAILED;
            message = "the runner itself failed: " + Arrays.stream(defect.getStackTrace()).limit(8).map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining("", defect.toString(), ""));
        }
        return new RunResult(
                file, output, status, message, new ArrayList<>(results.values()), Duration.ofNanos(System.nanoTime() - start));
    }

    private void runNotebook(LongTexts texts) throws RunException, IOException {
        if (isCancelled()) {
            throw new RunException(RunStatus.CANCELLED, "the run was cancelled before it began");
        }
        // Outputs of an earlier run are let go of while the notebook is read: they may be larger than the memory
        Notebook notebook = Notebook.read(file, texts, cell -> {
            stored.keep(cell);
            if (isToRun(cell)) {
                cell.clear();
            }
        });
        if (stored.areCompared() && Files.exists(output) && Files.isSameFile(file, output)) {
            throw new RunException(RunStatus.BAD_INPUT,
                    "expected another file to write to, found the notebook itself, whose outputs are to be compared with: " + file);
        }
        notebook.repairs().forEach(listener::notice);
        stored.checkTags(notebook.cells(), file);
        KernelSpec spec = kernel(notebook);
        List<Cell> asRead = notebook.cells();
        if (!options.parameters().isEmpty()) {
            Parameters.of(notebook, spec.language(), file).inject(options.parameters());
        }
        List<Path> parts = SavedNotebook.parts(output);
        Path folder = options.workingDirectory().orElseGet(() -> file.toAbsolutePath().getParent());
        try {
            Files.createDirectories(folder);
        } catch (IOException notMade) {
            throw new RunException(RunStatus.BAD_INPUT, "cannot make the working directory: " + notMade, notMade);
        }
        Deadline startLimit = Deadline.in(options.startTimeout());
        KernelSession kernel = new KernelSession(spec, folder, options.environment(), parts, texts);
        boolean done = false;
        try {
            // While the kernel starts:
            listCells(notebook.cells(), asRead);
            // What an earlier run left under the output's name must not be taken for this run's. In place, it is kept until
            // there is something to put there.
            if (!(Files.exists(output) && Files.isSameFile(file, output))) {
                NotebookWriter.write(notebook, output);
            }
            kernel.awaitReady(startLimit, deadline, this::isCancelled);
            refused = kernel.client().refused();
            describeLanguage(notebook, kernel.languageInfo());
            runCells(notebook, kernel, new SavedNotebook(notebook, output, parts, texts), texts);
            done = true;
            List<String> different = results.values().stream()
                    .filter(cell -> cell.outcome() == CellOutcome.OUTPUT_DIFFERS).map(CellResult::label).toList();
            if (!different.isEmpty()) {
                throw new RunException(RunStatus.OUTPUT_DIFFERS, "the outputs are not the stored ones in " + String.join(", ", different));
            }
        } finally {
            kernel.close(done);
            for (Path part : parts) { // that a full disk, say, has kept from becoming the output
                Files.deleteIfExists(part);
            }
        }
    }

    private boolean isToRun(Cell cell) {
        return cell.isToRun() && !stored.skip(cell);
    }

    /** Notes each code cell as one that has not run, with the lines on which it stands in the notebook's file. */
    private void listCells(List<Cell> cells, List<Cell> asRead) throws IOException {
        List<List<Integer>> sourceLines = SourceLines.of(file);
        Map<JsonObject, List<Integer>> lines = new IdentityHashMap<>();
        IntStream.range(0, asRead.size()).forEach(i -> lines.put(asRead.get(i).json(), sourceLines.get(i)));
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (cell.isCode()) {
                CellOutcome outcome = isToRun(cell) ? CellOutcome.NOT_RUN : CellOutcome.SKIPPED;
                results.put(i + 1, new CellResult(
                        i + 1, 0, cell.source(), lines.getOrDefault(cell.json(), List.of()), outcome, Duration.ZERO, Optional.empty()));
            }
        }
    }

    private void runCells(Notebook notebook, KernelSession kernel, SavedNotebook saved, LongTexts texts) throws RunException, IOException {
        List<Cell> cells = notebook.cells();
        Displays displays = new Displays();
        Widgets widgets = new Widgets();
        Function<Integer, Running> starting = i -> {
            Cell cell = cells.get(i);
            CellOutputs outputs = new CellOutputs(i, cell, displays, widgets, listener,
                    content -> kernel.client().send(Channel.SHELL, "comm_msg", content), options.outputLimit(), texts);
            return new Running(new CellRun(kernel, cell, outputs, this::isCancelled), outputs, System.nanoTime(),
                    Deadline.in(options.cellTimeout()).or(deadline));
        };
        try {
            Running running = next(cells, 0).map(starting).orElse(null);
            for (int i = 0; i < cells.size(); i++) {
                if (isToRun(cells.get(i))) {
                    Cell cell = cells.get(i);
                    listener.cellStarted(i + 1, cells.size());
                    Optional<RunException> end = end(i + 1, cell, running, kernel.client());
                    stored.difference(i, cell, displays).ifPresent(differs(i + 1));
                    // The kernel has the next cell before this one is written: neither then waits for the other
                    running = end.isPresent() ? null : next(cells, i + 1).map(starting).orElse(null);
                    Map<Integer, Map<Integer, JsonObject>> changes = displays.changes();
                    stored.displayAnew(changes);
                    saved.save(i, changes);
                    listener.cellFinished(results.get(i + 1), cells.size());
                    if (end.isPresent()) {
                        throw end.get();
                    }
                } else if (cells.get(i).isCode()) {
                    listener.cellFinished(results.get(i + 1), cells.size());
                }
            }
            // Not if a cell has failed: those after it have not displayed anew what they are to
            stored.lastDifferences(cells).forEach((i, difference) -> differs(i + 1).accept(difference));
        } finally {
            widgets.metadata().ifPresent(state -> notebook.metadata().add("widgets", state));
            saved.finish(displays.changes());
        }
    }

    private KernelSpec kernel(Notebook notebook) throws RunException {
        if (options.kernelSpec().isPresent()) {
            return options.kernelSpec().get();
        }
        Optional<KernelSpec> offered = options.offeredKernel();
        String language = notebook.language();
        if (options.kernelName().isEmpty() && offered.isPresent() && notebook.kernelName().map(offered.get().name()::equals)
                .orElse(language.isEmpty() || language.equalsIgnoreCase(offered.get().language()))) {
            return offered.get();
        }
        KernelSpecs installed = KernelSpecs.installed();
        Optional<String> name = options.kernelName().or(notebook::kernelName).or(() -> installed.ofLanguage(language));
        if (name.isEmpty()) {
            throw installed.none("no kernel is given, and " + file + " names none in metadata.kernelspec.name");
        }
        return installed.find(name.get());
    }

    /** A cell that the kernel has been given. */
    private record Running(CellRun run, CellOutputs outputs, long begin, Deadline limit) {}

    private Optional<Integer> next(List<Cell> cells, int from) {
        return IntStream.range(from, cells.size()).filter(i -> isToRun(cells.get(i))).boxed().findFirst();
    }

    /** Waits for a cell's end; gives what ends the run with it, if something does. */
    private Optional<RunException> end(int number, Cell cell, Running running, KernelClient client) {
        CellRun run = running.run();
        CellOutcome outcome = CellOutcome.PASSED;
        Optional<CellError> error = Optional.empty();
        Optional<RunException> end = Optional.empty();
        try {
            error = run.end(running.limit());
            if (run.lateOutputs() > 0) {
                listener.notice("while cell " + number + " ran, " + run.lateOutputs()
                        + " outputs came from threads of cells that had ended; as in nbclient, they are left out");
            }
            boolean expected = cell.hasTag("raises-exception") || stored.expectError(cell);
            if (error.isEmpty() && expected && options.strictErrors()) {
                error = Optional.of(new CellError("NothingRaised", "the cell is tagged raises-exception and raised none", List.of()));
                expected = false;
            }
            if (error.isPresent()) {
                boolean allowed = options.allowErrors() || expected;
                outcome = allowed ? CellOutcome.ERROR_ALLOWED : CellOutcome.FAILED;
                if (!allowed) {
                    if (isCancelled()) { // at a terminal, Ctrl-C interrupts the kernel too
                        throw CellRun.cancellation(null);
                    }
                    end = Optional.of(new RunException(RunStatus.CELL_FAILED, "cell " + number + " failed: " + error.get()));
                }
            }
            if (client.refused() > refused && end.isEmpty()) {
                error = Optional.of(new CellError("DamagedMessages", refusals(client) + ": outputs may be missing", List.of()));
                outcome = CellOutcome.FAILED;
                end = Optional.of(new RunException(RunStatus.CELL_FAILED, "cell " + number + " failed: " + error.get()));
            }
        } catch (RunException ended) {
            String damaged = client.refused() > refused ? "; " + refusals(client) : "";
            outcome = switch (ended.status()) {
                case KERNEL_DIED -> CellOutcome.KERNEL_DIED;
                case CANCELLED -> CellOutcome.CANCELLED;
                default -> CellOutcome.TIMED_OUT;
            };
            error = running.outputs().error();
            end = Optional.of(new RunException(ended.status(), "cell " + number + ": " + ended.getMessage() + damaged, ended));
        }
        refused = client.refused();
        Duration time = Duration.ofNanos(System.nanoTime() - running.begin());
        results.put(number, new CellResult(
                number, cell.executionCount(), cell.source(), results.get(number).lines(), outcome, time, error));
        return end;
    }

    private String refusals(KernelClient client) {
        return (client.refused() - refused) + " messages of the kernel were damaged, incomplete or signed wrongly, and left out";
    }

    /** Notes what differs in a cell, unless it has failed anyhow. */
    private Consumer<CellError> differs(int number) {
        return difference -> results.computeIfPresent(number, (key, ran) -> ran.outcome().isFailure() ? ran
                : new CellResult(number, ran.executionCount(), ran.source(), ran.lines(), CellOutcome.OUTPUT_DIFFERS, ran.time(),
                        Optional.of(difference)));
    }

    private static void describeLanguage(Notebook notebook, JsonObject languageInfo) {
        if (languageInfo.size() > 0) {
            notebook.metadata().add("language_info", languageInfo);
        }
    }
}
