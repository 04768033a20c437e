package org.adadiff.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A program that imports the jar and calls DJL only. Prints how many of its threads did the work of a matrix product. */
final class ImportingProgram {
    private ImportingProgram() {}

    public static void main(String[] arguments) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray square = manager.ones(new Shape(1024, 1024));
            multiply(square, 2);
            Map<String, Long> before = processorTicks();
            multiply(square, 30);
            Map<String, Long> after = processorTicks();
            after.replaceAll((thread, ticks) -> ticks - before.getOrDefault(thread, 0L));
            long most = after.values().stream().mapToLong(ticks -> ticks).max().orElseThrow();
            // Each thread of a parallel loop gets the same part of it
            System.out.println(after.values().stream().filter(ticks -> 2 * ticks > most).count());
        }
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
