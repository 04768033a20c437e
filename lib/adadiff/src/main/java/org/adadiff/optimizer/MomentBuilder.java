package org.adadiff.optimizer;

/**
 * The options that AdaDiff, AdaBelief and Adam share, and the one place where their defaults stand.
 *
 * @param <T> the builder itself
 */
abstract class MomentBuilder<T extends MomentBuilder<T>> extends RateBuilder<T> {

    static final float DEFAULT_LEARNING_RATE = 1e-3f;
    static final double DEFAULT_BETA1 = 0.9;
    static final double DEFAULT_BETA2 = 0.999;
    static final double DEFAULT_EPSILON = 1e-8;

    double beta1 = DEFAULT_BETA1;
    double beta2 = DEFAULT_BETA2;
    double epsilon = DEFAULT_EPSILON;
    boolean amsgrad;

    MomentBuilder() {
        super(DEFAULT_LEARNING_RATE);
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
