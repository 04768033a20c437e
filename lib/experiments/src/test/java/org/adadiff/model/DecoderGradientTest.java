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
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray logits = Linear.linear(input.reshape(-1, UNITS), weight, bias).singletonOrThrow();
                NDArray crossEntropy = AwdLstmLoss.crossEntropy(logits, targets);
                found = DecoderGradient.of(input, targets, weight, bias);
                gradients.backward(crossEntropy);
                assertEquals(crossEntropy.getFloat(), found.crossEntropy().getFloat(), 1e-5, "cross entropy");
            }
            assertSame(input.getGradient(), found.input(), "input");
            assertSame(weight.getGradient(), found.weight(), "weight");
            assertSame(bias.getGradient(), found.bias(), "bias");
        }
    }

    private static void assertSame(NDArray expected, NDArray found, String what) {
        assertEquals(expected.getShape(), found.getShape(), what);
        assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 1e-6f, what);
    }

    @ParameterizedTest
    @CsvSource({"1000", "-1000"})
    void logitsFarApartGiveAFiniteLoss(float far) {
        try (NDManager manager = NDManager.newBaseManager()) {
            DecoderGradient found = DecoderGradient.of(manager.ones(new Shape(1, 1, 1)), manager.create(new int[] {0}),
                    manager.create(new float[] {far, 0}, new Shape(2, 1)), manager.zeros(new Shape(2)));
            assertEquals(Math.max(0, -far), found.crossEntropy().getFloat(), 1e-3, "cross entropy");
            assertTrue(Float.isFinite(found.weight().sum().getFloat()), "gradient");
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
