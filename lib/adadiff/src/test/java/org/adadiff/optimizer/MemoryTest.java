package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory outside the heap, because MXNet's arrays live outside Java's heap and have no finalizer. */
@EnabledOnOs(OS.LINUX)
class MemoryTest {

    private static final int SIZE = 16_384; // one leaked array a step would be 64 KiB, 640 MiB in all
    // above what the Java machine itself takes for compiled code and collections, below any leak of an array a step
    private static final long LIMIT = 128L << 20;

    @Test
    void tenThousandStepsDoNotGrowTheProcess() throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                AdaDiff optimizer = AdaDiff.builder().optAmsgrad(true).optWeightDecays(0.1f).build()) {
            NDArray w = manager.ones(new Shape(SIZE));
            NDArray g = manager.ones(new Shape(SIZE));
            steps(optimizer, w, g, 500);
            long before = nativeBytes();
            steps(optimizer, w, g, 10_000);
            assertGrowthBelowLimit(before);
        }
    }

    @Test
    void closingFreesTheState() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray w = manager.ones(new Shape(1 << 19));
            NDArray g = manager.ones(new Shape(1 << 19));
            long before = 0;
            for (int i = 0; i < 40; i++) { // 40 states of 6 MiB
                if (i == 5) {
                    before = nativeBytes();
                }
                try (AdaDiff optimizer = AdaDiff.builder().build()) {
                    steps(optimizer, w, g, 1);
                }
            }
            assertGrowthBelowLimit(before);
        }
    }

    private static void steps(AdaDiff optimizer, NDArray w, NDArray g, int count) {
        for (int t = 0; t < count; t++) {
            optimizer.update("w", w, g);
        }
        w.toFloatArray(); // waits for the engine: what is queued holds memory too
    }

    private static void assertGrowthBelowLimit(long before) throws IOException {
        long growth = nativeBytes() - before;
        assertTrue(growth < LIMIT, "memory outside the heap grew by " + (growth >> 20) + " MiB");
    }

    /**
     * Resident memory of this process less Java's heap, after a collection: JNA's small buffers are freed by it, and the
     * heap grows and shrinks as it likes.
     */
    private static long nativeBytes() throws IOException {
        System.gc();
        String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
        return Long.parseLong(pages) * 4096 - ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    }
}
