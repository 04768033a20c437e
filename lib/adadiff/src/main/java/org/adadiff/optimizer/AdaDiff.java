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
 * <p>Works on weights of any shape in dense float32. Arrays of MXNet on the CPU are updated in a single pass over memory; see
 * {@link StatefulOptimizer} for that, and for what all optimizers here promise.
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
        try (NDArray changed = effectiveGradient().changed(weight, gradient);
                NDArray scratch = scratchLike(weight)) {
            NDArray g = changed == null ? gradient : changed;

            // m_t = b1*m_{t-1} + (1-b1)*g_t
            InPlace.average(m, beta1, g, 1 - beta1, scratch);

            // v_t = b2*v_{t-1} + (1-b2)*(g_t^2 + (g_t - g_{t-1})^2)
            InPlace.subtract(g, previous, previous);
            InPlace.square(previous, previous);
            InPlace.square(g, scratch);
            previous.addi(scratch);
            InPlace.average(v, beta2, previous, 1 - beta2, previous);
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
            double rate = learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
            InPlace.addScaled(weight, -rate, scratch, weight);
        }
    }

    @Override
    float[] rates(int t, double learningRate) {
        return new float[] {(float) (learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)))};
    }

    @Override
    String cudaRule() {
        return MomentStep.cudaConstants(beta1, beta2)
                + CudaPass.constant("kept", printedEpsilon ? 0 : epsilon)
                + CudaPass.constant("passing", printedEpsilon ? epsilon : 0)
                + """
                m = b1 * m + c1 * g;
                float d = g - previous_gradient;
                previous_gradient = g;
                """ + (amsgrad ? """
                v = b2 * v + c2 * (g * g + d * d);
                vmax = larger(vmax, v) + kept;
                w -= m / sqrtf(vmax + passing) * rate;
                """ : """
                v = b2 * v + c2 * (g * g + d * d) + kept;
                w -= m / sqrtf(v + passing) * rate;
                """);
    }

    @Override
    BlockRule blockRule(float... rates) {
        float rate = rates[0];
        return (w, g, state, n) -> {
            effectiveGradient().change(g, w, n);
            if (amsgrad) {
                descendAmsgrad(w, g, state, rate, n);
            } else {
                descend(w, g, state, rate, n);
            }
        };
    }

    private void descend(float[] w, float[] g, float[][] state, float rate, int n) {
        float[] m = state[M];
        float[] v = state[V];
        float[] previous = state[PREVIOUS_GRADIENT];
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        float kept = printedEpsilon ? 0 : (float) epsilon;
        float passing = printedEpsilon ? (float) epsilon : 0;
        for (int i = 0; i < n; i++) {
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            float mt = b1 * m[i] + c1 * g[i];
            // v_t = b2*v_{t-1} + (1-b2)*(g_t^2 + (g_t - g_{t-1})^2) + eps
            float d = g[i] - previous[i];
            float vt = b2 * v[i] + c2 * (g[i] * g[i] + d * d) + kept;
            // w_t = w_{t-1} - lr * sqrt(1-b2^t)/(1-b1^t) * m_t / sqrt(v_t)
            w[i] -= mt / (float) Math.sqrt(vt + passing) * rate;
            m[i] = mt;
            v[i] = vt;
            previous[i] = g[i];
        }
    }

    private void descendAmsgrad(float[] w, float[] g, float[][] state, float rate, int n) {
        float[] m = state[M];
        float[] v = state[V];
        float[] previous = state[PREVIOUS_GRADIENT];
        float[] largest = state[V_MAX];
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        float kept = printedEpsilon ? 0 : (float) epsilon;
        float passing = printedEpsilon ? (float) epsilon : 0;
        for (int i = 0; i < n; i++) {
            float mt = b1 * m[i] + c1 * g[i];
            float d = g[i] - previous[i];
            float vt = b2 * v[i] + c2 * (g[i] * g[i] + d * d);
            // vmax_t = max(vmax_{t-1}, v_t) + eps
            float vmax = Math.max(largest[i], vt) + kept;
            w[i] -= mt / (float) Math.sqrt(vmax + passing) * rate;
            m[i] = mt;
            v[i] = vt;
            previous[i] = g[i];
            largest[i] = vmax;
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
