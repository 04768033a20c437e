package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AwdLstmTest {
    static final AwdLstmConfig TINY = new AwdLstmConfig(11, 4, 6, 3, 0, 0, 0, 0, 0);

    static Stream<JsonObject> fixtures() {
        return ModelFixtures.of("lstm").stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void knownWeightsGiveTheReferenceLossRegularisationAndGradient(JsonObject fixture) {
        int vocabulary = fixture.get("vocab").getAsInt();
        AwdLstmConfig config = new AwdLstmConfig(
                vocabulary,
                fixture.get("emsize").getAsInt(),
                fixture.get("nhid").getAsInt(),
                fixture.get("layers").getAsInt(),
                0, 0, 0, 0, 0);
        int steps = fixture.get("T").getAsInt();
        int batch = fixture.get("B").getAsInt();
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(config, manager, 1);
            ModelFixtures.setWeights(network, fixture, (parameter, tensor, u) ->
                    tensor.dimension() > 1 ? 0.6 * u - 0.3 : 0.2 * u - 0.1);
            int[] words = new int[(steps + 1) * batch];
            for (int t = 0; t <= steps; t++) {
                for (int b = 0; b < batch; b++) {
                    words[t * batch + b] = (5 * t + 11 * b + t * t) % vocabulary;
                }
            }
            NDArray tokens = manager.create(words, new Shape(steps + 1, batch));
            NDList inputs = new NDList(tokens.get(":-1")).addAll(network.zeroState(manager, batch));
            NDArray targets = tokens.get("1:");
            ParameterStore store = new ParameterStore(manager, false);

            NDList inference = network.forward(store, inputs, false);
            ModelFixtures.assertRelative(
                    fixture.get("cross_entropy").getAsDouble(),
                    AwdLstmLoss.crossEntropy(inference.head(), targets).getFloat(),
                    "cross entropy in inference mode");

            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDList outputs = network.forward(store, inputs, true);
                AwdLstmLoss.Terms loss = AwdLstmLoss.PAPER.backward(gradients, network, store, outputs, targets, 1);
                assertTerm(fixture, "cross_entropy", loss.crossEntropy());
                assertTerm(fixture, "activation_regularisation_alpha2", loss.activation());
                assertTerm(fixture, "temporal_activation_regularisation_beta1", loss.temporal());
            }
            // The embedding is used twice: the norm is right only when both gradients add up.
            ModelFixtures.assertRelative(
                    fixture.get("gradient_l2_norm").getAsDouble(), ModelFixtures.gradientNorm(network), "gradient norm");
        }
    }

    private static void assertTerm(JsonObject fixture, String name, NDArray actual) {
        ModelFixtures.assertRelative(fixture.get(name).getAsDouble(), actual.getFloat(), name);
    }

    @ParameterizedTest
    @CsvSource({"2", "3"})
    void thePapersNetworksHaveThePapersNumberOfParameters(int layers) {
        AwdLstm network = new AwdLstm(AwdLstmConfig.pennTreebank(10_000, layers, 1));
        long expected = ModelFixtures.all()
                .getAsJsonObject("full_lstm_parameters")
                .get(String.valueOf(layers))
                .getAsLong();
        assertEquals(expected, ModelParameters.count(network), layers + " layers");
    }

    @Test
    void widthScalesEmbeddingAndHiddenButNotTheVocabulary() {
        AwdLstmConfig config = AwdLstmConfig.pennTreebank(10_000, 2, 0.25);
        assertEquals(100, config.embedding(), "embedding");
        assertEquals(288, config.hidden(), "hidden"); // 287.5, rounded
        assertEquals(10_000, config.vocabulary(), "vocabulary");
        assertThrows(IllegalArgumentException.class, () -> AwdLstmConfig.pennTreebank(10_000, 2, 0), "width 0");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "7, 1", "4, 3"})
    void forwardEqualsALiteralLstmForAnyLengthAndBatch(int steps, int batch) {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(TINY, manager, 5);
            int[][] tokens = tokens(steps, batch, TINY.vocabulary());
            NDList outputs = network.forward(
                    new ParameterStore(manager, false), inputs(network, manager, tokens), false);
            assertEquals(1 + 2 * TINY.layers(), outputs.size(), "logits and state, nothing else in inference mode");
            assertEquals(
                    List.of(network.getOutputShapes(inputs(network, manager, tokens).getShapes())),
                    List.of(outputs.getShapes()),
                    "shapes");
            LstmReference reference = new LstmReference(network);
            float[] logits = outputs.head().toFloatArray();
            for (int b = 0; b < batch; b++) {
                double[][] expected = reference.run(tokens[b], b, LstmReference.Masks.NONE).logits();
                assertClose(expected, logits, b, batch, "logits");
            }
        }
    }

    @Test
    void carryingTheStateEqualsOneLongSequence() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(TINY, manager, 5);
            ParameterStore store = new ParameterStore(manager, false);
            NDArray tokens = inputs(network, manager, tokens(6, 2, TINY.vocabulary())).head();
            NDList whole = network.forward(
                    store, new NDList(tokens).addAll(network.zeroState(manager, 2)), false);
            NDList first = network.forward(
                    store, new NDList(tokens.get(":2")).addAll(network.zeroState(manager, 2)), false);
            NDList second = network.forward(
                    store, new NDList(tokens.get("2:")).addAll(network.detachedState(first, manager)), false);
            assertArrayEquals(
                    whole.head().get("4:").toFloatArray(), second.head().toFloatArray(), 1e-6f, "logits of steps 2 to 5");
            assertArrayEquals(
                    whole.get(1).toFloatArray(), second.get(1).toFloatArray(), 1e-6f, "hidden state of the first layer");
        }
    }

    @Test
    void aLossOfOneStepHasNoTemporalTermAndIsFinite() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(TINY, manager, 5);
            NDList inputs = inputs(network, manager, tokens(1, 1, TINY.vocabulary()));
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                ParameterStore store = new ParameterStore(manager, false);
                NDList outputs = network.forward(store, inputs, true);
                AwdLstmLoss.Terms loss =
                        AwdLstmLoss.PAPER.backward(gradients, network, store, outputs, manager.create(new int[] {3}), 1);
                assertEquals(0, loss.temporal().getFloat(), "temporal term");
                assertTrue(Float.isFinite(loss.crossEntropy().getFloat()), "cross entropy is finite");
            }
            assertTrue(ModelFixtures.gradientNorm(network) > 0, "gradient norm");
        }
    }

    @Test
    void startingValuesFollowFromTheSeedAndFromTheLayersSize() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstmConfig config = AwdLstmConfig.pennTreebank(500, 2, 0.1);
            List<float[]> values = ModelFixtures.values(initialised(config, manager, 7));
            List<float[]> same = ModelFixtures.values(initialised(config, manager, 7));
            for (int k = 0; k < values.size(); k++) {
                assertArrayEquals(values.get(k), same.get(k), "same seed, parameter " + k);
            }
            double[] bounds = {0, 0.1, h(115), h(40)};
            for (int k = 0; k < bounds.length; k++) {
                double largest = 0;
                for (float value : values.get(k)) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertEquals(bounds[k], largest, 0.05 * bounds[k], "largest of parameter " + k);
                assertTrue(largest <= bounds[k] * 1.000001, "parameter " + k + " stays below " + bounds[k]);
            }
        }
    }

    private static double h(int size) {
        return 1 / Math.sqrt(size);
    }

    @Test
    void savedParametersComeBackAndTheTiedWeightIsStoredOnce() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(TINY, manager, 5);
            byte[] file = save(network);
            AwdLstm loaded = new AwdLstm(TINY);
            loaded.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(file)));
            List<float[]> expected = ModelFixtures.values(network);
            List<float[]> actual = ModelFixtures.values(loaded);
            assertEquals(2 + TINY.layers(), actual.size(), "tensors");
            for (int k = 0; k < expected.size(); k++) {
                assertArrayEquals(expected.get(k), actual.get(k), "parameter " + k);
            }

            ModelParameters.attachGradients(loaded);
            NDList inputs = inputs(loaded, manager, tokens(1, 1, TINY.vocabulary())); // reads word 0 alone
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                ParameterStore store = new ParameterStore(manager, false);
                NDList outputs = loaded.forward(store, inputs, true);
                AwdLstmLoss.PAPER.backward(gradients, loaded, store, outputs, manager.create(new int[] {3}), 1);
            }
            Parameter embedding = ModelParameters.trainable(loaded).get(1);
            float[] otherWord = embedding.getArray().getGradient().get(9).toFloatArray();
            assertTrue(otherWord[0] != 0, "a word that is only predicted has a gradient: the softmax uses the embedding");
        }
    }

    @Test
    void aFileOfAnotherSizeIsRefused() throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            byte[] file = save(initialised(TINY, manager, 5));
            AwdLstm other = new AwdLstm(new AwdLstmConfig(11, 4, 7, 3, 0, 0, 0, 0, 0));
            MalformedModelException refusal = assertThrows(
                    MalformedModelException.class,
                    () -> other.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(file))));
            assertEquals(
                    "AwdLstm file: expected vocabulary 11, embedding 4, hidden 7, layers 3, "
                            + "found vocabulary 11, embedding 4, hidden 6, layers 3",
                    refusal.getMessage());
        }
    }

    private static byte[] save(AwdLstm network) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        network.saveParameters(new DataOutputStream(file));
        return file.toByteArray();
    }

    @Test
    void aStateOfTheWrongShapeIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            AwdLstm network = initialised(TINY, manager, 5);
            NDList inputs = new NDList(manager.create(new int[] {1, 2}, new Shape(1, 2)))
                    .addAll(network.zeroState(manager, 3));
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> network.forward(new ParameterStore(manager, false), inputs, false));
            assertEquals("AwdLstm input 1: expected a state of shape (1, 2, 6), found (1, 3, 6)", refusal.getMessage());
        }
    }

    static AwdLstm initialised(AwdLstmConfig config, NDManager manager, long seed) {
        AwdLstm network = new AwdLstm(config);
        try (NDManager shapes = manager.newSubManager()) {
            NDList inputs = new NDList(shapes.create(new int[1], new Shape(1, 1))).addAll(network.zeroState(shapes, 1));
            Initialisation.apply(network, manager, inputs.getShapes(), seed);
        }
        return network;
    }

    /** Words of each sequence, [b][t]; the first of sequence 0 is word 0. */
    static int[][] tokens(int steps, int batch, int vocabulary) {
        int[][] tokens = new int[batch][steps];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < steps; t++) {
                tokens[b][t] = (3 * t + 7 * b + t * t) % vocabulary;
            }
        }
        return tokens;
    }

    static NDList inputs(AwdLstm network, NDManager manager, int[][] tokens) {
        int batch = tokens.length;
        int[] words = new int[tokens[0].length * batch];
        for (int i = 0; i < words.length; i++) {
            words[i] = tokens[i % batch][i / batch];
        }
        return new NDList(manager.create(words, new Shape(tokens[0].length, batch)))
                .addAll(network.zeroState(manager, batch));
    }

    /** Compares a sequence's [t][n] with the rows t * batch + b of an array. */
    static void assertClose(double[][] expected, float[] actual, int b, int batch, String what) {
        for (int t = 0; t < expected.length; t++) {
            for (int n = 0; n < expected[t].length; n++) {
                assertEquals(
                        expected[t][n],
                        actual[(t * batch + b) * expected[t].length + n],
                        1e-5,
                        what + ", sequence " + b + ", step " + t + ", element " + n);
            }
        }
    }
}
