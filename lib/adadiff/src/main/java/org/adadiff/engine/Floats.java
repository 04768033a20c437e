package org.adadiff.engine;

import ai.djl.ndarray.NDArray;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The numbers of a float32 array as bytes, little-endian. */
public final class Floats {
    private static final int CHUNK = 1 << 14; // numbers

    private Floats() {}

    /**
     * Writes an array's numbers, in the order of their indices.
     *
     * @param out where to
     * @param array float32, dense
     * @throws IOException if that fails
     */
    public static void write(OutputStream out, NDArray array) throws IOException {
        // As for writing: a convolution's inference may still be reordering its weights
        FloatBuffer floats = HostMemory.holds(array) ? HostMemory.forWriting(array) : array.toByteBuffer().asFloatBuffer();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            int n = Math.min(CHUNK, floats.remaining());
            chunk.asFloatBuffer().put(floats.slice().limit(n));
            floats.position(floats.position() + n);
            out.write(chunk.array(), 0, n * Float.BYTES);
        }
    }

    /**
     * Gives an array the numbers that were written of one of the same shape.
     *
     * @param in where from
     * @param array float32, dense
     * @throws IOException if that fails, or there are too few
     */
    public static void read(DataInputStream in, NDArray array) throws IOException {
        FloatBuffer floats = FloatBuffer.allocate(Math.toIntExact(array.size()));
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            int n = Math.min(CHUNK, floats.remaining());
            in.readFully(chunk.array(), 0, n * Float.BYTES);
            floats.put(chunk.asFloatBuffer().limit(n));
        }
        if (floats.flip().hasRemaining()) {
            new FilledArrays().fill(array, content -> content.put(floats));
        }
    }
}
