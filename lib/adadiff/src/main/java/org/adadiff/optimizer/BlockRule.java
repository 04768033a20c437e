package org.adadiff.optimizer;

/** An update rule on plain arrays: one step of it, for a stretch of a parameter. */
@FunctionalInterface
interface BlockRule {

    /**
     * Makes the step for the first n elements.
     *
     * @param w the weights, to be changed
     * @param g the gradient as the caller gave it; free to be used as scratch
     * @param state one array per slot, to be changed
     * @param n at most the arrays' length
     */
    void apply(float[] w, float[] g, float[][] state, int n);
}
