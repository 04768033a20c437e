package org.adadiff.engine;

import ai.djl.engine.EngineException;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.LibUtils;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** MXNet's C functions, bound directly: through DJL's own binding each call takes several times as long. */
final class NativeMxnet {

    /** A function without arguments and effect, for the engine to call: it ignores those that the engine gives it. */
    static final Pointer NOTHING;

    static final Memory CPU = ints(1, 0); // mxnet::Context: device type and number
    static final Memory AT_ONCE = ints(4); // mxnet::FnProperty::kAsync

    static {
        NativeLibrary mxnet = load();
        Native.register(NativeMxnet.class, mxnet);
        NOTHING = mxnet.getFunction("MXGetLastError");
    }

    private NativeMxnet() {}

    private static NativeLibrary load() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // DJL finds the library's path through the context class loader; in a notebook that one need not see it.
        thread.setContextClassLoader(MxNDArray.class.getClassLoader());
        try {
            return NativeLibrary.getInstance(LibUtils.getLibName());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Memory ints(int... values) {
        Memory memory = new Memory((long) values.length * Integer.BYTES);
        memory.write(0, values, 0, values.length);
        return memory;
    }

    /** Throws what MXNet says went wrong, if a function's status says that something did. */
    static void check(int status) {
        if (status != 0) {
            throw new EngineException("MXNet: " + MXGetLastError());
        }
    }

    static native int MXNDArrayWaitToRead(Pointer array);

    static native int MXNDArrayGetData(Pointer array, long[] address);

    static native int MXEnginePushSyncND(
            Pointer function,
            Pointer argument,
            Pointer deleter,
            Pointer context,
            Pointer read,
            int readCount,
            long[] written,
            int writtenCount,
            Pointer property,
            int priority,
            String name);

    static native int MXRtcCudaModuleCreate(
            String source, int optionCount, Pointer options, int exportCount, Pointer exports, long[] module);

    static native int MXRtcCudaKernelCreate(
            Pointer module, String name, int argumentCount, int[] isArray, int[] isConst, int[] types, long[] kernel);

    static native int MXRtcCudaKernelCall(
            Pointer kernel,
            int device,
            Pointer arguments,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes);

    static native String MXGetLastError();
}
