package org.adadiff.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.ndarray.NDArray;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The memory behind MXNet's arrays on the CPU, read and written from Java. For the other packages of this jar: programs use
 * {@link FilledArrays}.
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
     * Waits until all that reads or writes an array is done.
     *
     * <p>MXNet's own wait for that, MXNDArrayWaitToWrite, has a thread of the engine write nothing, and takes 7 us where
     * there is nothing to wait for. Here that operation is marked to be done at once, by this thread, which takes 1 us; if
     * it has to wait for others, then so does the wait for what it has written. Like any write it makes MXNet renew what it
     * has derived from the old content.
     *
     * @param array float32, {@link #holds held} here
     * @return a view of it, to be written before anything else is done with the array
     */
    public static FloatBuffer forWriting(NDArray array) {
        Pointer handle = ((MxNDArray) array).getHandle();
        long[] written = {Pointer.nativeValue(handle)};
        check(Library.MXEnginePushSyncND(
                Library.NOTHING, null, null, Library.CPU, null, 0, written, 1, Library.AT_ONCE, 0, null));
        check(Library.MXNDArrayWaitToRead(handle));
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
        if (size == 0) {
            return FloatBuffer.allocate(0);
        }
        long[] address = new long[1];
        check(Library.MXNDArrayGetData(handle, address));
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

        /** A function without arguments and effect, for the engine to call: it ignores those that the engine gives it. */
        static final Pointer NOTHING;

        static final Memory CPU = ints(1, 0); // mxnet::Context: device type and number
        static final Memory AT_ONCE = ints(4); // mxnet::FnProperty::kAsync

        static {
            NativeLibrary mxnet = load();
            Native.register(Library.class, mxnet);
            NOTHING = mxnet.getFunction("MXGetLastError");
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

        private static Memory ints(int... values) {
            Memory memory = new Memory((long) values.length * Integer.BYTES);
            memory.write(0, values, 0, values.length);
            return memory;
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

        static native String MXGetLastError();
    }
}
