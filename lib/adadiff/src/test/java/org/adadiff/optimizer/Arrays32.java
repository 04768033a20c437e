package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.adadiff.engine.FilledArrays;

/** Float32 arrays from Java and float64, and distances between them. */
final class Arrays32 {

    private Arrays32() {}

    static float[] floats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    static NDArray vector(NDManager manager, float... values) {
        return FilledArrays.floats(manager, new Shape(values.length), values);
    }

    /** The largest difference, in units of the largest expected value; NaN if any is NaN. */
    static double relativeToScale(double[] expected, float[] found) {
        double scale = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - found[i]));
        }
        return difference / scale;
    }
}
