package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpdateTest {

    private final NDManager manager = NDManager.newBaseManager();

    static List<Supplier<StatefulOptimizer>> optimizers() {
        return List.of(
                () -> AdaDiff.builder().optWeightDecays(0.01f).optClipGrad(0.5f).setRescaleGrad(2).build(),
                () -> AdaDiff.builder().optAmsgrad(true).build(),
                () -> AdaBelief.builder().optWeightDecays(0.01f).optClipGrad(0.5f).build(),
                () -> AveragedSgd.builder().optWeightDecays(0.01f).optClipGrad(0.5f).build());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theDefaultsAreThePapers() {
        assertEquals(1e-3f, MomentBuilder.DEFAULT_LEARNING_RATE);
        assertEquals(0.9, MomentBuilder.DEFAULT_BETA1);
        assertEquals(0.999, MomentBuilder.DEFAULT_BETA2);
        assertEquals(1e-8, MomentBuilder.DEFAULT_EPSILON);
        assertEquals(0.01f, RateBuilder.DEFAULT_SGD_LEARNING_RATE);
        // and what is built has them: same weights as with every option given
        Settings all = Settings.DEFAULT;
        assertArrayEquals(run(all.adaDiff()), run(AdaDiff.builder().build()));
        assertArrayEquals(run(all.adaBelief()), run(AdaBelief.builder().build()));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theGradientIsNeverModified(Supplier<StatefulOptimizer> make) {
        float[] values = {1, -2, 0, 1e-30f, 1e10f};
        NDArray w = manager.ones(new Shape(5));
        NDArray g = Arrays32.vector(manager, values);
        try (StatefulOptimizer optimizer = make.get()) {
            for (int t = 0; t < 3; t++) {
                optimizer.update("w", w, g);
                assertArrayEquals(values, g.toFloatArray(), "after step " + (t + 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void anyShapeGivesTheSameNumbersEmptyAndScalarIncluded(Supplier<StatefulOptimizer> make) {
        for (int size : new int[] {0, 1, 7, 8, 9, 33}) {
            NDArray w = manager.ones(new Shape(size));
            NDArray matrix = manager.ones(new Shape(1, size, 1));
            try (StatefulOptimizer optimizer = make.get()) {
                for (int t = 0; t < 3; t++) {
                    optimizer.update("vector", w, manager.full(new Shape(size), 0.3f));
                    optimizer.update("array", matrix, manager.full(new Shape(1, size, 1), 0.3f));
                }
            }
            assertArrayEquals(w.toFloatArray(), matrix.toFloatArray());
            assertEquals(size, w.size());
        }
        NDArray scalar = manager.create(1f);
        NDArray one = manager.ones(new Shape(1));
        try (StatefulOptimizer optimizer = make.get()) {
            optimizer.update("scalar", scalar, manager.create(0.3f));
            optimizer.update("one", one, manager.full(new Shape(1), 0.3f));
        }
        assertTrue(scalar.getShape().isScalar());
        assertEquals(one.toFloatArray()[0], scalar.getFloat());
    }

    @Test
    void aParameterThatJoinsLateStartsAtItsOwnFirstStep() {
        NDArray early = manager.ones(new Shape(1));
        NDArray late = manager.ones(new Shape(1));
        NDArray g = manager.ones(new Shape(1));
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            optimizer.update("early", early, g);
            float first = early.toFloatArray()[0];
            for (int t = 2; t <= 50; t++) {
                optimizer.update("early", early, g);
            }
            optimizer.update("late", late, g);
            assertEquals(first, late.toFloatArray()[0]);
            assertEquals(List.of(50), optimizer.steps("early"));
            assertEquals(List.of(1), optimizer.steps("late"));
        }
    }

    @Test
    void aFrozenParameterGoesOnWhereItWas() {
        NDArray frozen = manager.ones(new Shape(1));
        NDArray never = manager.ones(new Shape(1));
        NDArray g = Arrays32.vector(manager, 0.7f);
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            for (int t = 1; t <= 30; t++) {
                if (t <= 10 || t > 20) {
                    optimizer.update("frozen for ten steps", frozen, g);
                }
                if (t <= 20) {
                    optimizer.update("never frozen", never, g);
                }
            }
            assertEquals(never.toFloatArray()[0], frozen.toFloatArray()[0]);
        }
    }

    @Test
    void devicesAreCountedAndRememberedApart() {
        // Two devices hold the same weight and get the same gradients, as under DJL's local parameter server.
        NDArray first = manager.ones(new Shape(3));
        NDArray second = manager.ones(new Shape(3));
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            for (int t = 1; t <= 5; t++) {
                NDArray g = manager.full(new Shape(3), t % 2 == 0 ? 1f : -0.5f);
                optimizer.update("w", Device.gpu(0), first, g);
                optimizer.update("w", Device.gpu(1), second, g);
                assertArrayEquals(first.toFloatArray(), second.toFloatArray(), "step " + t);
            }
            assertEquals(List.of(5, 5), optimizer.steps("w"));
        }
    }

    @Test
    void theTrackerIsToldThisParametersOwnUpdatesFromBeginNumUpdate() {
        List<Integer> told = new ArrayList<>();
        Tracker tracker = t -> {
            told.add(t);
            return 0.5f;
        };
        NDArray w = manager.zeros(new Shape(1));
        NDArray g = manager.ones(new Shape(1));
        try (AdaDiff optimizer =
                AdaDiff.builder().optLearningRateTracker(tracker).optBeginNumUpdate(100).build()) {
            optimizer.update("a", w, g);
            float afterFirst = w.toFloatArray()[0];
            optimizer.update("a", w, g);
            optimizer.update("b", manager.zeros(new Shape(1)), g);
            assertEquals(List.of(101, 102, 101), told);
            // the averages are one gradient old: -0.5 * sqrt(1-b2)/(1-b1) * (1-b1)/sqrt((1-b2)*2) = -0.5/sqrt(2)
            assertEquals(-0.5 / Math.sqrt(2), afterFirst, 1e-5, "first step");
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void nanAndInfinityStayInTheirElementAndAreNotSkipped(Supplier<StatefulOptimizer> make) {
        NDArray w = manager.ones(new Shape(3));
        NDArray clean = manager.ones(new Shape(3));
        try (StatefulOptimizer optimizer = make.get();
                StatefulOptimizer other = make.get()) {
            optimizer.update("w", w, Arrays32.vector(manager, 1, Float.NaN, 1));
            other.update("w", clean, Arrays32.vector(manager, 1, 1, 1));
            optimizer.update("w", w, manager.ones(new Shape(3)));
            other.update("w", clean, manager.ones(new Shape(3)));
        }
        float[] found = w.toFloatArray();
        assertTrue(Float.isNaN(found[1]), "found " + found[1]);
        assertEquals(clean.toFloatArray()[0], found[0]);
        assertEquals(clean.toFloatArray()[2], found[2]);
    }

    @Test
    void withoutDecayAnInfiniteWeightLeavesTheRescaledGradientAlone() {
        float[] g = {2, 3};
        new EffectiveGradient(0.5f, 0, -1).change(g, new float[] {Float.POSITIVE_INFINITY, 1}, 2);
        assertArrayEquals(new float[] {1, 1.5f}, g);
    }

    @Test
    void anInfiniteGradientMakesItsElementNanUnlessClipped() {
        NDArray w = manager.ones(new Shape(2));
        NDArray clipped = manager.ones(new Shape(2));
        NDArray g = Arrays32.vector(manager, 1, Float.POSITIVE_INFINITY);
        try (AdaDiff optimizer = AdaDiff.builder().build();
                AdaDiff clipping = AdaDiff.builder().optClipGrad(1).build()) {
            optimizer.update("w", w, g);
            clipping.update("w", clipped, g);
        }
        assertTrue(Float.isNaN(w.toFloatArray()[1]));
        assertEquals(clipped.toFloatArray()[0], clipped.toFloatArray()[1]);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stateSurvivesTheCallersScopeAndManager(Supplier<StatefulOptimizer> make) {
        float[] expected = run(make.get());
        NDArray w = manager.ones(new Shape(2));
        try (StatefulOptimizer optimizer = make.get()) {
            for (int t = 0; t < 5; t++) {
                try (NDScope scope = new NDScope();
                        NDManager inner = manager.newSubManager()) {
                    scope.suppressNotUsedWarning();
                    optimizer.update("w", w, Arrays32.vector(inner, 0.3f, -t));
                }
            }
            assertArrayEquals(expected, w.toFloatArray());
        }
    }

    @Test
    void hyperparametersOutOfRangeAreRefused() {
        refused("beta1: expected in [0, 1), found 1.0", b -> b.optBeta1(1));
        refused("beta2: expected in [0, 1), found -0.1", b -> b.optBeta2(-0.1));
        refused("beta2: expected in [0, 1), found NaN", b -> b.optBeta2(Double.NaN));
        refused("epsilon: expected at least 0 and finite, found -1.0E-8", b -> b.optEpsilon(-1e-8));
        refused("epsilon: expected at least 0 and finite, found Infinity", b -> b.optEpsilon(1 / 0.0));
        refused("weight decay: expected at least 0 and finite, found -0.5", b -> b.optWeightDecays(-0.5f));
        refused("rescaleGrad: expected a finite number, found NaN", b -> b.setRescaleGrad(Float.NaN));
        refused("clipGrad: expected a number, negative for no clipping, found NaN", b -> b.optClipGrad(Float.NaN));
        refused("beginNumUpdate: expected at least 0, found -1", b -> b.optBeginNumUpdate(-1));
    }

    @Test
    void aLearningRateThatIsNoRateIsRefusedWhenItIsUsed() {
        NDArray w = manager.ones(new Shape(1));
        for (float rate : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            try (AdaBelief optimizer = AdaBelief.builder().optLearningRateTracker(Tracker.fixed(rate)).build()) {
                IllegalArgumentException e = assertThrows(
                        IllegalArgumentException.class, () -> optimizer.update("w", w, w.onesLike()));
                assertEquals(
                        "learning rate of w at update 1: expected at least 0 and finite, found " + rate,
                        e.getMessage());
            }
        }
    }

    @Test
    void whatIsNotDenseFloat32OfOneShapeIsRefused() {
        NDArray w = manager.ones(new Shape(2, 2));
        refused("Parameter w: expected a float32 weight, found float64", w.toType(DataType.FLOAT64, true), w);
        refused("Parameter w: expected a float32 gradient, found float64", w, w.toType(DataType.FLOAT64, true));
        refused("Parameter w: expected a dense gradient, found ROW_SPARSE (sparse)", w,
                w.toSparse(SparseFormat.ROW_SPARSE));
        refused("Parameter w: expected a gradient of the weight's shape, (2, 2), found (4)", w, w.reshape(4).duplicate());
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            optimizer.update("w", w, w.onesLike());
            NDArray other = manager.ones(new Shape(4));
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> optimizer.update("w", other, other.onesLike()));
            assertEquals(
                    "Parameter w: expected the shape of its earlier updates, (2, 2), found (4)", e.getMessage());
        }
    }

    @Test
    void aClosedOptimizerRefusesAndClosingTwiceDoesNothing() {
        AdaDiff optimizer = AdaDiff.builder().build();
        NDArray w = manager.ones(new Shape(1));
        optimizer.update("w", w, w.onesLike());
        optimizer.close();
        optimizer.close();
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> optimizer.update("w", w, w.onesLike()));
        assertEquals("AdaDiff is closed", e.getMessage());
    }

    private static void refused(String message, Consumer<AdaDiff.Builder> option) {
        AdaDiff.Builder builder = AdaDiff.builder();
        option.accept(builder);
        assertEquals(message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    private static void refused(String message, NDArray weight, NDArray gradient) {
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> optimizer.update("w", weight, gradient));
            assertEquals(message, e.getMessage());
        }
    }

    private float[] run(StatefulOptimizer optimizer) {
        try (optimizer) {
            NDArray w = manager.ones(new Shape(2));
            for (int t = 0; t < 5; t++) {
                optimizer.update("w", w, Arrays32.vector(manager, 0.3f, -t));
            }
            return w.toFloatArray();
        }
    }
}
