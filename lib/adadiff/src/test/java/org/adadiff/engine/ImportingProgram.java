package org.adadiff.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program that imports the jar and calls DJL only. Prints how many of its threads did the work of a matrix product, where
 * the native library was loaded from, and how much memory remains of arrays that are closed; with an argument, where that many
 * bytes are mapped.
 */
final class ImportingProgram {
    private static final String JAR = path(Mxnet.class);

    private ImportingProgram() {}

    /** This program's class path, in which the jar comes first or last. */
    static List<String> classPath(boolean jarFirst) {
        List<String> path = new ArrayList<>(Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        path.remove(JAR);
        path.add(jarFirst ? 0 : path.size(), JAR);
        return path;
    }

    /** Prepares a Java of its own for it, started by another command if one is given. */
    static ProcessBuilder inItsOwnJava(List<String> classPath, String... prefix) {
        List<String> command = new ArrayList<>(Arrays.asList(prefix));
        // -Xint: no compiler threads, which would count as computing
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint", "-cp",
                String.join(File.pathSeparator, classPath), ImportingProgram.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("OMP_NUM_THREADS");
        return builder;
    }

    private static String path(Class<?> inIt) {
        try {
            return Path.of(inIt.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 0) {
            Mxnet.mapArrays(Integer.parseInt(arguments[0]));
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray square = manager.ones(new Shape(1024, 1024));
            multiply(square, 2);
            Map<String, Long> before = processorTicks();
            multiply(square, 30);
            Map<String, Long> after = processorTicks();
            after.replaceAll((thread, ticks) -> ticks - before.getOrDefault(thread, 0L));
            long most = after.values().stream().mapToLong(ticks -> ticks).max().orElseThrow();
            // Each thread of a parallel loop gets the same part of it
            System.out.println("threads " + after.values().stream().filter(ticks -> 2 * ticks > most).count());
            System.out.println("library " + Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.endsWith("/libmxnet.so")).findFirst().map(line -> line.substring(line.indexOf('/'))).orElseThrow());
            long kilobytes = residentKilobytes();
            try (NDList arrays = new NDList()) {
                for (int i = 0; i < 4; i++) {
                    arrays.add(manager.ones(new Shape(16, 1 << 20)));
                    arrays.head().getFloat(0, 0); // waits
                }
            }
            Thread.sleep(500); // MXNet frees it on a thread of its own
            System.out.println("kept MB " + (residentKilobytes() - kilobytes) / 1024);
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
    }

    private static void multiply(NDArray square, int times) {
        for (int i = 0; i < times; i++) {
            try (NDList product = Linear.linear(square, square)) {
                product.head().getFloat(0, 0); // waits
            }
        }
    }

    /** The processor time in user mode that each thread of this process has had, in clock ticks. */
    private static Map<String, Long> processorTicks() throws IOException {
        Map<String, Long> ticks = new HashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                String line = Files.readString(thread.resolve("stat"));
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" "); // from the third, see proc(5)
                ticks.put(thread.getFileName().toString(), Long.valueOf(fields[11]));
            }
        }
        return ticks;
    }
}
