package org.adadiff.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.function.Consumer;

/**
 * Arrays with content from Java: written straight into MXNet's memory on the CPU, copied from a direct buffer elsewhere. Not safe for use
 * by several threads.
 *
 * <p>To be used where a wrong number matters, instead of {@code NDManager.create(float[])} and {@code NDArray.set}: on MXNet, DJL 0.36
 * copies through a direct buffer that nothing refers to any more while the engine reads it. A garbage collection at that moment frees it, and
 * the array's first numbers are whatever lies there by then. Under constant collections that was one array in 100,000.
 *
 * <p>Straight also because MXNet copies a batch in OpenMP, which in a thread that is not the trainer's starts another team of as many
 * threads as there are cores, and queues behind the operations of the training step.
 */
public final class FilledArrays {
    /** Reused: the engine has copied from it when an array has been set. Stays empty where arrays are written straight. */
    private FloatBuffer buffer = FloatBuffer.allocate(0);

    /** Starts without a buffer. */
    public FilledArrays() {}

    /**
     * Makes an array.
     *
     * @param owner frees it
     * @param shape its shape
     * @param content fills the buffer, from its position, with as many numbers as the shape has
     * @return the array, float32
     */
    public NDArray create(NDManager owner, Shape shape, Consumer<FloatBuffer> content) {
        NDArray array = owner.create(shape, DataType.FLOAT32);
        if (HostMemory.holds(array)) {
            content.accept(HostMemory.ofNew(array));
        } else {
            copy(content, array);
        }
        return array;
    }

    /**
     * Makes an array of the given numbers.
     *
     * @param owner frees it
     * @param shape its shape
     * @param values as many as the shape has
     * @return the array, float32
     * @throws IllegalArgumentException if there are more or fewer values
     */
    public static NDArray floats(NDManager owner, Shape shape, float... values) {
        requireSize(shape, values.length);
        return new FilledArrays().create(owner, shape, target -> target.put(values));
    }

    /**
     * Makes an array of the given whole numbers.
     *
     * @param owner frees it
     * @param shape its shape
     * @param values as many as the shape has
     * @return the array, int32
     * @throws IllegalArgumentException if there are more or fewer values
     */
    public static NDArray ints(NDManager owner, Shape shape, int... values) {
        requireSize(shape, values.length);
        IntBuffer direct = direct(values.length).asIntBuffer().put(values).flip();
        NDArray array = owner.create(direct, shape, DataType.INT32);
        Reference.reachabilityFence(direct);
        return array;
    }

    /**
     * Gives an array new content.
     *
     * @param array float32, dense
     * @param content fills the buffer, from its position, with as many numbers as the array has
     */
    public void fill(NDArray array, Consumer<FloatBuffer> content) {
        if (HostMemory.holds(array)) {
            content.accept(HostMemory.forWriting(array));
        } else {
            copy(content, array);
        }
    }

    private void copy(Consumer<FloatBuffer> content, NDArray array) {
        int size = Math.toIntExact(array.size());
        if (buffer.capacity() < size) {
            buffer = direct(size).asFloatBuffer();
        }
        FloatBuffer filled = buffer.clear();
        content.accept(filled);
        array.set(filled.flip());
        Reference.reachabilityFence(filled);
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES)).order(ByteOrder.nativeOrder());
    }

    private static void requireSize(Shape shape, int found) {
        if (shape.size() != found) {
            throw new IllegalArgumentException("an array of shape " + shape + ": expected " + shape.size() + " numbers, found " + found);
        }
    }
}
