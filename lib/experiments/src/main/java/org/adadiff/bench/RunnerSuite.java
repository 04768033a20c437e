package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_MOST;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Notebooks run headless, beside {@code jupyter nbconvert --execute} with the same kernel: from the command to its end. The kernel
 * alone, from its start to the end of its last cell when it has got all cells at once, is about the least that any runner can take;
 * the JDK's own {@code jshell}, given the cells as a file, about the least that a kernel made of it can.
 */
final class RunnerSuite {
    private static final String NBCONVERT = "nbconvert";
    private static final String PYTHON = "/usr/bin/python3"; // Debian's packages serve Debian's own interpreter
    private static final int LARGE = 50_000_000; // bytes of the largest output

    static final List<Target> TARGETS = List.of(
            Target.ratio("3 cells, IPython", Suite.OURS, NBCONVERT, AT_MOST, 0.4),
            Target.ratio("3 cells, Java", Suite.OURS, NBCONVERT, AT_MOST, 0.4),
            Target.ratio("200 cells, IPython", Suite.OURS, NBCONVERT, AT_MOST, 0.3),
            Target.ratio("200 cells, Java", Suite.OURS, NBCONVERT, AT_MOST, 0.3),
            Target.value("3 cells, Java", Suite.OURS, AT_MOST, 2),
            Target.value("200 cells, Java", Suite.OURS, AT_MOST, 4),
            Target.value("display of 50 MB, peak memory", Suite.OURS, AT_MOST, 150 + 2 * LARGE / 1e6),
            Target.value("1,000,000 lines, peak memory", Suite.OURS, AT_MOST, 150 + 2 * LARGE / 1e6));

    private RunnerSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.path();
            Child.run(setting, List.of(launcher(setting), "kernel", "install", "--prefix", folder.toString()), line -> { });
            // After a build the launcher prepares once for fast starts
            Child.run(setting, List.of(launcher(setting), "notebooks", "--inspect", notebook(folder, "java", List.of("1")).toString()), line -> { });
            boolean peer = isInstalled();
            if (!peer) {
                System.err.println("nbconvert and ipykernel are not installed for " + PYTHON + "; environment/bench/install installs them");
            }
            List<Measurement> rounds = new ArrayList<>();
            for (int round = 1; round <= setting.rounds(); round++) {
                for (int cells : new int[] {3, 200}) {
                    for (String kernel : peer ? List.of("IPython", "Java") : List.of("Java")) {
                        rounds.addAll(times(setting, folder, cells, kernel, peer));
                    }
                }
            }
            List<Measurement> measurements = new ArrayList<>(Measurement.medians(rounds));
            if (Files.exists(Path.of("/proc/self/status"))) {
                measurements.add(peakMemory(setting, folder, "display of 50 MB", "display(\"x\".repeat(" + LARGE + "));"));
                measurements.add(peakMemory(setting, folder, "1,000,000 lines",
                        "for (int i = 0; i < 1_000_000; i++) System.out.printf(\"%049d%n\", i);"));
            }
            return measurements;
        }
    }

    private static String launcher(Setting setting) {
        return setting.home().resolve("environment/adadiff").toString();
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import nbconvert, ipykernel").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such interpreter
        }
    }

    private static List<Measurement> times(Setting setting, Path folder, int cells, String kernel, boolean peer)
            throws IOException, InterruptedException {
        boolean java = kernel.equals("Java");
        List<String> sources = IntStream.range(0, cells)
                .mapToObj(i -> (java ? "int a" : "a") + i + " = " + i + (java ? ";" : "")).toList();
        Path notebook = notebook(folder, java ? "java" : "python3", sources);
        String benchmark = cells + " cells, " + kernel;
        List<Measurement> times = new ArrayList<>();
        times.add(new Measurement(benchmark, Suite.OURS, seconds(setting, folder, ours(setting, folder, notebook)), "s"));
        Path spec = folder.resolve("share/jupyter/kernels/java/kernel.json");
        List<String> command = java ? KernelTalk.command(spec) : List.of(PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}");
        Map<String, String> environment = java ? KernelTalk.environment(spec) : Map.of();
        long start = System.nanoTime();
        try (KernelTalk alone = new KernelTalk(command, environment)) {
            alone.awaitReady();
            alone.executeAll(sources);
            times.add(new Measurement(benchmark, "kernel alone", secondsSince(start), "s"));
        }
        if (java) {
            Path script = Files.writeString(folder.resolve("cells.jsh"), String.join("\n", sources) + "\n/exit a" + (cells - 1) + " - " + (cells - 1) + "\n");
            times.add(new Measurement(benchmark, "jshell", seconds(setting, folder, List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jshell").toString(), "--execution", "local", script.toString())), "s"));
        }
        if (peer) {
            times.add(new Measurement(benchmark, NBCONVERT, seconds(setting, folder, List.of(PYTHON, "-m", "nbconvert",
                    "--log-level=ERROR", "--to", "notebook", "--execute", "--output", "peer.ipynb", notebook.toString())), "s"));
        }
        return times;
    }

    private static List<String> ours(Setting setting, Path folder, Path notebook) {
        return List.of(launcher(setting), "notebooks", notebook.toString(), "--output-dir", folder.resolve("out").toString());
    }

    private static double seconds(Setting setting, Path folder, List<String> command) throws IOException, InterruptedException {
        List<String> withKernels = new ArrayList<>(List.of("env", "JUPYTER_PATH=" + folder.resolve("share/jupyter")));
        withKernels.addAll(command);
        long start = System.nanoTime();
        Child.run(setting, withKernels, line -> { });
        return secondsSince(start);
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }

    private static Path notebook(Path folder, String kernel, List<String> sources) throws IOException {
        List<Map<String, Object>> cells = sources.stream().map(source -> Map.of(
                "cell_type", "code", "execution_count", 0, "metadata", Map.of(), "outputs", List.of(), "source", source)).toList();
        return Files.writeString(folder.resolve("notebook.ipynb"), new Gson().toJson(Map.of("nbformat", 4, "nbformat_minor", 4,
                "metadata", Map.of("kernelspec", Map.of("name", kernel, "display_name", kernel)), "cells", cells)));
    }

    /** The most memory that the runner's process has had; the kernel's is its own. */
    private static Measurement peakMemory(Setting setting, Path folder, String output, String source)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(ours(setting, folder, notebook(folder, "java", List.of(source))))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("ADADIFF_KERNEL_OUTPUT_LIMIT", Integer.toString(2 * LARGE));
        Process runner = builder.start();
        double megabytes = 0;
        while (!runner.waitFor(10, TimeUnit.MILLISECONDS)) {
            try (Stream<String> status = Files.lines(Path.of("/proc/" + runner.pid() + "/status"))) {
                megabytes = status.filter(line -> line.startsWith("VmHWM:"))
                        .mapToDouble(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")) * 1.024e-3).findFirst().orElse(megabytes);
            } catch (IOException | UncheckedIOException ended) {
                break;
            }
        }
        if (runner.waitFor() != 0) {
            throw new IOException("notebooks: expected exit code 0, found " + runner.exitValue() + "; its messages are above");
        }
        long size = Files.size(folder.resolve("out/notebook.ipynb"));
        if (size < LARGE) {
            throw new IOException(output + ": expected a notebook of at least " + LARGE + " bytes, found " + size);
        }
        return new Measurement(output + ", peak memory", Suite.OURS, megabytes, "MB");
    }
}
