package org.adadiff.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PyTorch and torchvision, as an interpreter of this machine has them.
 *
 * @param interpreter the Python that imports them
 * @param version PyTorch's version
 */
public record PyTorch(String interpreter, String version) {
    private static final String CHOICE = "ADADIFF_PYTHON";

    /**
     * Debian's packages serve Debian's own interpreter only, which need not be the first on the PATH. A user's choice goes first.
     */
    private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");

    /**
     * Looks for an interpreter that imports torch and torchvision: the one named by the environment variable ADADIFF_PYTHON, else
     * Debian's own, else the first on the PATH.
     *
     * @return PyTorch; empty where it is not installed
     * @throws InterruptedException if this thread is interrupted
     */
    public static Optional<PyTorch> find() throws InterruptedException {
        String chosen = System.getenv(CHOICE);
        for (String interpreter : chosen != null ? List.of(chosen) : INTERPRETERS) {
            Optional<PyTorch> found = at(interpreter);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * Says what to do where {@link #find} finds none.
     *
     * @return a line
     */
    public static String missing() {
        String chosen = System.getenv(CHOICE);
        return chosen == null ? "PyTorch is not installed; environment/bench/install installs it"
                : CHOICE + ": expected a Python that imports torch and torchvision, found " + chosen;
    }

    static Optional<PyTorch> at(String interpreter) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(interpreter, "-c", "import torch, torchvision; print(torch.__version__)")
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    return Optional.empty();
                }
                return Optional.of(new PyTorch(interpreter, new String(process.getInputStream().readAllBytes()).strip()));
            } finally {
                process.destroyForcibly(); // one that is still importing, or waits for what nobody gives it
            }
        } catch (IOException e) {
            return Optional.empty(); // there is no such interpreter
        }
    }

    /** Runs a script of environment/bench and returns what it measured. */
    List<Measurement> measure(Setting setting, String script, String... arguments) throws IOException, InterruptedException {
        // With glibc's own settings, as its users run it: the launcher's, for MXNet's arrays, cost it a quarter of its speed
        List<String> command = new ArrayList<>(List.of("env", "-u", "MALLOC_ARENA_MAX", "-u", "GLIBC_TUNABLES",
                interpreter, "-B", setting.home().resolve("environment/bench").resolve(script).toString()));
        command.addAll(List.of(arguments));
        return Child.measurements(setting, command);
    }
}
