package org.adadiff.jupyter.kernel;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.function.Supplier;

/**
 * Memory for the kernel itself. When the variables of a notebook have taken all the rest, it is given up, so that the cell that failed
 * can be answered, and one that frees memory can be compiled.
 *
 * <p>A part of it the JVM takes by itself before any thread gets an OutOfMemoryError, as a soft reference. That is the sign to stop the
 * cell: left alone, a cell that fills memory with small objects has the JVM collect garbage for minutes before it fails, and whatever
 * else needs memory meanwhile fails with it, the threads of the sockets among them.
 */
final class MemoryReserve {
    private static final int MAX_BYTES = 32 << 20;
    private static final int PART_OF_HEAP = 12;
    private static final int PART_AS_SENTINEL = 2;
    // A soft reference that nobody asks for is cleared when memory is merely used well: about a second for each free MB
    private static final int ASK_MILLIS = 1000;

    private static final int BYTES = (int) Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private static final ReferenceQueue<byte[]> CLEARED = new ReferenceQueue<>();

    private static volatile byte[] reserve;
    private static volatile SoftReference<byte[]> sentinel;
    private static volatile boolean givenUp;

    private MemoryReserve() {}

    /**
     * Has something done, on a thread of its own, each time the JVM is about to run out of memory.
     *
     * @param whenShort must allocate nothing
     */
    static void watch(Runnable whenShort) {
        Runnable watching = () -> {
            while (true) {
                watchOn(whenShort);
            }
        };
        new KernelThread(watching, "memory").start();
    }

    private static void watchOn(Runnable whenShort) {
        try {
            boolean cleared = CLEARED.remove(ASK_MILLIS) != null;
            SoftReference<byte[]> current = sentinel;
            if (cleared) {
                whenShort.run();
            } else if (current != null) {
                current.get();
            }
        } catch (InterruptedException | OutOfMemoryError e) {
            // The cell will get its own
        }
    }

    /**
     * Takes the reserve, if it is not held and there is room for it. To be called before each cell; the first one after the reserve was
     * given up goes without, for it may be the one that is to free memory.
     */
    static void hold() {
        if (givenUp) {
            givenUp = false;
            return;
        }
        try {
            if (reserve == null) {
                reserve = new byte[BYTES];
            }
            if (sentinel == null || sentinel.get() == null) {
                sentinel = new SoftReference<>(new byte[BYTES / PART_AS_SENTINEL], CLEARED);
            }
        } catch (OutOfMemoryError e) {
            // The variables of the notebook need all there is
        }
    }

    /** To be called first thing when memory is short. Allocates nothing. Returns false if the reserve was not held. */
    static boolean release() {
        boolean held = reserve != null;
        reserve = null;
        givenUp = true;
        return held;
    }

    /** Does what the kernel itself has to do; once more, without the reserve, if there is not enough memory with it. */
    static <T> T use(Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            if (release()) {
                return work.get();
            }
            throw e;
        }
    }
}
