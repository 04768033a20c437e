package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.adadiff.jupyter.runner.Comparison;
import org.adadiff.jupyter.runner.FailureReport;
import org.adadiff.jupyter.runner.GitHubAnnotations;
import org.adadiff.jupyter.runner.JUnitReport;
import org.adadiff.jupyter.runner.NotebookRunner;
import org.adadiff.jupyter.runner.Parameter;
import org.adadiff.jupyter.runner.ParameterFile;
import org.adadiff.jupyter.runner.RunException;
import org.adadiff.jupyter.runner.RunOptions;
import org.adadiff.jupyter.runner.RunResult;
import org.adadiff.jupyter.runner.RunStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adadiff notebooks}: runs notebooks headless. */
@Command(name = "notebooks", description = {"Runs notebooks headless and writes them with their outputs.",
    "Without a notebook: all of notebooks/, in the smoke profile, with HTML pages."},
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:done", "1:a cell failed", "2:bad usage or bad input",
            "3:time-out", "4:the kernel died", "5:no such kernel, or it did not start", "7:an output is not the stored one",
            "130, 143:ended by Ctrl-C, by SIGTERM"})
final class NotebooksCommand implements Callable<Integer> {
    private static final Duration MOST = Duration.ofDays(365); // of any limit
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10); // about when a CI system kills

    @Parameters(arity = "0..*", paramLabel = "NOTEBOOK", description = "Files, or folders of them.")
    private List<Path> notebooks = List.of();

    // Not a map: picocli would then look for quotes inside the values
    @Option(names = "-p", paramLabel = "name=value", description = "Sets a parameter, typed as the notebook declares it.")
    private List<String> parameters = List.of();

    @Option(names = "-f", paramLabel = "FILE", description = "Sets the parameters of a YAML file; -p comes after it.")
    private List<Path> parameterFiles = List.of();

    @Option(names = "--inspect", description = "List the notebooks' parameters; run nothing.")
    private boolean inspect;

    @Option(names = "--kernel", paramLabel = "NAME",
            description = "An installed kernel (default: the one the notebook names; for java, this project's own).")
    private String kernel;

    @Option(names = "--output-dir", paramLabel = "DIR", description = "Default: target/notebooks/.")
    private Path outputDirectory;

    @Option(names = "--in-place", description = "Write the outputs into the notebooks themselves.")
    private boolean inPlace;

    @Option(names = "--cell-timeout", paramLabel = "S", defaultValue = "0", description = "Seconds per cell; 0 for no limit.")
    private double cellTimeoutSeconds;

    @Option(names = "--timeout", paramLabel = "S", defaultValue = "0", description = "Seconds per notebook; 0 for no limit.")
    private double timeoutSeconds;

    @Option(names = "--start-timeout", paramLabel = "S", description = "Seconds until the kernel answers (default: 60); 0 for no limit.")
    private Double startTimeoutSeconds;

    @Option(names = "--allow-errors", description = "Go on after a cell that fails.")
    private boolean allowErrors;

    @Option(names = "--strict", description = "A cell tagged raises-exception that raises none fails.")
    private boolean strict;

    @Option(names = "--max-output", paramLabel = "N",
            description = "Cut what a cell prints after N characters, and leave out displays that are longer, with a notice.")
    private Long maxOutput;

    @Option(names = "--work-dir", paramLabel = "DIR",
            description = "Run each notebook in a folder of its own there (default: in the folder that it lies in).")
    private Path workDirectory;

    @Option(names = "--compare", description = "A cell whose outputs are not those stored in the notebook fails (exit code 7).")
    private boolean compare;

    @Option(names = "--sanitize", paramLabel = "FILE", description = "For --compare: sanitizers in nbval's form, a regex: and a replace: line each.")
    private Path sanitizers;

    @Option(names = "--tolerance", paramLabel = "X", defaultValue = "0",
            description = "For --compare: numbers may differ by that part of themselves, such as 1e-6.")
    private double tolerance;

    @Option(names = "--log", description = "Print what cells write, as they write it.")
    private boolean log;

    @Option(names = "--annotations", description = "Print failures as GitHub annotations (default: where GITHUB_ACTIONS is set).")
    private boolean annotations;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1", description = "Notebooks to run side by side (default: 1).")
    private int jobs;

    @Option(names = "--html", description = "Write an HTML page for each notebook, and an index.")
    private boolean html;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.")
    private Path junit;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean all = notebooks.isEmpty();
        html |= all && !inspect;
        List<Path> files = files(all ? List.of(Home.directory().resolve("notebooks")) : notebooks);
        if (inspect) {
            return inspect(files);
        }
        Path directory = outputDirectory != null ? outputDirectory : Home.directory().resolve("target/notebooks");
        RunOptions options = options();
        checkNames(files, directory);
        Home.expectWritable("--junit", junit);
        annotations |= "true".equals(System.getenv("GITHUB_ACTIONS"));
        // A CI system that cancels a job gets the reports of what has run
        try (StopSignal signal = new StopSignal(STOP_LIMIT)) {
            List<RunResult> results = runAndTell(files, directory, options, signal::isGiven);
            if (html) {
                NotebookReports.writePages(results, directory);
                System.out.println("Read them at " + directory.resolve("index.html").toAbsolutePath().normalize());
            }
            // Of several failures the first one's code: notebooks run in the order they were named.
            return results.stream().map(result -> result.status().exitCode()).filter(code -> code != 0).findFirst().orElse(0);
        }
    }

    private List<RunResult> runAndTell(List<Path> files, Path directory, RunOptions options, BooleanSupplier cancelled)
            throws IOException, InterruptedException {
        String token = "cells-" + UUID.randomUUID();
        if (annotations) {
            System.out.println("::stop-commands::" + token); // what cells print may look like some
        }
        List<RunResult> results;
        try {
            results = runAll(files, directory, options, cancelled);
            if (junit != null) { // first, as time may be short, and as no one may read what is printed
                JUnitReport.write(results, junit);
            }
            NotebookReports.summarise(results, System.out);
        } finally {
            if (annotations) {
                System.out.println("::" + token + "::");
            }
        }
        if (annotations) {
            results.stream().flatMap(result -> GitHubAnnotations.of(result).stream()).forEach(System.out::println);
        }
        return results;
    }

    private static int inspect(List<Path> files) {
        for (Path file : files) {
            List<Parameter> parameters;
            try {
                parameters = NotebookRunner.parameters(file);
            } catch (RunException unreadable) {
                throw new IllegalArgumentException(unreadable.getMessage(), unreadable);
            }
            System.out.println(file + (parameters.isEmpty() ? ": no parameters" : ":"));
            parameters.forEach(parameter -> System.out.println("    " + parameter));
        }
        return 0;
    }

    private static List<Path> files(List<Path> named) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : named) {
            if (path.toString().isEmpty()) { // a shell's variable that is not set
                throw new IllegalArgumentException("notebooks: expected a file or folder, found an empty name");
            }
            if (Files.notExists(path)) {
                // Told before the first one runs, which may take an hour
                throw new IllegalArgumentException("notebooks: no such file: " + path);
            }
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(file -> file.toString().endsWith(".ipynb") && !Files.isDirectory(file)).sorted().forEach(files::add);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("notebooks: expected .ipynb files, found none in " + named);
        }
        return files;
    }

    /**
     * All outputs go into one folder, where two notebooks of the same name would overwrite each other, and where a notebook
     * would be overwritten by its own output; only --in-place means that.
     */
    private void checkNames(List<Path> files, Path directory) throws IOException {
        if (inPlace && outputDirectory != null && !html) {
            throw new IllegalArgumentException("--in-place writes into the notebooks themselves: expected no --output-dir, found "
                    + outputDirectory);
        }
        Map<Path, Path> owners = new HashMap<>();
        for (Path file : files) {
            Path output = directory.resolve(file.getFileName());
            if (!inPlace && Files.exists(output) && Files.isSameFile(file, output)) {
                throw new IllegalArgumentException("--output-dir: expected another folder than the notebook's own, found "
                        + directory + "; --in-place writes the outputs into the notebook itself");
            }
            Path written = !inPlace ? directory.resolve(file.getFileName())
                    : html ? directory.resolve(NotebookReports.page(file)) : file.toRealPath();
            expectOwn(written, file, owners, "be written to ", "; run them one by one, each with its --output-dir");
            if (workDirectory != null) {
                expectOwn(workDirectory.resolve(name(file)), file, owners, "run in ", "");
            }
        }
    }

    private static void expectOwn(Path place, Path file, Map<Path, Path> owners, String what, String advice) {
        Path other = owners.put(place, file);
        if (other != null) {
            throw new IllegalArgumentException("notebooks: expected a name of its own for each, found " + other + " and " + file
                    + ", which would both " + what + place + advice);
        }
    }

    private List<RunResult> runAll(List<Path> files, Path directory, RunOptions options, BooleanSupplier cancelled)
            throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(jobs);
        try (Progress progress = new Progress(System.out, Boolean.getBoolean("adadiff.terminal"), log, files.size(), cancelled)) {
            List<Future<RunResult>> futures = new ArrayList<>();
            for (Path file : files) {
                Path output = inPlace ? file : directory.resolve(file.getFileName());
                RunOptions own = workDirectory == null ? options : options.withWorkingDirectory(workDirectory.resolve(name(file)));
                futures.add(executor.submit(() -> run(file, output, own, progress)));
            }
            List<RunResult> results = new ArrayList<>();
            for (Future<RunResult> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a notebook's run broke off: " + e.getCause(), e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private static String name(Path notebook) {
        return notebook.getFileName().toString().replaceFirst("\\.ipynb$", "");
    }

    private RunOptions options() throws IOException {
        if (jobs < 1) {
            throw new IllegalArgumentException("--jobs: expected at least 1, found " + jobs);
        }
        RunOptions options = kernel != null ? RunOptions.DEFAULT.withKernel(kernel)
                : RunOptions.DEFAULT.withOfferedKernel(OwnKernel.spec());
        for (Path file : parameterFiles) {
            for (Map.Entry<String, String> parameter : ParameterFile.read(file).entrySet()) {
                options = options.withParameter(parameter.getKey(), parameter.getValue());
            }
        }
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("-p: expected name=value, found '" + parameter + "'");
            }
            options = options.withParameter(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        Optional<Duration> cellLimit = limit("--cell-timeout", cellTimeoutSeconds);
        Optional<Duration> limit = limit("--timeout", timeoutSeconds);
        options = cellLimit.isPresent() ? options.withCellTimeout(cellLimit.get()) : options;
        options = limit.isPresent() ? options.withTimeout(limit.get()) : options;
        if (startTimeoutSeconds != null) {
            options = options.withStartTimeout(limit("--start-timeout", startTimeoutSeconds).orElse(MOST));
        }
        options = maxOutput == null ? options : options.withOutputLimit(maxOutput);
        if (compare) {
            Comparison comparison = Comparison.EXACT.withTolerance(tolerance);
            options = options.withComparison(sanitizers == null ? comparison : comparison.withSanitizers(sanitizers));
        } else if (sanitizers != null || tolerance != 0) {
            throw new IllegalArgumentException("--sanitize and --tolerance: expected --compare with them, found none");
        }
        return options.withErrorsAllowed(allowErrors).withStrictErrors(strict);
    }

    private static Optional<Duration> limit(String option, double seconds) {
        if (!(seconds >= 0 && seconds <= MOST.toSeconds())) {
            throw new IllegalArgumentException(option + ": expected seconds, up to a year, or 0 for no limit, found " + seconds);
        }
        // Half a millisecond is a limit too
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) Math.ceil(1000 * seconds)));
    }

    private static RunResult run(Path notebook, Path output, RunOptions options, Progress progress) throws InterruptedException {
        RunResult result = NotebookRunner.run(notebook, output, options, progress.of(notebook));
        if (result.status() != RunStatus.DONE) {
            progress.print("\n" + FailureReport.of(result) + "\n");
        }
        progress.notebookEnded();
        return result;
    }
}
