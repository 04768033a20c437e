package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;

/**
 * What an update takes for the gradient: g = rescale*gradient + decay*weight, then clipped elementwise to [-limit, limit].
 *
 * @param rescale finite
 * @param decay at least 0 and finite
 * @param limit negative for no clipping
 */
record EffectiveGradient(float rescale, float decay, float limit) {

    /** As a new array, to be closed by the caller; null if nothing changes, for then it is the gradient itself. */
    NDArray changed(NDArray weight, NDArray gradient) {
        if (rescale == 1 && decay == 0 && limit < 0) {
            return null;
        }
        NDArray g = StatefulOptimizer.scratchLike(gradient);
        NDArray latest = gradient;
        if (rescale != 1) {
            InPlace.scale(latest, rescale, g);
            latest = g;
        }
        if (decay != 0) {
            InPlace.addScaled(latest, decay, weight, g);
            latest = g;
        }
        if (limit >= 0) {
            InPlace.clip(latest, limit, g);
        }
        return g;
    }

    /** In CUDA C++, for one element of each. */
    String cuda() {
        String change = "";
        if (decay != 0) {
            change = "g = rescale * g + decay * w;\n";
        } else if (rescale != 1) {
            change = "g = rescale * g;\n";
        }
        if (limit >= 0) {
            change += "g = g > limit ? limit : g < -limit ? -limit : g;\n"; // and NaN stays
        }
        return CudaPass.constant("rescale", rescale) + CudaPass.constant("decay", decay) + CudaPass.constant("limit", limit) + change;
    }

    /** In place, in the first n elements of g. */
    void change(float[] g, float[] w, int n) {
        if (decay != 0) {
            for (int i = 0; i < n; i++) {
                g[i] = rescale * g[i] + decay * w[i];
            }
        } else if (rescale != 1) { // a decay of 0 times an infinite weight would be NaN
            for (int i = 0; i < n; i++) {
                g[i] = rescale * g[i];
            }
        }
        if (limit >= 0) {
            for (int i = 0; i < n; i++) {
                g[i] = Math.max(-limit, Math.min(limit, g[i]));
            }
        }
    }
}
