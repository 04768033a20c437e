package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * AdaDiff: Adam whose second moment also counts how much the gradient changes from step to step, so that steps shorten
 * where the gradient swings. With g the gradient (rescaled, plus weight decay times the weight, then clipped), t the
 * number of this parameter's updates on this device, from 1, and g<sub>0</sub> = 0:
 *
 * <pre>
 * m_t = b1*m_{t-1} + (1-b1)*g_t
 * v_t = b2*v_{t-1} + (1-b2)*g_t^2 + (1-b2)*(g_t - g_{t-1})^2 + eps
 * w_t = w_{t-1} - lr * sqrt(1-b2^t)/(1-b1^t) * m_t / sqrt(v_t)
 * </pre>
 *
 * <p>Epsilon stays in v and accumulates, as in the authors' published runs and the paper's text; the paper's Algorithm 2
 * adds it once, outside the average, which is {@link Builder#optPrintedEpsilon}. With AMSGrad the divisor is
 * vmax<sub>t</sub> = max(vmax<sub>t-1</sub>, v<sub>t</sub>) + eps, and v itself stays free of epsilon.
 *
 * <p>Works on weights of any shape in dense float32; see {@link StatefulOptimizer} for what all optimizers here promise.
 */
public final class AdaDiff extends StatefulOptimizer {

    private static final int M = 0;
    private static final int V = 1;
    private static final int PREVIOUS_GRADIENT = 2;
    private static final int V_MAX = 3;

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final boolean amsgrad;
    private final boolean printedEpsilon;

    private AdaDiff(Builder builder) {
        super(
                builder,
                builder.learningRateTracker,
                builder.amsgrad
                        ? List.of("m", "v", "previous gradient", "vmax")
                        : List.of("m", "v", "previous gradient"));
        beta1 = requireDecayRate("beta1", builder.beta1);
        beta2 = requireDecayRate("beta2", builder.beta2);
        epsilon = requireNonNegative("epsilon", builder.epsilon);
        amsgrad = builder.amsgrad;
        printedEpsilon = builder.printedEpsilon;
    }

    /**
     * Starts an AdaDiff with the paper's defaults: learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8 that
     * accumulates, no weight decay, no clipping, no AMSGrad.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void step(NDArray weight, NDArray gradient, ParameterState state, int t, double learningRate) {
        NDArray m = state.slot(M);
        NDArray v = state.slot(V);
        NDArray previous = state.slot(PREVIOUS_GRADIENT);
        try (NDArray g = effectiveGradient(weight, gradient);
                NDArray scratch = scratchLike(g)) {
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            InPlace.scale(g, 1 - beta1, scratch);
            m.muli(beta1).addi(scratch);

            // v_t = b2*v_{t-1} + (1-b2)*(g_t^2 + (g_t - g_{t-1})^2)
            InPlace.subtract(g, previous, previous);
            InPlace.square(previous, previous);
            InPlace.square(g, scratch);
            scratch.addi(previous).muli(1 - beta2);
            v.muli(beta2).addi(scratch);
            InPlace.copy(g, previous);

            NDArray divisor = v;
            if (amsgrad) {
                // vmax_t = max(vmax_{t-1}, v_t)
                divisor = state.slot(V_MAX);
                InPlace.maximum(divisor, v, divisor);
            }
            if (printedEpsilon) {
                // Algorithm 2 as printed: the root of v_t + eps, and v_t goes on without it
                InPlace.copy(divisor, scratch);
                scratch.addi(epsilon);
                InPlace.sqrt(scratch, scratch);
            } else {
                // v_t += eps (vmax_t += eps), and it stays there
                divisor.addi(epsilon);
                InPlace.sqrt(divisor, scratch);
            }

            // w_t = w_{t-1} - lr * sqrt(1-b2^t)/(1-b1^t) * m_t / sqrt(v_t)
            InPlace.divide(m, scratch, scratch);
            scratch.muli(learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)));
            weight.subi(scratch);
        }
    }

    @Override
    BlockRule rule(int t, double learningRate) {
        float rate = (float) (learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)));
        return (w, g, state, n) -> {
            effectiveGradient(w, g, n);
            average(g, state[M], state[V], state[PREVIOUS_GRADIENT], n);
            float[] divisor = state[V];
            if (amsgrad) {
                divisor = state[V_MAX];
                maximum(divisor, state[V], n);
            }
            descend(w, state[M], divisor, rate, n);
        };
    }

    private void average(float[] g, float[] m, float[] v, float[] previous, int n) {
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        for (int i = 0; i < n; i++) {
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            m[i] = b1 * m[i] + c1 * g[i];
            // v_t = b2*v_{t-1} + (1-b2)*(g_t^2 + (g_t - g_{t-1})^2)
            float d = g[i] - previous[i];
            v[i] = b2 * v[i] + c2 * (g[i] * g[i] + d * d);
            previous[i] = g[i];
        }
    }

    private void descend(float[] w, float[] m, float[] divisor, float rate, int n) {
        // v_t += eps, and it stays there; or, as printed, the root of v_t + eps, and v_t goes on without it
        float kept = printedEpsilon ? 0 : (float) epsilon;
        float passing = printedEpsilon ? (float) epsilon : 0;
        for (int i = 0; i < n; i++) {
            divisor[i] += kept;
            // w_t = w_{t-1} - lr * sqrt(1-b2^t)/(1-b1^t) * m_t / sqrt(v_t)
            w[i] -= m[i] / (float) Math.sqrt(divisor[i] + passing) * rate;
        }
    }

    /** Collects the options of an {@link AdaDiff}. */
    public static final class Builder extends MomentBuilder<Builder> {

        private boolean printedEpsilon;

        private Builder() {}

        /**
         * Adds epsilon as the paper's Algorithm 2 prints it, once and outside the average: v-hat = (v + eps)/(1-b2^t).
         *
         * @param printedEpsilon true for the printed form; false, the default, for the authors' runs, where it
         *     accumulates
         * @return this builder
         */
        public Builder optPrintedEpsilon(boolean printedEpsilon) {
            this.printedEpsilon = printedEpsilon;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Builds the optimizer.
         *
         * @return a new optimizer, to be closed after training
         * @throws IllegalArgumentException if a hyperparameter is out of its range
         */
        public AdaDiff build() {
            return new AdaDiff(this);
        }
    }
}
