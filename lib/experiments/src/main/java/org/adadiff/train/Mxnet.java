package org.adadiff.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.mxnet.jna.LibUtils;

/** The MXNet engine, found and set up in one place. */
final class Mxnet {
    private static final String THREADS_VARIABLE = "OMP_NUM_THREADS";

    private Mxnet() {}

    /**
     * Returns the engine. MXNet by itself takes half of the processors (ResNet-34 then runs at 60 % of its speed), so it
     * is given all that the process may use, unless OMP_NUM_THREADS says otherwise.
     */
    static Engine engine() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // DJL looks for engines through the context class loader. In a notebook kernel that one need not see this jar.
        thread.setContextClassLoader(Mxnet.class.getClassLoader());
        try {
            // DJL reports its use to its makers on some cloud machines; training must not depend on that call.
            System.setProperty("OPT_OUT_TRACKING", "true");
            Engine engine = Engine.getEngine("MXNet");
            if (System.getenv(THREADS_VARIABLE) == null) {
                LibUtils.loadLibrary().MXSetNumOMPThreads(threads());
            }
            return engine;
        } finally {
            thread.setContextClassLoader(before);
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
