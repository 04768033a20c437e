package org.adadiff.jupyter.runner;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a notebook from its first code cell to its last in a kernel's process of its own, and writes it with its outputs
 * after every cell, so that whatever happens the work done is on disk.
 */
public final class NotebookRunner {
    private NotebookRunner() {}

    /**
     * Runs a notebook. Its folder is the kernel's working directory. What goes wrong is told by the result; many may run
     * at a time.
     *
     * @param notebook an {@code .ipynb} file of nbformat 4
     * @param output where to write it with its outputs; may be the same file
     * @param options how to run it
     * @param listener hears of its progress
     * @return how it went
     * @throws InterruptedException if this thread is interrupted; the kernel has then been ended
     */
    public static RunResult run(Path notebook, Path output, RunOptions options, RunListener listener)
            throws InterruptedException {
        NotebookRun run = new NotebookRun(notebook, output, options, listener);
        AtomicReference<RunResult> result = new AtomicReference<>();
        // A thread that no one else can interrupt: an interrupt would break the sockets, which belong to it.
        Thread thread = new Thread(() -> result.set(run.run()), "run-" + notebook.getFileName());
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            run.cancel();
            thread.join();
            throw interrupted;
        }
        if (result.get() == null) {
            throw new IllegalStateException("the run of " + notebook + " ended with an error: see above");
        }
        return result.get();
    }

    /**
     * Loads what every run needs, so that the first one starts its kernel sooner: for a thread of its own, while another
     * finds out what is to be run. It changes nothing.
     */
    public static void warmUp() {
        try (LongTexts texts = new LongTexts(Path.of(""))) {
            texts.parse(new StringReader("{\"cells\": [\"\"]}"));
            KernelSpecs.installed().list();
            new KernelClient(new Connection(0, 0, 0, 0, 0, "none"), texts).close();
        }
    }

    /** What the notebook says, or else its kernel, which may be one that an application brings along. */
    private static String language(Notebook notebook) throws RunException {
        Optional<String> kernel = notebook.kernelName();
        if (!notebook.language().isEmpty() || kernel.isEmpty() || kernel.get().equals("java")) {
            return notebook.language().isEmpty() ? "java" : notebook.language();
        }
        return KernelSpecs.installed().find(kernel.get()).language();
    }

    /**
     * Lists the variables that a notebook lets its user set: those of its cell tagged {@code parameters}.
     *
     * @param notebook an {@code .ipynb} file
     * @return in the order of the cell; none if there is no such cell
     * @throws RunException with {@link RunStatus#BAD_INPUT} if the notebook or the cell cannot be read
     */
    public static List<Parameter> parameters(Path notebook) throws RunException {
        try (LongTexts texts = new LongTexts(Path.of(System.getProperty("java.io.tmpdir")))) {
            Notebook read = Notebook.read(notebook, texts, Cell::dropOutputs);
            boolean none = read.cells().stream().noneMatch(cell -> cell.hasTag("parameters"));
            return none ? List.of() : Parameters.of(read, language(read), notebook).list();
        }
    }
}
