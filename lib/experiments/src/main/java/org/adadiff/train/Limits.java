package org.adadiff.train;

/**
 * How much of the data is used; 0 means all of it.
 *
 * @param training training images or tokens per epoch, the first ones
 * @param evaluation images or tokens per evaluation, the first ones
 * @param steps steps in the whole run; a run that this limit ends is not evaluated
 */
public record Limits(int training, int evaluation, int steps) {
    /** All of the data, every step. */
    public static final Limits NONE = new Limits(0, 0, 0);

    /**
     * Checks the values.
     *
     * @param training at least 0
     * @param evaluation at least 0
     * @param steps at least 0
     * @throws IllegalArgumentException if one of them is negative
     */
    public Limits {
        if (training < 0 || evaluation < 0 || steps < 0) {
            throw new IllegalArgumentException("limits: expected 0 (no limit) or more, found training " + training
                    + ", evaluation " + evaluation + ", steps " + steps);
        }
    }
}
