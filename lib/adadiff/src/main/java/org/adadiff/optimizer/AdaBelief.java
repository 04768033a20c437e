package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * AdaBelief (Zhuang et al. 2020), the AdaDiff paper's other baseline: Adam that divides by how far the gradient lies
 * from its own running mean. With g the gradient (rescaled, plus weight decay times the weight, then clipped) and t the
 * number of this parameter's updates on this device, from 1:
 *
 * <pre>
 * m_t = b1*m_{t-1} + (1-b1)*g_t
 * s_t = b2*s_{t-1} + (1-b2)*(g_t - m_t)^2 + eps
 * w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(s_t/(1-b2^t)) + eps)
 * </pre>
 *
 * <p>Epsilon stays in s and accumulates. With AMSGrad the largest s so far, epsilon included, takes the place of
 * s<sub>t</sub> in the last line.
 *
 * <p>Works on weights of any shape in dense float32. Arrays of MXNet on the CPU are updated in a single pass over memory; see
 * {@link StatefulOptimizer} for that, and for what all optimizers here promise.
 */
public final class AdaBelief extends StatefulOptimizer {

    private static final int M = 0;
    private static final int S = 1;
    private static final int S_MAX = 2;

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final boolean amsgrad;

    private AdaBelief(Builder builder) {
        super(
                builder,
                builder.learningRateTracker,
                builder.amsgrad ? List.of("m", "s", "smax") : List.of("m", "s"));
        beta1 = requireDecayRate("beta1", builder.beta1);
        beta2 = requireDecayRate("beta2", builder.beta2);
        epsilon = requireNonNegative("epsilon", builder.epsilon);
        amsgrad = builder.amsgrad;
    }

    /**
     * Starts an AdaBelief with learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-8, no weight decay, no clipping,
     * no AMSGrad.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void step(NDArray weight, NDArray gradient, ParameterState state, int t, double learningRate) {
        NDArray m = state.slot(M);
        NDArray s = state.slot(S);
        try (NDArray changed = effectiveGradient().changed(weight, gradient);
                NDArray scratch = scratchLike(weight)) {
            NDArray g = changed == null ? gradient : changed;

            // m_t = b1*m_{t-1} + (1-b1)*g_t
            InPlace.average(m, beta1, g, 1 - beta1, scratch);

            // s_t = b2*s_{t-1} + (1-b2)*(g_t - m_t)^2 + eps
            InPlace.subtract(g, m, scratch);
            InPlace.square(scratch, scratch);
            InPlace.average(s, beta2, scratch, 1 - beta2, scratch);
            s.addi(epsilon);

            NDArray divisor = s;
            if (amsgrad) {
                // smax_t = max(smax_{t-1}, s_t)
                divisor = state.slot(S_MAX);
                InPlace.maximum(divisor, s, divisor);
            }

            // w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(s_t/(1-b2^t)) + eps)
            double correction = 1 / Math.sqrt(1 - Math.pow(beta2, t));
            MomentStep.descend(weight, m, divisor, learningRate / (1 - Math.pow(beta1, t)), correction, epsilon, scratch);
        }
    }

    @Override
    float[] rates(int t, double learningRate) {
        return MomentStep.rates(t, learningRate, beta1, beta2);
    }

    @Override
    String cudaRule() {
        return MomentStep.cudaConstants(beta1, beta2)
                + CudaPass.constant("eps", epsilon)
                + """
                m = b1 * m + c1 * g;
                float d = g - m;
                s = b2 * s + c2 * (d * d) + eps;
                """ + (amsgrad ? "smax = larger(smax, s);\n" + MomentStep.cuda("smax") : MomentStep.cuda("s"));
    }

    @Override
    BlockRule blockRule(float... rates) {
        return (w, g, state, n) -> {
            effectiveGradient().change(g, w, n);
            average(g, state[M], state[S], n);
            float[] divisor = state[S];
            if (amsgrad) {
                divisor = state[S_MAX];
                MomentStep.maximum(divisor, state[S], n);
            }
            // w_t = w_{t-1} - lr/(1-b1^t) * m_t / (sqrt(s_t/(1-b2^t)) + eps)
            MomentStep.descend(w, state[M], divisor, rates, (float) epsilon, n);
        };
    }

    private void average(float[] g, float[] m, float[] s, int n) {
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        float eps = (float) epsilon;
        for (int i = 0; i < n; i++) {
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            float mt = b1 * m[i] + c1 * g[i];
            // s_t = b2*s_{t-1} + (1-b2)*(g_t - m_t)^2 + eps
            float d = g[i] - mt;
            s[i] = b2 * s[i] + c2 * (d * d) + eps;
            m[i] = mt;
        }
    }

    /** Collects the options of an {@link AdaBelief}. */
    public static final class Builder extends MomentBuilder<Builder> {

        private Builder() {}

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
        public AdaBelief build() {
            return new AdaBelief(this);
        }
    }
}
