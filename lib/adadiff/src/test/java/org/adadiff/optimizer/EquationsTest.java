package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EquationsTest {

    private static final int STEPS = 1000;
    private static final int SIZE = 17;

    /** Weight decay x AMSGrad x clip x schedule, with a rescale that is not 1; and epsilon as printed. */
    static List<Settings> adaDiff() {
        List<Settings> all = new ArrayList<>();
        for (int bits = 0; bits < 16; bits++) {
            all.add(settings((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
        }
        all.add(settings(true, false, false, true).printedEpsilon(true));
        all.add(settings(false, true, true, false).printedEpsilon(true));
        return all;
    }

    static List<Settings> adaBelief() {
        return List.of(
                settings(false, false, false, true),
                settings(true, true, false, false),
                settings(false, true, true, false),
                settings(true, false, true, true));
    }

    static List<Settings> adam() {
        return List.of(
                settings(true, false, false, true),
                settings(false, true, true, false),
                settings(true, false, false, true).accumulatedEpsilon(true),
                settings(false, true, true, false).accumulatedEpsilon(true).epsilon(1e-4));
    }

    static List<Settings> sgd() {
        return List.of(settings(true, false, true, true), settings(true, false, false, true).momentum(0.9));
    }

    private static Settings settings(boolean weightDecay, boolean amsgrad, boolean clip, boolean schedule) {
        return Settings.DEFAULT
                .rescale(0.5)
                .weightDecay(weightDecay ? 5e-3 : 0)
                .amsgrad(amsgrad)
                .clip(clip ? 0.25 : -1)
                .learningRate(t -> schedule && t <= 600 ? 1e-2 : 1e-3);
    }

    @ParameterizedTest
    @MethodSource("adaDiff")
    void adaDiffStaysWithTheTranscriptionFor1000Steps(Settings settings) {
        PaperEquations equations = new PaperEquations(settings, SIZE);
        compare(settings, settings.adaDiff(), equations::adaDiff);
    }

    @ParameterizedTest
    @MethodSource("adaBelief")
    void adaBeliefStaysWithTheTranscriptionFor1000Steps(Settings settings) {
        PaperEquations equations = new PaperEquations(settings, SIZE);
        compare(settings, settings.adaBelief(), equations::adaBelief);
    }

    @ParameterizedTest
    @MethodSource("adam")
    void adamStaysWithTheTranscriptionFor1000Steps(Settings settings) {
        PaperEquations equations = new PaperEquations(settings, SIZE);
        compare(settings, settings.adam(), equations::adam);
    }

    @ParameterizedTest
    @MethodSource("sgd")
    void momentumSgdStaysWithTheTranscriptionFor1000Steps(Settings settings) {
        PaperEquations equations = new PaperEquations(settings, SIZE);
        compare(settings, settings.sgd(), equations::sgd);
    }

    @Test
    void theFirstThreeStepsAreThoseWorkedOutByHand() {
        // b1 = b2 = 0.5, eps = 1, lr = 1, w0 = 0, gradients 2, 4, 4:
        // t=1: m = 1,   v = 0.5*4 + 0.5*(2-0)^2 + 1 = 5,                w = -sqrt(1/2)/(1/2) * 1/sqrt(5)
        // t=2: m = 2.5, v = 2.5 + 0.5*16 + 0.5*(4-2)^2 + 1 = 13.5,       w -= sqrt(3/4)/(3/4) * 2.5/sqrt(13.5)
        // t=3: m = 3.25, v = 6.75 + 8 + 0 + 1 = 15.75,                   w -= sqrt(7/8)/(7/8) * 3.25/sqrt(15.75)
        double w1 = -Math.sqrt(2.0 / 5);
        double w2 = w1 - Math.sqrt(4.0 / 3) * 2.5 / Math.sqrt(13.5);
        double w3 = w2 - Math.sqrt(8.0 / 7) * 3.25 / Math.sqrt(15.75);
        Settings s = Settings.DEFAULT.betas(0.5, 0.5).epsilon(1).learningRate(t -> 1);
        try (NDManager manager = NDManager.newBaseManager();
                AdaDiff optimizer = s.adaDiff()) {
            NDArray w = Arrays32.vector(manager, 0);
            float[] found = new float[3];
            float[] gradients = {2, 4, 4};
            for (int t = 0; t < 3; t++) {
                optimizer.update("w", w, Arrays32.vector(manager, gradients[t]));
                found[t] = w.toFloatArray()[0];
            }
            assertArrayEquals(new float[] {(float) w1, (float) w2, (float) w3}, found, 1e-6f);
        }
    }

    @Test
    void aConstantGradientMakesTheDifferenceTermVanishFromTheSecondStep() {
        // Then v_t - b2*v_{t-1} is (1-b2)*2*g^2 at t = 1 and (1-b2)*g^2 after: with b1 = 0, eps = 0, lr = 1, and
        // v_t = (1-b2)*g^2*(sum_{k<t} b2^k + b2^{t-1}), the step is sqrt((1-b2^t)/(1-b2^t + (1-b2)*b2^{t-1})).
        double b2 = 0.9;
        Settings s = Settings.DEFAULT.betas(0, b2).epsilon(0).learningRate(t -> 1);
        try (NDManager manager = NDManager.newBaseManager();
                AdaDiff optimizer = s.adaDiff()) {
            NDArray w = Arrays32.vector(manager, 0);
            NDArray g = Arrays32.vector(manager, 3);
            double before = 0;
            for (int t = 1; t <= 10; t++) {
                optimizer.update("w", w, g);
                double power = Math.pow(b2, t);
                double expected = Math.sqrt((1 - power) / (1 - power + (1 - b2) * power / b2));
                double now = w.toFloatArray()[0];
                assertEquals(expected, before - now, 1e-5, "length of step " + t);
                before = now;
            }
        }
    }

    private interface Step {
        void apply(double[] w, double[] g);
    }

    private static void compare(Settings settings, StatefulOptimizer optimizer, Step transcription) {
        Random random = new Random(7);
        double[] expected = random.doubles(SIZE, -1, 1).map(x -> (float) x).toArray();
        try (NDManager manager = NDManager.newBaseManager(); optimizer) {
            NDArray w = Arrays32.vector(manager, Arrays32.floats(expected));
            for (int t = 1; t <= STEPS; t++) {
                double[] g = new double[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    g[i] = (float) ((random.nextGaussian() + 0.3) * Math.pow(10, i % 5 - 3)); // 1e-3 to 10
                }
                transcription.apply(expected, g);
                try (NDArray gradient = Arrays32.vector(manager, Arrays32.floats(g))) {
                    optimizer.update("w", w, gradient);
                }
            }
            double error = Arrays32.relativeToScale(expected, w.toFloatArray());
            assertTrue(error < 2e-5, settings + ": relative to the weights' scale off by " + error);
        }
    }
}
