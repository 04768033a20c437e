package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015), as PyTorch computes it, with state that can be saved and a single pass over memory. With g the
 * gradient (rescaled, plus weight decay times the weight, then clipped) and t the number of this parameter's updates on
 * this device, from 1:
 *
 * <pre>
 * m_t = b1*m_{t-1} + (1-b1)*g_t
 * v_t = b2*v_{t-1} + (1-b2)*g_t^2
 * w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(v_t/(1-b2^t)) + eps)
 * </pre>
 *
 * <p>With {@link Builder#optAccumulatedEpsilon} epsilon is used as {@link AdaDiff} uses it: v<sub>t</sub> gets it at each
 * step and keeps it, and the root does not. What then tells the two apart is AdaDiff's difference of gradients alone. With
 * AMSGrad the largest v so far takes the place of v<sub>t</sub> in the last line, and gets epsilon in v's stead.
 *
 * <p>Works on weights of any shape in dense float32. Arrays of MXNet on the CPU are updated in a single pass over memory; see
 * {@link StatefulOptimizer} for that, and for what all optimizers here promise.
 */
public final class Adam extends StatefulOptimizer {

    private static final int M = 0;
    private static final int V = 1;
    private static final int V_MAX = 2;

    private final double beta1;
    private final double beta2;
    private final double accumulated; // epsilon, where v keeps it, else 0
    private final double added; // epsilon, where the root gets it, else 0
    private final boolean amsgrad;

    private Adam(Builder builder) {
        super(
                builder,
                builder.learningRateTracker,
                builder.amsgrad ? List.of("m", "v", "vmax") : List.of("m", "v"));
        beta1 = requireDecayRate("beta1", builder.beta1);
        beta2 = requireDecayRate("beta2", builder.beta2);
        double epsilon = requireNonNegative("epsilon", builder.epsilon);
        accumulated = builder.accumulatedEpsilon ? epsilon : 0;
        added = builder.accumulatedEpsilon ? 0 : epsilon;
        amsgrad = builder.amsgrad;
    }

    /**
     * Starts an Adam with learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8 beside the root, no weight decay, no
     * clipping, no AMSGrad.
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
        try (NDArray changed = effectiveGradient().changed(weight, gradient);
                NDArray scratch = scratchLike(weight)) {
            NDArray g = changed == null ? gradient : changed;

            // m_t = b1*m_{t-1} + (1-b1)*g_t
            InPlace.average(m, beta1, g, 1 - beta1, scratch);

            // v_t = b2*v_{t-1} + (1-b2)*g_t^2
            InPlace.square(g, scratch);
            InPlace.average(v, beta2, scratch, 1 - beta2, scratch);

            NDArray divisor = v;
            if (amsgrad) {
                // vmax_t = max(vmax_{t-1}, v_t)
                divisor = state.slot(V_MAX);
                InPlace.maximum(divisor, v, divisor);
            }
            if (accumulated > 0) {
                divisor.addi(accumulated);
            }

            // w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(v_t/(1-b2^t)) + eps)
            double correction = 1 / Math.sqrt(1 - Math.pow(beta2, t));
            MomentStep.descend(weight, m, divisor, learningRate / (1 - Math.pow(beta1, t)), correction, added, scratch);
        }
    }

    @Override
    float[] rates(int t, double learningRate) {
        return MomentStep.rates(t, learningRate, beta1, beta2);
    }

    @Override
    String cudaRule() {
        String divisor = amsgrad ? "vmax" : "v";
        return MomentStep.cudaConstants(beta1, beta2)
                + CudaPass.constant("accumulated", accumulated) + CudaPass.constant("eps", added)
                + """
                m = b1 * m + c1 * g;
                v = b2 * v + c2 * (g * g);
                """ + (amsgrad ? "vmax = larger(vmax, v);\n" : "") + divisor + " += accumulated;\n" + MomentStep.cuda(divisor);
    }

    @Override
    BlockRule blockRule(float... rates) {
        return (w, g, state, n) -> {
            effectiveGradient().change(g, w, n);
            average(g, state[M], state[V], n);
            float[] divisor = state[V];
            if (amsgrad) {
                divisor = state[V_MAX];
                MomentStep.maximum(divisor, state[V], n);
            }
            if (accumulated > 0) {
                add((float) accumulated, divisor, n);
            }
            // w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(v_t/(1-b2^t)) + eps)
            MomentStep.descend(w, state[M], divisor, rates, (float) added, n);
        };
    }

    private void average(float[] g, float[] m, float[] v, int n) {
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        for (int i = 0; i < n; i++) {
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            m[i] = b1 * m[i] + c1 * g[i];
            // v_t = b2*v_{t-1} + (1-b2)*g_t^2
            v[i] = b2 * v[i] + c2 * (g[i] * g[i]);
        }
    }

    private static void add(float epsilon, float[] v, int n) {
        for (int i = 0; i < n; i++) {
            v[i] += epsilon;
        }
    }

    /** Collects the options of an {@link Adam}. */
    public static final class Builder extends MomentBuilder<Builder> {

        private boolean accumulatedEpsilon;

        private Builder() {}

        /**
         * Keeps epsilon in the second moment, where it accumulates, as AdaDiff does, instead of beside its root.
         *
         * @param accumulatedEpsilon true for AdaDiff's use of epsilon; false, the default, for Adam's own
         * @return this builder
         */
        public Builder optAccumulatedEpsilon(boolean accumulatedEpsilon) {
            this.accumulatedEpsilon = accumulatedEpsilon;
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
        public Adam build() {
            return new Adam(this);
        }
    }
}
