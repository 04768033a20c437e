package org.adadiff.optimizer;

import ai.djl.training.optimizer.Optimizer.OptimizerBuilder;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;

/**
 * The options that AdaDiff and AdaBelief share, and the one place where their defaults stand.
 *
 * @param <T> the builder itself
 */
abstract class MomentBuilder<T extends MomentBuilder<T>> extends OptimizerBuilder<T> {

    static final float DEFAULT_LEARNING_RATE = 1e-3f;
    static final double DEFAULT_BETA1 = 0.9;
    static final double DEFAULT_BETA2 = 0.999;
    static final double DEFAULT_EPSILON = 1e-8;

    ParameterTracker learningRateTracker = Tracker.fixed(DEFAULT_LEARNING_RATE);
    double beta1 = DEFAULT_BETA1;
    double beta2 = DEFAULT_BETA2;
    double epsilon = DEFAULT_EPSILON;
    boolean amsgrad;

    MomentBuilder() {}

    /**
     * Sets where the learning rate comes from. The tracker is asked at every update, with this parameter's own number
     * of updates, the current one included (1 at the first, plus {@code optBeginNumUpdate}).
     *
     * @param tracker the learning rate by number of updates; 1e-3 throughout by default
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

    /**
     * Sets the decay rate of the mean of the gradients.
     *
     * @param beta1 in [0, 1), 0.9 by default
     * @return this builder
     */
    public T optBeta1(double beta1) {
        this.beta1 = beta1;
        return self();
    }

    /**
     * Sets the decay rate of the second moment.
     *
     * @param beta2 in [0, 1), 0.999 by default
     * @return this builder
     */
    public T optBeta2(double beta2) {
        this.beta2 = beta2;
        return self();
    }

    /**
     * Sets epsilon, which keeps the divisor away from zero. With 0, an element whose gradient has always been 0
     * becomes NaN (0/0).
     *
     * @param epsilon at least 0 and finite, 1e-8 by default
     * @return this builder
     */
    public T optEpsilon(double epsilon) {
        this.epsilon = epsilon;
        return self();
    }

    /**
     * Divides by the largest second moment so far (AMSGrad, Reddi et al. 2018) instead of the current one.
     *
     * @param amsgrad whether to; false by default
     * @return this builder
     */
    public T optAmsgrad(boolean amsgrad) {
        this.amsgrad = amsgrad;
        return self();
    }
}
