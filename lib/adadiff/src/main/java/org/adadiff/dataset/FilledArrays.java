package org.adadiff.dataset;

import ai.djl.Device;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.mxnet.jna.LibUtils;
import ai.djl.mxnet.jna.MxnetLibrary;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/**
 * Makes float32 arrays with content from Java: written straight into MXNet's memory on the CPU, copied from a direct buffer elsewhere. Not
 * safe for use by several threads.
 *
 * <p>Straight, not only because it saves a copy: MXNet copies a batch in OpenMP, and in a thread that is not the trainer's that starts
 * another team of as many threads as there are cores. It also queues behind the operations of the training step.
 */
final class FilledArrays {
    /** Reused: the engine has copied from it when its array has been made. Never made where arrays are written straight. */
    private FloatBuffer buffer = FloatBuffer.allocate(0);

    /**
     * Makes an array.
     *
     * @param owner frees it
     * @param shape its shape
     * @param content fills the buffer, from its position, with as many numbers as the shape has
     */
    NDArray create(NDManager owner, Shape shape, Consumer<FloatBuffer> content) {
        // The engine is asked by name first: whoever trains on another one may have left MXNet's jar out
        if (owner.getEngine().getEngineName().equals("MXNet") && owner.getDevice().getDeviceType().equals(Device.Type.CPU)) {
            NDArray array = owner.create(shape, DataType.FLOAT32);
            content.accept(memory((MxNDArray) array));
            return array;
        }
        content.accept(cleared(Math.toIntExact(shape.size())));
        return owner.create(buffer.flip(), shape);
    }

    /** The memory of an array that no operation has used yet, so that there is nothing to wait for. */
    private static FloatBuffer memory(MxNDArray array) {
        PointerByReference address = new PointerByReference();
        JnaUtils.checkCall(Library.MXNET.MXNDArrayGetData(array.getHandle(), address));
        return address.getValue().getByteBuffer(0, array.size() * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private FloatBuffer cleared(int size) {
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
        return buffer.clear();
    }

    private static final class Library {
        static final MxnetLibrary MXNET = LibUtils.loadLibrary();

        private Library() {}
    }
}
