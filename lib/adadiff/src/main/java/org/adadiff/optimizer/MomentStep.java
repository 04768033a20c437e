package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;

/** The last lines of {@link Adam} and {@link AdaBelief}, whose second moments differ and whose steps do not. */
final class MomentStep {

    private MomentStep() {}

    /** w = w - rate * m / (sqrt(divisor) * correction + eps), as array operations; the scratch is overwritten. */
    static void descend(
            NDArray w, NDArray m, NDArray divisor, double rate, double correction, double eps, NDArray scratch) {
        InPlace.sqrt(divisor, scratch);
        scratch.muli(correction).addi(eps);
        InPlace.divide(m, scratch, scratch);
        InPlace.addScaled(w, -rate, scratch, w);
    }

    /** The same for the first n elements. */
    static void descend(float[] w, float[] m, float[] divisor, float rate, float correction, float eps, int n) {
        for (int i = 0; i < n; i++) {
            w[i] -= m[i] / ((float) Math.sqrt(divisor[i]) * correction + eps) * rate;
        }
    }

    /** largest = max(largest, v), NaN where either is NaN. */
    static void maximum(float[] largest, float[] v, int n) {
        for (int i = 0; i < n; i++) {
            largest[i] = Math.max(largest[i], v[i]);
        }
    }
}
