package org.adadiff.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** The MXNet engine, found and set up in one place. */
public final class Mxnet {
    private static final String THREADS_VARIABLE = "OMP_NUM_THREADS";
    /** mallopt's numbers for these parameters, from glibc's malloc.h. */
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_MMAP_MAX = -4;

    private static boolean prepared;

    private Mxnet() {}

    /**
     * Returns the engine, loading it at the first call. Whoever uses DJL directly in a notebook calls this first: DJL looks
     * for engines once, and where that fails, as in a kernel whose threads do not see the notebook's jars, it stays so.
     *
     * @return MXNet, computing on OMP_NUM_THREADS threads if that is set, else on every processor
     * @throws ai.djl.engine.EngineException if MXNet's native library is missing or cannot be loaded
     */
    public static synchronized Engine engine() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // DJL looks for engines through the context class loader. In a notebook kernel that one need not see this jar.
        thread.setContextClassLoader(Mxnet.class.getClassLoader());
        try {
            if (!prepared) {
                prepare();
                prepared = true;
            }
            return Engine.getEngine("MXNet");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** What has to be done before the native library is loaded. */
    private static void prepare() {
        // DJL reports its use to its makers on some cloud machines; training must not depend on that call.
        System.setProperty("OPT_OUT_TRACKING", "true");
        setEnvironment(THREADS_VARIABLE, Integer.toString(threads()));
        // Threads that wait for the others of a parallel loop sleep. By default they spin: beside another busy process a small
        // network then took ten times as long.
        setEnvironment("OMP_WAIT_POLICY", "passive");
        if (Platform.isLinux()) {
            keepMemory();
        }
    }

    /**
     * Makes glibc keep memory that MXNet frees. It allocates and frees every temporary array; by default the large ones are
     * mapped and unmapped each time, and a third of an LSTM step went into the page faults.
     */
    private static void keepMemory() {
        Function mallopt = NativeLibrary.getInstance("c").getFunction("mallopt");
        mallopt.invokeInt(new Object[] {M_MMAP_MAX, 0});
        mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, Integer.MAX_VALUE});
    }

    /**
     * Sets a variable for native code of this process, unless the user has. MXNet by itself computes with half of the
     * processors, and reads their number from the environment when it is loaded; MXSetNumOMPThreads changes it for the
     * calling thread only, which is none of those that compute.
     */
    private static void setEnvironment(String name, String value) {
        String set = System.getenv(name);
        if (set != null && !set.isBlank()) {
            return;
        }
        if (Platform.isWindows()) {
            NativeLibrary.getInstance("ucrtbase").getFunction("_putenv_s").invokeInt(new Object[] {name, value});
        } else {
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {name, value, 1});
        }
    }

    /**
     * Returns how many threads compute.
     *
     * @return OMP_NUM_THREADS if set, else the number of processors that this process may use
     * @throws IllegalArgumentException if OMP_NUM_THREADS is set to something else than a number above 0
     */
    public static int threads() {
        return threads(System.getenv(THREADS_VARIABLE));
    }

    /**
     * Reads OMP_NUM_THREADS: a number, or one for each level of nested parallel loops between commas, of which the first counts.
     *
     * @throws IllegalArgumentException if it does not begin with a number above 0
     */
    static int threads(String set) {
        if (set == null || set.isBlank()) {
            return Runtime.getRuntime().availableProcessors();
        }
        String first = set.split(",", 2)[0].strip();
        if (!first.matches("0*[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(
                    "environment variable " + THREADS_VARIABLE + ": expected a number of threads, found '" + set + "'");
        }
        return Integer.parseInt(first);
    }

    /**
     * Finds a device by its name.
     *
     * @throws IllegalArgumentException if the name is not known, or there is no such device; the message says what is missing
     */
    static Device device(String name) {
        return switch (name) {
            case "cpu" -> Device.cpu();
            case "gpu" -> {
                if (engine().getGpuCount() == 0) {
                    throw new IllegalArgumentException("device gpu: no GPU is visible to MXNet. It needs an NVIDIA driver and"
                            + " a CUDA build of MXNet's native library in place of the CPU one; --device cpu runs here");
                }
                yield Device.gpu();
            }
            default -> throw new IllegalArgumentException("device: expected cpu or gpu, found '" + name + "'");
        };
    }
}
