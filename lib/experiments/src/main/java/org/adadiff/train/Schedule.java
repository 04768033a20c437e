package org.adadiff.train;

import java.util.List;

/**
 * How long a run is, and how its learning rate falls.
 *
 * @param epochs how often the training data is seen
 * @param decayAfter the epochs after which the learning rate is divided
 * @param decayDivisor by how much
 */
public record Schedule(int epochs, List<Integer> decayAfter, double decayDivisor) {
    /**
     * Checks the values.
     *
     * @param epochs at least 1
     * @param decayAfter copied
     * @param decayDivisor at least 1
     * @throws IllegalArgumentException if a number is out of range
     */
    public Schedule {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs: expected at least 1, found " + epochs);
        }
        if (!(decayDivisor >= 1)) {
            throw new IllegalArgumentException("decay divisor: expected at least 1, found " + decayDivisor);
        }
        decayAfter = List.copyOf(decayAfter);
    }

    /**
     * Returns what the learning rate is multiplied with in an epoch.
     *
     * @param epoch from 1
     * @return 1 divided by the divisor once for each decay due before this epoch
     */
    public double factor(int epoch) {
        return Math.pow(decayDivisor, -decayAfter.stream().filter(after -> epoch > after).count());
    }

    /**
     * Returns a schedule of another length, with its decays at the same shares of it.
     *
     * @param count the number of epochs, at least 1
     * @return the changed schedule
     */
    public Schedule scaledTo(int count) {
        return new Schedule(count, decayAfter.stream().map(after -> Math.round((float) after * count / epochs)).toList(),
                decayDivisor);
    }
}
