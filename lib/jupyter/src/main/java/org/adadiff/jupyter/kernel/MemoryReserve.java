package org.adadiff.jupyter.kernel;

/**
 * Memory for the kernel itself. When the variables of a notebook have taken all the rest, it is given up, so that the cell that failed
 * can be answered, and one that frees memory can be compiled.
 */
final class MemoryReserve {
    private static final int MAX_BYTES = 32 << 20;
    private static final int PART_OF_HEAP = 16;

    private static volatile byte[] reserve;

    private MemoryReserve() {}

    /** Takes the reserve, if it is not held and there is room for it. */
    static void hold() {
        if (reserve == null) {
            try {
                reserve = new byte[(int) Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP)];
            } catch (OutOfMemoryError e) {
                reserve = null;
            }
        }
    }

    /** To be called first thing when memory is short. Allocates nothing. */
    static void release() {
        reserve = null;
    }
}
