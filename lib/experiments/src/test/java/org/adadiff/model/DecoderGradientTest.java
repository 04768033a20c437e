package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderGradientTest {
    private static final int WORDS = 23;
    private static final int UNITS = 7;
    private static final double HALF = 0.5; // of a larger batch

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "64, 8", "57, 9", "70, 20"}) // up to three blocks, whole ones and not
    void theBlocksTogetherGiveWhatAGradientCollectorFindsOverAllRows(int steps, int batch) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Random random = new Random(1);
            NDArray input = normal(manager, random, new Shape(steps, batch, UNITS));
            NDArray weight = normal(manager, random, new Shape(WORDS, UNITS));
            NDArray bias = normal(manager, random, new Shape(WORDS));
            NDArray targets = manager.create(
                    random.ints((long) steps * batch, 0, WORDS).toArray(), new Shape(steps, batch));
            for (NDArray array : new NDArray[] {input, weight, bias}) {
                array.setRequiresGradient(true);
            }
            DecoderGradient found;
            NDArray ofWeight;
            NDArray ofBias;
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray logits = Linear.linear(input.reshape(-1, UNITS), weight, bias).singletonOrThrow();
                NDArray crossEntropy = AwdLstmLoss.crossEntropy(logits, targets);
                found = DecoderGradient.of(input, targets, weight, bias, HALF);
                ofWeight = weight.getGradient().duplicate();
                ofBias = bias.getGradient().duplicate();
                gradients.backward(crossEntropy);
                assertEquals(crossEntropy.getFloat(), found.crossEntropy().getFloat(), 1e-5, "cross entropy");
            }
            assertSame(input.getGradient(), found.input(), "input");
            assertSame(weight.getGradient().mul(HALF), ofWeight, "weight");
            assertSame(bias.getGradient().mul(HALF), ofBias, "bias");
        }
    }

    private static void assertSame(NDArray expected, NDArray found, String what) {
        assertEquals(expected.getShape(), found.getShape(), what);
        assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 1e-5f, what);
    }

    @ParameterizedTest
    @CsvSource({"1000", "-1000"})
    void logitsFarApartGiveAFiniteLoss(float far) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {far, 0}, new Shape(2, 1));
            NDArray bias = manager.zeros(new Shape(2));
            weight.setRequiresGradient(true);
            bias.setRequiresGradient(true);
            DecoderGradient found =
                    DecoderGradient.of(manager.ones(new Shape(1, 1, 1)), manager.create(new int[] {0}), weight, bias, 1);
            assertEquals(Math.max(0, -far), found.crossEntropy().getFloat(), 1e-3, "cross entropy");
            assertTrue(Float.isFinite(weight.getGradient().sum().getFloat()), "gradient");
        }
    }

    private static NDArray normal(NDManager manager, Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, shape);
    }
}
