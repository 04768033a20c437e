package org.adadiff.engine;

import ai.djl.Device;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.ndarray.NDArray;
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
        return isMxnets(array, Device.Type.CPU) && array.size() <= Integer.MAX_VALUE / Float.BYTES;
    }

    /** Asks the engine by name first: whoever trains on another one may have left MXNet's jar out. */
    static boolean isMxnets(NDArray array, String deviceType) {
        return array.getManager().getEngine().getEngineName().equals(Mxnet.ENGINE_NAME)
                && array.getDevice().getDeviceType().equals(deviceType);
    }

    /**
     * Waits until all that writes to an array is done.
     *
     * @param array float32, {@link #holds held} here
     * @return a view of it, to be read before anything else is done with the array
     */
    public static FloatBuffer forReading(NDArray array) {
        Pointer handle = ((MxNDArray) array).getHandle();
        NativeMxnet.check(NativeMxnet.MXNDArrayWaitToRead(handle));
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
        NativeMxnet.check(NativeMxnet.MXEnginePushSyncND(
                NativeMxnet.NOTHING, null, null, NativeMxnet.CPU, null, 0, written, 1, NativeMxnet.AT_ONCE, 0, null));
        NativeMxnet.check(NativeMxnet.MXNDArrayWaitToRead(handle));
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
        NativeMxnet.check(NativeMxnet.MXNDArrayGetData(handle, address));
        return new Pointer(address[0])
                .getByteBuffer(0, size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
