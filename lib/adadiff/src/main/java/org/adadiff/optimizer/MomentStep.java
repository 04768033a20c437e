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

    /** The rate and the correction of step t in float32, for the passes over memory. */
    static float[] rates(int t, double learningRate, double beta1, double beta2) {
        return new float[] {
            (float) (learningRate / (1 - Math.pow(beta1, t))), (float) (1 / Math.sqrt(1 - Math.pow(beta2, t)))
        };
    }

    /** What averages use, in CUDA C++: b1, c1 = 1 - b1, b2, c2 = 1 - b2. */
    static String cudaConstants(double beta1, double beta2) {
        return CudaPass.constant("b1", beta1) + CudaPass.constant("c1", 1 - beta1)
                + CudaPass.constant("b2", beta2) + CudaPass.constant("c2", 1 - beta2);
    }

    /** The last line in CUDA C++, for one element. */
    static String cuda(String divisor) {
        return "w -= m / (sqrtf(" + divisor + ") * correction + eps) * rate;\n";
    }

    /** The same for the first n elements. */
    static void descend(float[] w, float[] m, float[] divisor, float[] rates, float eps, int n) {
        float rate = rates[0];
        float correction = rates[1];
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
