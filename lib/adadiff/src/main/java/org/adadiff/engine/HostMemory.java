package org.adadiff.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.ndarray.NDArray;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The memory behind MXNet's arrays on the CPU, read and written from Java.
 *
 * <p>MXNet computes in the background, so one waits before one looks. And a convolution's inference pass reorders its
 * weights, in the background too, to a layout of its own: MXNet gives the plain layout back when asked for the address,
 * but only if the reordering is done by then. So an address is asked for after the wait, and never kept: the arrays of
 * the optimizer itself, which no layer sees, are the exception.
 */
public final class HostMemory {

    private HostMemory() {}

    /**
     * Says whether an array's memory can be reached here.
     *
     * @param array of any engine, on any device
     * @return whether it is MXNet's, on the CPU, and small enough for a buffer
     */
    public static boolean holds(NDArray array) {
        // The engine is asked by name first: whoever trains on another one may have left MXNet's jar out.
        return array.getManager().getEngine().getEngineName().equals("MXNet")
                && array.getDevice().getDeviceType().equals(Device.Type.CPU)
                && array.size() <= Integer.MAX_VALUE / Float.BYTES;
    }

    /**
     * Waits until all that writes to an array is done.
     *
     * @param array float32, {@link #holds held} here
     * @return a view of it, to be read before anything else is done with the array
     */
    public static FloatBuffer forReading(NDArray array) {
        Pointer handle = ((MxNDArray) array).getHandle();
        check(Library.MXNDArrayWaitToRead(handle));
        return view(handle, array.size());
    }

    /**
     * A view of the array once all that reads or writes it is done. The wait is itself an operation of MXNet's that
     * counts as a write, so what MXNet has derived from the old content is renewed.
     *
     * @param array float32, {@link #holds held} here
     * @return a view of it, to be written before anything else is done with the array
     */
    public static FloatBuffer forWriting(NDArray array) {
        Pointer handle = ((MxNDArray) array).getHandle();
        check(Library.MXNDArrayWaitToWrite(handle));
        return view(handle, array.size());
    }

    /**
     * Waits for nothing, not even for the operations of others that the engine has queued.
     *
     * @param array float32, {@link #holds held} here, just made and used by no operation yet
     * @return a view of it, to be written before anything else is done with the array
     */
    public static FloatBuffer ofNew(NDArray array) {
        return view(((MxNDArray) array).getHandle(), array.size());
    }

    private static FloatBuffer view(Pointer handle, long size) {
        long[] address = new long[1];
        check(Library.MXNDArrayGetData(handle, address));
        if (size == 0) {
            return FloatBuffer.allocate(0);
        }
        return new Pointer(address[0])
                .getByteBuffer(0, size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static void check(int status) {
        if (status != 0) {
            throw new EngineException("MXNet: " + Library.MXGetLastError());
        }
    }

    /** MXNet's C functions, bound directly: through DJL's own binding each call takes several times as long. */
    private static final class Library {

        static {
            Native.register(Library.class, load());
        }

        private Library() {}

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

        static native int MXNDArrayWaitToRead(Pointer array);

        static native int MXNDArrayWaitToWrite(Pointer array);

        static native int MXNDArrayGetData(Pointer array, long[] address);

        static native String MXGetLastError();
    }
}
