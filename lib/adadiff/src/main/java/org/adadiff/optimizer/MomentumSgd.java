package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * SGD with momentum as PyTorch computes it: the learning rate stands outside of the momentum, so that a change of it takes
 * effect at once. (MXNet's, which is DJL's, keeps it inside.) With g the gradient (rescaled, plus weight decay times the
 * weight, then clipped) and mu the momentum:
 *
 * <pre>
 * b_t = mu*b_{t-1} + g_t
 * w_t = w_{t-1} - lr * b_t
 * </pre>
 *
 * <p>Without momentum nothing is kept. Works on weights of any shape in dense float32. Arrays of MXNet on the CPU are updated in
 * a single pass over memory; see {@link StatefulOptimizer} for that, and for what all optimizers here promise.
 */
public final class MomentumSgd extends StatefulOptimizer {

    private static final int BUFFER = 0;

    private final double momentum;

    private MomentumSgd(Builder builder) {
        super(builder, builder.learningRateTracker, builder.momentum == 0 ? List.of() : List.of("momentum"));
        momentum = requireDecayRate("momentum", builder.momentum);
    }

    /**
     * Starts an SGD with learning rate 0.01, no momentum, no weight decay and no clipping.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void step(NDArray weight, NDArray gradient, ParameterState state, int t, double learningRate) {
        try (NDArray changed = effectiveGradient().changed(weight, gradient)) {
            NDArray direction = changed == null ? gradient : changed;
            if (momentum > 0) {
                try (NDArray scratch = scratchLike(weight)) {
                    // b_t = mu*b_{t-1} + g_t
                    InPlace.average(state.slot(BUFFER), momentum, direction, 1, scratch);
                }
                direction = state.slot(BUFFER);
            }
            // w_t = w_{t-1} - lr * b_t
            InPlace.addScaled(weight, -learningRate, direction, weight);
        }
    }

    @Override
    float[] rates(int t, double learningRate) {
        return new float[] {(float) learningRate};
    }

    @Override
    String cudaRule() {
        return momentum == 0 ? "w -= rate * g;\n"
                : CudaPass.constant("mu", momentum) + """
                momentum = mu * momentum + g;
                w -= rate * momentum;
                """;
    }

    @Override
    BlockRule blockRule(float... rates) {
        float rate = rates[0];
        return (w, g, state, n) -> {
            effectiveGradient().change(g, w, n);
            float[] direction = g;
            if (momentum > 0) {
                direction = state[BUFFER];
                accumulate((float) momentum, direction, g, n);
            }
            for (int i = 0; i < n; i++) {
                // w_t = w_{t-1} - lr * b_t
                w[i] -= rate * direction[i];
            }
        };
    }

    private static void accumulate(float mu, float[] b, float[] g, int n) {
        for (int i = 0; i < n; i++) {
            // b_t = mu*b_{t-1} + g_t
            b[i] = mu * b[i] + g[i];
        }
    }

    /** Collects the options of a {@link MomentumSgd}. */
    public static final class Builder extends RateBuilder<Builder> {

        private double momentum;

        private Builder() {
            super(DEFAULT_SGD_LEARNING_RATE);
        }

        /**
         * Sets the decay rate of the sum of the gradients.
         *
         * @param momentum in [0, 1), 0 by default
         * @return this builder
         */
        public Builder optMomentum(double momentum) {
            this.momentum = momentum;
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
        public MomentumSgd build() {
            return new MomentumSgd(this);
        }
    }
}
