package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AwdLstmDropoutTest {
    private static final int STEPS = 5;
    private static final int BATCH = 3;
    private static final long SEED = 42;

    @Test
    void embeddingDropoutDropsWholeWordsWhereverTheyStand() {
        check(AwdLstmTest.TINY.withDropout(0, 0, 0, 0.5, 0));
    }

    @Test
    void inputDropoutSharesOneMaskOverTime() {
        check(AwdLstmTest.TINY.withDropout(0, 0, 0.5, 0, 0));
    }

    @Test
    void layerDropoutSharesOneMaskOverTimeForEachPairOfLayers() {
        check(AwdLstmTest.TINY.withDropout(0, 0.5, 0, 0, 0));
    }

    @Test
    void outputDropoutSharesOneMaskOverTime() {
        check(AwdLstmTest.TINY.withDropout(0.5, 0, 0, 0, 0));
    }

    @Test
    void dropConnectSharesOneMaskOverTimeAndOverTheBatch() {
        check(AwdLstmTest.TINY.withDropout(0, 0, 0, 0, 0.5));
    }

    @Test
    void allDropoutsTogetherAreThePartsTogether() {
        check(AwdLstmTest.TINY.withDropout(0.4, 0.25, 0.4, 0.1, 0.5));
    }

    /** Compares a training pass with a literal LSTM that multiplies by each mask at every time step. */
    private static void check(AwdLstmConfig config) {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            int[][] tokens = AwdLstmTest.tokens(STEPS, BATCH, config.vocabulary());
            NDList inputs = AwdLstmTest.inputs(network, manager, tokens);
            NDList training = trainingPass(network, manager, inputs);
            NDList inference = network.forward(new ParameterStore(manager, false), inputs, false);
            LstmReference reference = new LstmReference(network);
            LstmReference.Masks masks = masks(config, manager);
            for (int b = 0; b < BATCH; b++) {
                LstmReference.Result expected = reference.run(tokens[b], b, masks);
                LstmReference.Result plain = reference.run(tokens[b], b, LstmReference.Masks.NONE);
                NDArray dropped = training.head();
                NDArray raw = training.get(network.lastOutput());
                AwdLstmTest.assertClose(expected.raw(), raw.toFloatArray(), b, BATCH, "raw output");
                AwdLstmTest.assertClose(expected.dropped(), dropped.toFloatArray(), b, BATCH, "dropped output");
                AwdLstmTest.assertClose(plain.logits(), inference.head().toFloatArray(), b, BATCH, "inference");
                assertFalse(Arrays.deepEquals(expected.logits(), plain.logits()), "dropout changes the logits");
            }
        }
    }

    /** The masks of the first training pass after seedDropout(SEED). */
    private static LstmReference.Masks masks(AwdLstmConfig config, NDManager manager) {
        DropoutMasks masks = new DropoutMasks(manager, config, new Coins(), new SplittableRandom(SEED).split());
        float[][][] layers = new float[config.layers() - 1][][];
        float[][] hiddenWeights = new float[config.layers()][];
        for (int layer = 0; layer < config.layers(); layer++) {
            if (layer > 0) {
                layers[layer - 1] = rows(masks.nextLayer(BATCH));
            }
            float[] ofLayer = masks.layerWeights(layer).toFloatArray();
            int from = config.inputWeights(layer);
            hiddenWeights[layer] = Arrays.copyOfRange(ofLayer, from, from + config.hiddenWeights(layer));
        }
        return new LstmReference.Masks(
                masks.words().toFloatArray(),
                rows(masks.input(BATCH)),
                layers,
                rows(masks.output(BATCH)),
                hiddenWeights);
    }

    private static float[][] rows(NDArray mask) {
        int width = (int) mask.getShape().get(2);
        float[] values = mask.toFloatArray();
        return IntStream.range(0, BATCH)
                .mapToObj(b -> Arrays.copyOfRange(values, b * width, (b + 1) * width))
                .toArray(float[][]::new);
    }

    @Test
    void outputsAreDroppedForAllStepsOrNoneAndSequencesDiffer() {
        AwdLstmConfig config = new AwdLstmConfig(11, 32, 8, 2, 0.5, 0, 0, 0, 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            NDList outputs = trainingPass(network, manager,
                    AwdLstmTest.inputs(network, manager, AwdLstmTest.tokens(STEPS, BATCH, config.vocabulary())));
            float[] dropped = outputs.head().toFloatArray();
            float[] raw = outputs.get(network.lastOutput()).toFloatArray();
            int row = BATCH * config.embedding();
            Set<String> patterns = new HashSet<>();
            for (int b = 0; b < BATCH; b++) {
                StringBuilder pattern = new StringBuilder();
                for (int e = 0; e < config.embedding(); e++) {
                    int at = b * config.embedding() + e;
                    float factor = dropped[at] == 0 ? 0 : 2;
                    for (int t = 0; t < STEPS; t++) {
                        assertEquals(factor * raw[at + t * row], dropped[at + t * row], 1e-7f, "step " + t + ", " + at);
                    }
                    pattern.append(factor == 0 ? 'x' : '.');
                }
                patterns.add(pattern.toString());
            }
            assertEquals(BATCH, patterns.size(), "each sequence has its own mask: " + patterns);
        }
    }

    @Test
    void dropConnectGradientsReachTheRawWeightsWhereTheyAreKept() {
        AwdLstmConfig config = AwdLstmTest.TINY.withDropout(0, 0, 0, 0, 0.5);
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            NDList inputs = AwdLstmTest.inputs(
                    network, manager, AwdLstmTest.tokens(STEPS, BATCH, config.vocabulary()));
            network.seedDropout(SEED);
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                ParameterStore store = new ParameterStore(manager, false);
                NDList outputs = network.forward(store, inputs, true);
                AwdLstmLoss.PAPER.backward(gradients, network, store, outputs, inputs.head(), 1);
            }
            LstmReference.Masks masks = masks(config, manager);
            for (int layer = 0; layer < config.layers(); layer++) {
                float[] all = ModelParameters.trainable(network).get(2 + layer).getArray().getGradient().toFloatArray();
                int from = config.inputWeights(layer);
                float[] gradient = Arrays.copyOfRange(all, from, from + config.hiddenWeights(layer));
                for (int i = 0; i < gradient.length; i++) {
                    boolean kept = masks.hiddenWeights()[layer][i] != 0;
                    assertEquals(kept, gradient[i] != 0, "layer " + layer + ", weight " + i + ": gradient where kept");
                }
            }
        }
    }

    @Test
    void gradientsUnderAllDropoutsAreThoseOfFiniteDifferences() {
        AwdLstmConfig config = AwdLstmTest.TINY.withDropout(0.4, 0.25, 0.4, 0.1, 0.5);
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            int[][] tokens = AwdLstmTest.tokens(STEPS, BATCH, config.vocabulary());
            NDList inputs = AwdLstmTest.inputs(network, manager, tokens);
            network.seedDropout(SEED);
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                ParameterStore store = new ParameterStore(manager, false);
                AwdLstmLoss.PAPER.backward(gradients, network, store, network.forward(store, inputs, true), inputs.head(), 1);
            }
            LstmReference reference = new LstmReference(network);
            LstmReference.Masks masks = masks(config, manager);
            for (int p = 0; p < reference.weights().size(); p++) {
                float[] weights = reference.weights().get(p);
                float[] gradient = ModelParameters.trainable(network).get(p).getArray().getGradient().toFloatArray();
                for (int i = 0; i < weights.length; i += 1 + weights.length / 20) {
                    float weight = weights[i];
                    weights[i] = weight + 1e-3f;
                    double difference = weights[i];
                    double above = loss(reference, tokens, masks);
                    weights[i] = weight - 1e-3f;
                    difference -= weights[i];
                    double slope = (above - loss(reference, tokens, masks)) / difference;
                    weights[i] = weight;
                    assertEquals(slope, gradient[i], 1e-5 + 1e-3 * Math.abs(slope), "parameter " + p + ", element " + i);
                }
            }
        }
    }

    /** The paper's loss for predicting each word itself. */
    private static double loss(LstmReference reference, int[][] tokens, LstmReference.Masks masks) {
        double crossEntropy = 0;
        double activation = 0;
        double temporal = 0;
        for (int b = 0; b < BATCH; b++) {
            LstmReference.Result result = reference.run(tokens[b], b, masks);
            int units = result.raw()[0].length;
            for (int t = 0; t < STEPS; t++) {
                double sum = Arrays.stream(result.logits()[t]).map(Math::exp).sum();
                crossEntropy += (Math.log(sum) - result.logits()[t][tokens[b][t]]) / (STEPS * BATCH);
                activation += Arrays.stream(result.dropped()[t]).map(d -> d * d).sum() / (STEPS * BATCH * units);
                for (int unit = 0; t > 0 && unit < units; unit++) {
                    double change = result.raw()[t][unit] - result.raw()[t - 1][unit];
                    temporal += change * change / ((STEPS - 1) * BATCH * units);
                }
            }
        }
        return crossEntropy + AwdLstmLoss.PAPER.alpha() * activation + AwdLstmLoss.PAPER.beta() * temporal;
    }

    @Test
    void theSeedDecidesOnTheMasksOfEachPassInTurn() {
        AwdLstmConfig config = AwdLstmTest.TINY.withDropout(0.4, 0.25, 0.4, 0.1, 0.5);
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            NDList inputs = AwdLstmTest.inputs(
                    network, manager, AwdLstmTest.tokens(STEPS, BATCH, config.vocabulary()));
            float[] first = trainingPass(network, manager, inputs).head().toFloatArray();
            float[] second = pass(network, manager, inputs).head().toFloatArray();
            assertFalse(Arrays.equals(first, second), "the next pass drops something else");
            assertArrayEquals(first, trainingPass(network, manager, inputs).head().toFloatArray(), "same seed");
            assertArrayEquals(second, pass(network, manager, inputs).head().toFloatArray(), "same seed, second pass");
        }
    }

    @Test
    void aMaskScalesWhatItKeepsSoThatTheMeanStays() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstmConfig config = new AwdLstmConfig(100_000, 1, 1, 1, 0, 0, 0, 0.1, 0);
            float[] words = new DropoutMasks(manager, config, new Coins(), new SplittableRandom(1))
                    .words()
                    .toFloatArray();
            double sum = 0;
            for (float value : words) {
                assertTrue(value == 0 || value == (float) (1 / 0.9), "expected 0 or 1.111, found " + value);
                sum += value;
            }
            assertEquals(1, sum / words.length, 0.01, "mean of the mask");
        }
    }

    @Test
    void oneRateDoesNotChangeWhatAnotherDrops() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstmConfig some = AwdLstmTest.TINY.withDropout(0.5, 0, 0, 0, 0);
            AwdLstmConfig all = AwdLstmTest.TINY.withDropout(0.5, 0.2, 0.2, 0.2, 0.2);
            assertArrayEquals(masks(some, manager).output()[0], masks(all, manager).output()[0], "output mask");
        }
    }

    @Test
    void trainingWithDropoutNeedsASeed() {
        AwdLstmConfig config = AwdLstmTest.TINY.withDropout(0.5, 0, 0, 0, 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 5);
            NDList inputs = AwdLstmTest.inputs(network, manager, AwdLstmTest.tokens(1, 1, config.vocabulary()));
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> pass(network, manager, inputs));
            assertTrue(refusal.getMessage().contains("seedDropout"), refusal.getMessage());
        }
    }

    private static NDList trainingPass(AwdLstm network, NDManager manager, NDList inputs) {
        network.seedDropout(SEED);
        return pass(network, manager, inputs);
    }

    private static NDList pass(AwdLstm network, NDManager manager, NDList inputs) {
        try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            NDList outputs = network.forward(new ParameterStore(manager, false), inputs, true);
            gradients.backward(outputs.head().mean());
            return outputs;
        }
    }
}
