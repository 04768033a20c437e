package org.adadiff.jupyter.kernel;

/**
 * Memory for the kernel itself. When the variables of a notebook have taken all the rest, it is given up, so that the cell that failed
 * can be answered, and one that frees memory can be compiled.
 */
final class MemoryReserve {
    private static final int MAX_BYTES = 32 << 20;
    private static final int PART_OF_HEAP = 16;

    private static final long BYTES = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    // Just given up, it would fit again at once, and the cell that is to free memory could not be compiled
    private static final long ROOM_TO_TAKE_IT_AGAIN = 3 * BYTES;

    private static volatile byte[] reserve;
    private static volatile boolean givenUp;

    private MemoryReserve() {}

    /** Takes the reserve, if it is not held and there is room for it. */
    static void hold() {
        if (reserve == null && (!givenUp || room() > ROOM_TO_TAKE_IT_AGAIN)) {
            try {
                reserve = new byte[(int) BYTES];
                givenUp = false;
            } catch (OutOfMemoryError e) {
                reserve = null;
            }
        }
    }

    /** To be called first thing when memory is short. Allocates nothing. */
    static void release() {
        reserve = null;
        givenUp = true;
    }

    /** What is free for sure, in bytes; a collection may find more. */
    private static long room() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
