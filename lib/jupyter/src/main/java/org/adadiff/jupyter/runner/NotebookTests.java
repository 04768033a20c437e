package org.adadiff.jupyter.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Notebooks as tests of a JUnit class, one each:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> notebooks() throws IOException {
 *     RunOptions options = RunOptions.DEFAULT.withOfferedKernel(KernelSpec.ofThisClassPath());
 *     return DynamicTest.stream(NotebookTests.in(Path.of("notebooks"), Path.of("target/notebooks"), options),
 *             NotebookTests::name, NotebookTests::run);
 * }
 * }</pre>
 *
 * @param notebook the file to run
 * @param output where it is written with its outputs
 * @param options how it is run
 */
public record NotebookTests(Path notebook, Path output, RunOptions options) {
    /**
     * The notebooks of a folder and of its sub-folders, in the order of their names, Jupyter's checkpoints left out.
     *
     * @param folder where they are
     * @param outputs the folder for what they write; their paths below it are those below the other
     * @param options how they are run
     * @return a test for each
     * @throws IOException if the folder cannot be read
     * @throws IllegalArgumentException if it holds no notebook: a test that runs nothing must not pass
     */
    public static Stream<NotebookTests> in(Path folder, Path outputs, RunOptions options) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".ipynb") && !file.toString().contains(".ipynb_checkpoints"))
                    .sorted().toList();
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("expected .ipynb files, found none in " + folder);
        }
        return files.stream().map(file -> new NotebookTests(file, outputs.resolve(folder.relativize(file)), options));
    }

    /**
     * The test's name.
     *
     * @return the notebook's path
     */
    public String name() {
        return notebook.toString();
    }

    /**
     * Runs the notebook.
     *
     * @throws AssertionError if the run is not done; its message is the whole report
     * @throws InterruptedException if this thread is interrupted; the kernel has then been ended
     */
    public void run() throws InterruptedException {
        RunResult result = NotebookRunner.run(notebook, output, options, RunListener.SILENT);
        if (result.status() != RunStatus.DONE) {
            throw new AssertionError(FailureReport.of(result));
        }
    }
}
