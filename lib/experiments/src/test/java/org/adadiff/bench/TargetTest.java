package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.adadiff.bench.Target.Bound;
import org.junit.jupiter.api.Test;

class TargetTest {
    private static final List<Measurement> MEASUREMENTS = List.of(
            new Measurement("update", "ours", 30, "ms"), new Measurement("update", "theirs", 50, "ms"),
            new Measurement("start", "ours", 2.5, "s"), new Measurement("start", "theirs", 400, "ms"));

    private static String verdict(Target target) {
        return target.outcome(MEASUREMENTS).verdict();
    }

    @Test
    void aRatioIsTheSubjectsNumberDividedByThePeers() {
        assertEquals(Optional.of(0.6), Target.ratio("update", "ours", "theirs", Bound.AT_MOST, 1).outcome(MEASUREMENTS).value());
    }

    @Test
    void theLimitItselfIsGoodOnBothSides() {
        assertEquals("met", verdict(Target.ratio("update", "ours", "theirs", Bound.AT_MOST, 0.6)));
        assertEquals("met", verdict(Target.ratio("update", "ours", "theirs", Bound.AT_LEAST, 0.6)));
        assertEquals("missed", verdict(Target.ratio("update", "ours", "theirs", Bound.AT_MOST, 0.59)));
        assertEquals("missed", verdict(Target.ratio("update", "ours", "theirs", Bound.AT_LEAST, 0.61)));
    }

    @Test
    void aTargetWithoutPeerBoundsTheNumberItself() {
        assertEquals("met", verdict(Target.value("start", "ours", Bound.AT_MOST, 3)));
        assertEquals("missed", verdict(Target.value("start", "ours", Bound.AT_MOST, 2)));
    }

    @Test
    void whatWasNotMeasuredIsNeitherMetNorMissed() {
        assertEquals("no PyTorch", verdict(Target.ratio("update", "ours", "PyTorch", Bound.AT_MOST, 1)));
        assertEquals("no DJL", verdict(Target.ratio("update", "DJL", "theirs", Bound.AT_MOST, 1)));
        assertEquals("no ours", verdict(Target.value("other", "ours", Bound.AT_MOST, 1)));
    }

    @Test
    void numbersOfDifferentUnitsAreNotDivided() {
        Target target = Target.ratio("start", "ours", "theirs", Bound.AT_MOST, 1);
        var error = assertThrows(IllegalArgumentException.class, () -> target.outcome(MEASUREMENTS));
        assertTrue(error.getMessage().contains("expected one unit, found s of ours and ms of theirs"), error.getMessage());
    }

    @Test
    void roundsBecomeTheirMedianInTheOrderOfTheFirst() {
        List<Measurement> rounds = List.of(new Measurement("a", "x", 9, "ms"), new Measurement("a", "y", 4, "ms"),
                new Measurement("a", "x", 1, "ms"), new Measurement("a", "x", 2, "ms"), new Measurement("a", "y", 6, "ms"));
        assertEquals(List.of(new Measurement("a", "x", 2, "ms"), new Measurement("a", "y", 5, "ms")),
                Measurement.medians(rounds));
    }

    @Test
    void whatIsNoMeasuredNumberIsRefused() {
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new Measurement("a", "x", value, "ms"));
        }
    }
}
