package org.adadiff.engine;

import ai.djl.engine.Engine;

/**
 * The MXNet engine, for whoever wants it by name. A program that uses DJL as usual need not call anything here: with this
 * jar on the class path, {@link MxnetProvider} sets MXNet up whenever DJL starts it.
 */
public final class Mxnet {
    static final String ENGINE_NAME = "MXNet";
    /** glibc's limit of M_MMAP_THRESHOLD. */
    private static final int MOST_BYTES_UNMAPPED = 32 << 20;

    private Mxnet() {}

    /**
     * Returns the engine, loading it at the first call. A Jupyter kernel calls this before it uses DJL in any other way: DJL
     * looks for engines once, through the context class loader, and where that one does not see the notebook's jars it never
     * finds any. It also keeps DJL from reporting its use to its makers, which on a machine without network costs seconds.
     *
     * @return MXNet, computing on {@link #threads()} threads
     * @throws ai.djl.engine.EngineException if MXNet's native library is missing or cannot be loaded
     */
    public static synchronized Engine engine() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Mxnet.class.getClassLoader());
        try {
            System.setProperty("OPT_OUT_TRACKING", "true");
            MxnetSetup.apply();
            return Engine.getEngine(ENGINE_NAME);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Has the system map every large array by itself, from now on, and take its memory back when the array is freed. By default freed
     * memory is kept for the next array, which is faster and takes more of it: between arrays of other sizes a heap keeps up to 1.4
     * times what training needs. For glibc; other systems have their own ways. What MALLOC_MMAP_MAX_ and
     * MALLOC_MMAP_THRESHOLD_ say in the environment stays.
     *
     * @param bytes what is a large array; at most 32 MiB
     * @throws IllegalArgumentException if the number of bytes is below 1 or too large
     */
    public static void mapArrays(int bytes) {
        if (bytes < 1 || bytes > MOST_BYTES_UNMAPPED) {
            throw new IllegalArgumentException("bytes: expected 1 to " + MOST_BYTES_UNMAPPED + ", found " + bytes);
        }
        MxnetSetup.mapArrays(bytes);
    }

    /**
     * Returns how many threads MXNet computes on: the environment variable OMP_NUM_THREADS if it is set, else every processor
     * that this process may use, within the limits of its container and its CPU affinity.
     *
     * @return at least 1
     * @throws IllegalArgumentException if OMP_NUM_THREADS is set and does not begin with a number above 0
     */
    public static int threads() {
        return threads(System.getenv(MxnetSetup.THREADS_VARIABLE));
    }

    /** Reads OMP_NUM_THREADS: a number, or one for each level of nested parallel loops between commas, of which the first counts. */
    static int threads(String set) {
        if (set == null || set.isBlank()) {
            return Runtime.getRuntime().availableProcessors();
        }
        String first = set.split(",", 2)[0].strip();
        if (!first.matches("0*[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("environment variable " + MxnetSetup.THREADS_VARIABLE
                    + ": expected a number of threads, found '" + set + "'");
        }
        return Integer.parseInt(first);
    }
}
