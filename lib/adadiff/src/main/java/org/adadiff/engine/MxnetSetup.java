package org.adadiff.engine;

import ai.djl.engine.EngineException;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** What has to be done, once, before MXNet's native library is loaded. What the user has set in the environment stays. */
final class MxnetSetup {
    static final String THREADS_VARIABLE = "OMP_NUM_THREADS";
    /** mallopt's numbers for these parameters, from glibc's malloc.h. */
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int M_MMAP_MAX = -4;
    /** glibc's own value of M_MMAP_MAX. */
    private static final int MAPPINGS = 1 << 16;

    private static boolean applied;

    private MxnetSetup() {}

    /**
     * Sets threads and memory, and finds the native library.
     *
     * @throws IllegalArgumentException if OMP_NUM_THREADS is set to something else than a number of threads
     * @throws EngineException if bytedeco's native library is on the class path and cannot be unpacked or loaded
     */
    static synchronized void apply() {
        if (applied) {
            return;
        }
        // MXNet by itself computes with half of the processors. It reads their number from the environment when it is loaded;
        // MXSetNumOMPThreads changes it for the calling thread only, which is none of those that compute.
        // What the user has set is checked and set anew: what is no number, "4,2" included, makes the library abort the process.
        set(THREADS_VARIABLE, Integer.toString(Mxnet.threads()));
        // Threads that wait for the others of a parallel loop sleep. By default they spin: beside another busy process a small
        // network then took ten times as long.
        setEnvironment("OMP_WAIT_POLICY", "passive");
        // One array for what an operator needs while it runs. MXNet keeps four, each of which grows to the largest need, and yet runs
        // one operator at a time on the CPU: of 64 MB each in ResNet-34's training.
        setEnvironment("MXNET_CPU_TEMP_COPY", "1");
        if (Platform.isLinux()) {
            // Makes glibc keep memory that MXNet frees. It allocates and frees every temporary array; by default the large ones
            // are mapped and unmapped each time, and a third of an LSTM step went into the page faults.
            setMalloc("MALLOC_MMAP_MAX_", M_MMAP_MAX, 0);
            setMalloc("MALLOC_TRIM_THRESHOLD_", M_TRIM_THRESHOLD, Integer.MAX_VALUE);
        }
        BytedecoLibrary.provide();
        applied = true;
    }

    /** See {@link Mxnet#mapArrays}. */
    static synchronized void mapArrays(int bytes) {
        apply();
        if (Platform.isLinux()) {
            setMalloc("MALLOC_MMAP_MAX_", M_MMAP_MAX, MAPPINGS);
            setMalloc("MALLOC_MMAP_THRESHOLD_", M_MMAP_THRESHOLD, bytes);
        }
    }

    private static void setEnvironment(String name, String value) {
        if (!isSet(name)) {
            set(name, value);
        }
    }

    /** Sets a variable for native code of this process; Java's own copy of the environment does not show it. */
    private static void set(String name, String value) {
        if (Platform.isWindows()) {
            NativeLibrary.getInstance("ucrtbase").getFunction("_putenv_s").invokeInt(new Object[] {name, value});
        } else {
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {name, value, 1});
        }
    }

    private static void setMalloc(String variable, int parameter, int value) {
        if (!isSet(variable)) {
            NativeLibrary.getInstance("c").getFunction("mallopt").invokeInt(new Object[] {parameter, value});
        }
    }

    private static boolean isSet(String name) {
        String value = System.getenv(name);
        return value != null && !value.isBlank();
    }
}
