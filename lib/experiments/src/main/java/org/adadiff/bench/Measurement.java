package org.adadiff.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One measured number.
 *
 * @param benchmark what was done, such as {@code update resnet34}
 * @param subject who did it, such as {@code AdaDiff}; the same name in all benchmarks
 * @param value a median; above 0
 * @param unit such as {@code ms} or {@code images/s}
 */
public record Measurement(String benchmark, String subject, double value, String unit) {
    /**
     * Checks the value.
     *
     * @param benchmark any text
     * @param subject any text
     * @param value above 0 and finite
     * @param unit any text
     * @throws IllegalArgumentException if the value is not above 0: such a number was not measured
     */
    public Measurement {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    benchmark + ", " + subject + ": expected a value above 0, found " + value + " " + unit);
        }
    }

    /**
     * Returns the medians of several rounds.
     *
     * @param rounds measurements, of which those of the same benchmark and subject are rounds of one
     * @return one for each benchmark and subject, in the order of their first rounds
     */
    static List<Measurement> medians(List<Measurement> rounds) {
        Map<List<String>, List<Measurement>> groups = rounds.stream().collect(Collectors.groupingBy(
                round -> List.of(round.benchmark, round.subject, round.unit), LinkedHashMap::new, Collectors.toList()));
        return groups.values().stream().map(group -> new Measurement(group.get(0).benchmark, group.get(0).subject,
                median(group.stream().mapToDouble(Measurement::value).toArray()), group.get(0).unit)).toList();
    }

    /** Returns the middle of the values, or the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
