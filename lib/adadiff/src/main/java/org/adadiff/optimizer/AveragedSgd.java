package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Plain SGD that also keeps the running average of the weights it has passed through (Polyak and Juditsky 1992), as
 * AWD-LSTM uses PyTorch's ASGD once progress stalls: lambd = 0 and t0 = 0. With g the gradient (rescaled, plus weight
 * decay times the weight, then clipped) and t the number of this parameter's updates on this device, from 1:
 *
 * <pre>
 * w_t  = w_{t-1} - lr * g_t
 * ax_t = ax_{t-1} + mu_t * (w_t - ax_{t-1}),   mu_t = 1/max(1, t-1)
 * </pre>
 *
 * <p>so that ax<sub>1</sub> = w<sub>1</sub>, and from then on ax<sub>t</sub> is the mean of w<sub>2</sub> to
 * w<sub>t</sub>: PyTorch's mu lags one step, and is followed here. Its learning rate lags likewise, which is not: this
 * step's is used.
 *
 * <p>The averages are for evaluation: {@link #swapAverages} puts them into the weights, and the weights back.
 */
public final class AveragedSgd extends StatefulOptimizer {

    private static final int AVERAGE = 0;

    private boolean averagesInUse;

    private AveragedSgd(Builder builder) {
        super(builder, builder.learningRateTracker, List.of("average"));
    }

    /**
     * Starts an averaged SGD with learning rate 0.01, no weight decay and no clipping.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void step(NDArray weight, NDArray gradient, ParameterState state, int t, double learningRate) {
        requireWeightsInPlace();
        NDArray average = state.slot(AVERAGE);
        try (NDArray changed = effectiveGradient().changed(weight, gradient)) {
            // w_t = w_{t-1} - lr * g_t
            InPlace.addScaled(weight, -learningRate, changed == null ? gradient : changed, weight);
        }
        // ax_t = ax_{t-1} + mu_t * (w_t - ax_{t-1})
        double mu = 1.0 / Math.max(1, t - 1);
        if (mu == 1) {
            InPlace.copy(weight, average);
        } else {
            try (NDArray difference = scratchLike(weight)) {
                InPlace.subtract(weight, average, difference);
                InPlace.addScaled(average, mu, difference, average);
            }
        }
    }

    /**
     * Exchanges the weights of the given parameters with their averages, in place; a second call with the same
     * parameters puts them back, bit for bit. Parameters never updated stay as they are. Between the two calls updates,
     * saving and restoring are refused. The second call works even after an update failed, so that the weights can be had
     * back.
     *
     * @param parameters the parameters, on the device their own array is on
     * @throws IllegalStateException if this optimizer is closed, or an update failed before the first call
     */
    public synchronized void swapAverages(ParameterList parameters) {
        if (averagesInUse) {
            requireOpen();
        } else {
            requireUsable();
        }
        Set<String> seen = new HashSet<>(); // a tied weight swapped under each of its names would end where it began
        for (Parameter parameter : parameters.values()) {
            ParameterState state = seen.add(parameter.getId()) ? stateOf(parameter) : null;
            if (state != null) {
                NDArray weight = parameter.getArray();
                try (NDArray copy = scratchLike(weight)) {
                    InPlace.copy(weight, copy);
                    InPlace.copy(state.slot(AVERAGE), weight);
                    InPlace.copy(copy, state.slot(AVERAGE));
                }
            }
        }
        averagesInUse = !averagesInUse;
    }

    /**
     * Tells whether {@link #swapAverages} has put the averages into the weights.
     *
     * @return true between the first of two calls and the second
     */
    public synchronized boolean averagesInUse() {
        return averagesInUse;
    }

    @Override
    public synchronized void saveState(OutputStream out, ParameterList parameters) throws IOException {
        requireWeightsInPlace();
        super.saveState(out, parameters);
    }

    @Override
    public synchronized void loadState(InputStream in, ParameterList parameters) throws IOException {
        requireWeightsInPlace();
        super.loadState(in, parameters);
    }

    private void requireWeightsInPlace() {
        if (averagesInUse) {
            throw new IllegalStateException(
                    "AveragedSgd: the averages are in the weights' place: call swapAverages once more before going on");
        }
    }

    /** Collects the options of an {@link AveragedSgd}. */
    public static final class Builder extends RateBuilder<Builder> {

        private Builder() {
            super(DEFAULT_SGD_LEARNING_RATE);
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
        public AveragedSgd build() {
            return new AveragedSgd(this);
        }
    }
}
