package org.adadiff.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** The MXNet engine, found and set up in one place. */
public final class Mxnet {
    private static final String THREADS_VARIABLE = "OMP_NUM_THREADS";

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
            // DJL reports its use to its makers on some cloud machines; training must not depend on that call.
            System.setProperty("OPT_OUT_TRACKING", "true");
            if (System.getenv(THREADS_VARIABLE) == null) {
                setEnvironment(THREADS_VARIABLE, Integer.toString(threads()));
            }
            return Engine.getEngine("MXNet");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Sets a variable for native code of this process. MXNet by itself computes with half of the processors, and reads the
     * number from the environment when it is loaded; MXSetNumOMPThreads changes it for the calling thread only, which is
     * none of those that compute.
     */
    private static void setEnvironment(String name, String value) {
        if (Platform.isWindows()) {
            NativeLibrary.getInstance("ucrtbase").getFunction("_putenv_s").invokeInt(new Object[] {name, value});
        } else {
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {name, value, 0});
        }
    }

    /** Returns how many threads compute: OMP_NUM_THREADS if set, else every processor that this process may use. */
    static int threads() {
        String set = System.getenv(THREADS_VARIABLE);
        return set == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(set.split(",")[0].strip());
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
