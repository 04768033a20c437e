package org.adadiff.bench;

import ai.djl.Device;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the suites measure.
 *
 * @param home the project's folder
 * @param data the data directory
 * @param threads how many threads each subject computes with
 * @param rounds how often processes alternate; a measurement is the median of its rounds
 * @param torch PyTorch; empty where it is not installed
 * @param networks which networks; those that each suite thinks of, if empty
 * @param device where updates, training and evaluation compute: {@code cpu}, or {@code gpu} for the first GPU
 */
public record Setting(Path home, Path data, int threads, int rounds, Optional<PyTorch> torch, List<Network> networks, String device) {
    private static final String DEVICE = "ADADIFF_DEVICE";
    private static final String GPU = "gpu";

    /** Returns the device that a measuring process was started for, by its environment. */
    static Device ofThisProcess() {
        return GPU.equals(System.getenv(DEVICE)) ? Device.gpu(0) : Device.cpu();
    }

    /**
     * Tells where the measured processes compute.
     *
     * @return whether that is a GPU
     */
    public boolean onGpu() {
        return device.equals(GPU);
    }

    /** Returns what every measuring process finds in its environment. */
    Map<String, String> environment() {
        return Map.of("OMP_NUM_THREADS", Integer.toString(threads), "ADADIFF_DATA", data.toString(), DEVICE, device);
    }

    /** Returns the networks that were asked for, else the given ones. */
    List<Network> networks(Network... otherwise) {
        return networks.isEmpty() ? List.of(otherwise) : networks;
    }

    /** Returns the start of a command that runs a class of this class path in a JVM of its own. */
    List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments()); // as the launcher and JAVA_OPTS set them
        command.addAll(List.of("-cp", classPath()));
        return command;
    }

    /** The class path of this process; absolute, because a child may be started elsewhere. */
    private static String classPath() {
        return String.join(File.pathSeparator, List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString()).toList());
    }
}
