package org.adadiff.optimizer;

import ai.djl.training.optimizer.Optimizer.OptimizerBuilder;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;

/**
 * The options that all optimizers of this package share.
 *
 * @param <T> the builder itself
 */
abstract class RateBuilder<T extends RateBuilder<T>> extends OptimizerBuilder<T> {

    static final float DEFAULT_SGD_LEARNING_RATE = 0.01f;

    ParameterTracker learningRateTracker;

    RateBuilder(float defaultLearningRate) {
        learningRateTracker = Tracker.fixed(defaultLearningRate);
    }

    /**
     * Sets where the learning rate comes from. The tracker is asked at every update, with this parameter's own number
     * of updates, the current one included (1 at the first, plus {@code optBeginNumUpdate}).
     *
     * @param tracker the learning rate by number of updates; this optimizer's default throughout unless told
     * @return this builder
     */
    public T optLearningRateTracker(Tracker tracker) {
        learningRateTracker = tracker;
        return self();
    }

    /**
     * Sets where the learning rate comes from, by parameter.
     *
     * @param tracker the learning rate by parameter id and that parameter's number of updates, the current one included
     * @return this builder
     */
    public T optLearningRateTracker(ParameterTracker tracker) {
        learningRateTracker = tracker;
        return self();
    }
}
