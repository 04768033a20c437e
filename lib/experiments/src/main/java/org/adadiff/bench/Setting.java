package org.adadiff.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.adadiff.train.Workspace;

/**
 * How the suites measure.
 *
 * @param home the project's folder
 * @param data the data directory
 * @param threads how many threads each subject computes with
 * @param rounds how often processes alternate; a measurement is the median of its rounds
 * @param torch PyTorch; empty where it is not installed
 */
public record Setting(Path home, Path data, int threads, int rounds, Optional<PyTorch> torch) {
    /** Returns what every measuring process finds in its environment. */
    Map<String, String> environment() {
        return Map.of("OMP_NUM_THREADS", Integer.toString(threads), "ADADIFF_DATA", data.toString());
    }

    /** Returns the start of a command that runs a class of this class path in a JVM of its own. */
    List<String> java() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + Workspace.HOME_PROPERTY + "=" + home, "-cp", classPath());
    }

    /** The class path of this process; absolute, because a child may be started elsewhere. */
    private static String classPath() {
        return String.join(File.pathSeparator, List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString()).toList());
    }
}
