package org.adadiff.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A bound on a measurement, or on the ratio of two of one run.
 *
 * @param benchmark what both did
 * @param subject whose number is meant
 * @param peer whose number it is divided by; null when the number itself is bounded
 * @param bound on which side of the limit it has to be
 * @param limit the limit itself
 */
public record Target(String benchmark, String subject, String peer, Bound bound, double limit) {
    /** The side of the limit that is good; the limit itself is good too. */
    public enum Bound {
        /** Small is good: time, memory. */
        AT_MOST,
        /** Large is good: throughput. */
        AT_LEAST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * What became of a target.
     *
     * @param target the target
     * @param subject the measurement it is about; null where it was not made
     * @param peer the measurement beside it; null where it was not made, or none is needed
     */
    public record Outcome(Target target, Measurement subject, Measurement peer) {
        /**
         * Returns the number that the target bounds.
         *
         * @return the value or the ratio; empty where a measurement is missing
         */
        public Optional<Double> value() {
            if (subject == null || target.peer() != null && peer == null) {
                return Optional.empty();
            }
            return Optional.of(peer == null ? subject.value() : subject.value() / peer.value());
        }

        /**
         * Says it in a word or two.
         *
         * @return {@code met}, {@code missed}, or {@code no SUBJECT} where a measurement is missing
         */
        public String verdict() {
            if (value().isEmpty()) {
                return "no " + (subject == null ? target.subject() : target.peer());
            }
            double value = value().get();
            return (target.bound() == Bound.AT_MOST ? value <= target.limit() : value >= target.limit()) ? "met" : "missed";
        }
    }

    /** A target for the ratio of two subjects. */
    static Target ratio(String benchmark, String subject, String peer, Bound bound, double limit) {
        return new Target(benchmark, subject, peer, bound, limit);
    }

    /** A target for a number as it was measured. */
    static Target value(String benchmark, String subject, Bound bound, double limit) {
        return new Target(benchmark, subject, null, bound, limit);
    }

    /**
     * Finds out what became of this target.
     *
     * @param measurements those of one run on one machine
     * @return the outcome, also where a measurement is missing
     * @throws IllegalArgumentException if the two numbers have different units
     */
    public Outcome outcome(List<Measurement> measurements) {
        Measurement of = find(measurements, subject);
        Measurement beside = peer == null ? null : find(measurements, peer);
        if (of != null && beside != null && !of.unit().equals(beside.unit())) {
            throw new IllegalArgumentException(benchmark + ": expected one unit, found " + of.unit() + " of " + subject
                    + " and " + beside.unit() + " of " + peer);
        }
        return new Outcome(this, of, beside);
    }

    private Measurement find(List<Measurement> measurements, String who) {
        return measurements.stream().filter(m -> m.benchmark().equals(benchmark) && m.subject().equals(who)).findFirst()
                .orElse(null);
    }
}
