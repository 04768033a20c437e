package org.adadiff.train;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a run or a measurement says of where it took place. */
public final class Host {
    private Host() {}

    /**
     * Names the processor.
     *
     * @return its model, or {@code unknown}
     */
    public static String cpu() {
        Path linux = Path.of("/proc/cpuinfo");
        if (Files.isReadable(linux)) {
            try (var lines = Files.lines(linux)) {
                return lines.filter(line -> line.startsWith("model name")).findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
            } catch (IOException e) {
                return "unknown";
            }
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows != null ? windows : output("sysctl", "-n", "machdep.cpu.brand_string");
    }

    /**
     * Names the GPUs.
     *
     * @return what nvidia-smi says, or {@code unknown}
     */
    public static String gpu() {
        return output("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader");
    }

    /**
     * Returns the commit of the project that this software was built in.
     *
     * @return 40 digits, and "-dirty" where files have changed since; "unknown" outside of a clone of the project
     */
    public static String commit() {
        return commit(classes());
    }

    /**
     * Returns the commit of the project that these classes were built in: the working directory may well be in another
     * repository.
     *
     * @param folder where the classes lie, somewhere in the project
     * @return 40 digits, and "-dirty" where files have changed since; "unknown" where the folder is in no clone of the project
     */
    static String commit(Path folder) {
        return Workspace.rootAbove(folder).map(root -> output("git", "-C", root.toString(), "describe", "--always", "--dirty",
                "--abbrev=40", "--exclude=*")).orElse("unknown");
    }

    /** Returns the folder or jar that this class came from. */
    static Path classes() {
        try {
            return Path.of(Host.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of the classes: expected a file, found " + e.getInput(), e);
        }
    }

    /** Returns what a command prints, or "unknown" where it does not run. */
    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? new String(process.getInputStream().readAllBytes()).strip() : "unknown"; // a line, which the pipe holds meanwhile
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
