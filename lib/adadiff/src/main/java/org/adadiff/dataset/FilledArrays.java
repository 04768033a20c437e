package org.adadiff.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.adadiff.engine.HostMemory;

/**
 * Makes float32 arrays with content from Java: written straight into MXNet's memory on the CPU, copied from a direct buffer elsewhere. Not
 * safe for use by several threads.
 *
 * <p>Straight, not only because it saves a copy: MXNet copies a batch in OpenMP, and in a thread that is not the trainer's that starts
 * another team of as many threads as there are cores. It also queues behind the operations of the training step.
 */
final class FilledArrays {
    /** Reused: the engine has copied from it when an array has been set. Stays empty where arrays are written straight. */
    private FloatBuffer buffer = FloatBuffer.allocate(0);

    /**
     * Makes an array.
     *
     * @param owner frees it
     * @param shape its shape
     * @param content fills the buffer, from its position, with as many numbers as the shape has
     */
    NDArray create(NDManager owner, Shape shape, Consumer<FloatBuffer> content) {
        NDArray array = owner.create(shape, DataType.FLOAT32);
        if (HostMemory.holds(array)) {
            content.accept(HostMemory.ofNew(array));
        } else {
            content.accept(cleared(Math.toIntExact(shape.size())));
            array.set(buffer.flip());
        }
        return array;
    }

    private FloatBuffer cleared(int size) {
        if (buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
        return buffer.clear();
    }
}
