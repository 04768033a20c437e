package org.adadiff.report;

import java.util.Arrays;

/**
 * One axis of a figure.
 *
 * @param label what it shows, with the unit
 * @param log   logarithmic
 * @param low   left or lower end, NaN to fit the data
 * @param high  right or upper end, NaN to fit the data
 */
record Axis(String label, boolean log, double low, double high) {
    Axis {
        if (low >= high) {
            throw new IllegalArgumentException("axis '" + label + "': expected low < high, found " + low + " and " + high);
        }
        if (log && (low <= 0 || high <= 0)) {
            throw new IllegalArgumentException(
                    "axis '" + label + "': a logarithmic range must be above 0, found " + low + " to " + high);
        }
    }

    static Axis linear(String label) {
        return new Axis(label, false, Double.NaN, Double.NaN);
    }

    Axis asLog() {
        return new Axis(label, true, low, high);
    }

    Axis within(double newLow, double newHigh) {
        return new Axis(label, log, newLow, newHigh);
    }

    boolean isFixed() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }

    /** What can be drawn on this axis as it is, NaN (a gap) otherwise: a diverged run must not hide the others. */
    double drawable(double value) {
        return Double.isFinite(value) && !(log && value <= 0) ? value : Double.NaN;
    }

    /** The given range, or the one that the data needs, 4 % wider at both ends. */
    double[] fitted(double[] values) {
        if (isFixed()) {
            return new double[] {low, high};
        }
        double[] drawn = Arrays.stream(values).map(this::drawable).filter(Double::isFinite).toArray();
        double min = Arrays.stream(drawn).min().orElse(1);
        double max = Arrays.stream(drawn).max().orElse(10);
        if (log) {
            double factor = max > min ? Math.pow(max / min, 0.04) : 2;
            return new double[] {min / factor, max * factor};
        }
        double margin = max > min ? (max - min) * 0.04 : Math.max(Math.abs(max) * 0.1, 0.5);
        return new double[] {min - margin, max + margin};
    }
}
