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
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionalNetworksTest {
    private static final Shape[] IMAGES = {new Shape(1, 3, 32, 32)};

    record Case(String network, JsonObject fixture) {
        int classes() {
            return fixture.get("classes").getAsInt();
        }

        @Override
        public String toString() {
            return network + ", " + classes() + " classes, phase " + fixture.get("phase");
        }
    }

    static Stream<Case> fixtures() {
        return Stream.of("resnet34", "densenet121")
                .flatMap(network -> ModelFixtures.of(network).stream().map(fixture -> new Case(network, fixture)));
    }

    private static Block build(String network, int classes, double width) {
        return network.equals("resnet34") ? ResNet34.build(classes, width) : DenseNet121.build(classes, width);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void knownWeightsGiveTheReferenceLogitsLossAndGradient(Case given) {
        JsonObject fixture = given.fixture();
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = build(given.network(), given.classes(), 1);
            Initialisation.apply(block, manager, IMAGES, 1);
            ModelFixtures.setWeights(block, fixture, ConvolutionalNetworksTest::weight);
            assertEquals(fixture.get("parameters").getAsLong(), ModelParameters.count(block), "parameters");
            assertEquals(fixture.get("tensors").getAsInt(), ModelParameters.trainable(block).size(), "tensors");

            NDArray images = images(manager, 4);
            NDArray labels = manager.create(new int[] {0, 1, 2, 3});
            ParameterStore store = new ParameterStore(manager, false);
            NDArray inference = block.forward(store, new NDList(images), false).singletonOrThrow();
            ModelFixtures.assertLogits(fixture.getAsJsonArray("eval_logits"), inference, "inference logits");

            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                NDArray logits = block.forward(store, new NDList(images), true).singletonOrThrow();
                NDArray loss = AwdLstmLoss.crossEntropy(logits, labels);
                gradients.backward(loss);
                ModelFixtures.assertLogits(fixture.getAsJsonArray("train_logits"), logits, "training logits");
                ModelFixtures.assertRelative(fixture.get("train_loss").getAsDouble(), loss.getFloat(), "loss");
            }
            ModelFixtures.assertRelative(
                    fixture.get("gradient_l2_norm").getAsDouble(), ModelFixtures.gradientNorm(block), "gradient norm");
        }
    }

    /** The weights that the reference values belong to. */
    private static double weight(Parameter parameter, Shape tensor, double u) {
        Shape shape = parameter.getShape();
        return switch (parameter.getType()) {
            case GAMMA -> 0.9 + 0.2 * u;
            case BETA -> 0.2 * u - 0.1;
            case BIAS -> 0.02 * u - 0.01;
            default -> Math.sqrt(6.0 * shape.get(0) / shape.size()) * (2 * u - 1);
        };
    }

    private static NDArray images(NDManager manager, int count) {
        float[] values = new float[count * 3 * 32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3.4 * ModelFixtures.uniform(1000, i, 0) - 1.7);
        }
        return manager.create(values, new Shape(count, 3, 32, 32));
    }

    @ParameterizedTest
    @CsvSource({"resnet34, 10", "densenet121, 10"})
    void aSeedDecidesOnAllStartingValuesAndTheyAreSpreadAsInPyTorch(String network, int classes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<List<float[]>> values = Stream.of(7L, 7L, 8L)
                    .map(seed -> {
                        Block block = build(network, classes, 0.125);
                        Initialisation.apply(block, manager, IMAGES, seed);
                        return ModelFixtures.values(block);
                    })
                    .toList();
            for (int k = 0; k < values.get(0).size(); k++) {
                assertArrayEquals(values.get(0).get(k), values.get(1).get(k), "same seed, parameter " + k);
            }
            assertFalse(Arrays.equals(values.get(0).get(0), values.get(2).get(0)), "another seed gives other weights");

            Block block = build(network, classes, 1);
            Initialisation.apply(block, manager, IMAGES, 3);
            List<Parameter> parameters = ModelParameters.trainable(block);
            for (Parameter parameter : parameters) {
                Shape shape = parameter.getShape();
                if (parameter.getType() == Parameter.Type.WEIGHT) {
                    double bound = Math.sqrt((double) shape.get(0) / shape.size());
                    assertUniform(parameter.getArray().toFloatArray(), bound, parameter.getName() + shape);
                }
            }
            long fanIn = parameters.get(parameters.size() - 2).getShape().get(1);
            for (float value : parameters.get(parameters.size() - 1).getArray().toFloatArray()) {
                assertTrue(value != 0 && Math.abs(value) <= 1 / Math.sqrt(fanIn), "linear bias " + value);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet34, 0.25, 16, 128", "resnet34, 0.125, 8, 64", "densenet121, 0.25, 16, 256"})
    void widthScalesEveryChannelCount(String network, double width, int stem, int features) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = build(network, 10, width);
            Initialisation.apply(block, manager, IMAGES, 1);
            List<Parameter> parameters = ModelParameters.trainable(block);
            assertEquals(new Shape(stem, 3, 3, 3), parameters.get(0).getShape(), "stem");
            assertEquals(new Shape(10, features), parameters.get(parameters.size() - 2).getShape(), "classifier");
        }
        assertThrows(IllegalArgumentException.class, () -> build(network, 10, -1), "negative width");
        assertThrows(IllegalArgumentException.class, () -> build(network, 0, 1), "no classes");
    }

    @ParameterizedTest
    @CsvSource({"resnet34", "densenet121"})
    void savedParametersAndRunningStatisticsComeBackAfterTrainingAndInference(String network) throws Exception {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = build(network, 10, 0.0625);
            Initialisation.apply(block, manager, IMAGES, 1);
            ParameterStore store = new ParameterStore(manager, false);
            NDList one = new NDList(images(manager, 1));
            trainingStep(block, store, one, manager.create(new int[] {3}));
            // An inference pass reorders the weights of convolutions in memory; the file holds the plain order all the same.
            float[] expected = block.forward(store, one, false).head().toFloatArray();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            block.saveParameters(new DataOutputStream(file));

            Block loaded = build(network, 10, 0.0625);
            loaded.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(file.toByteArray())));
            float[] actual = loaded.forward(new ParameterStore(manager, false), one, false).head().toFloatArray();
            assertArrayEquals(expected, actual, "logits");

            ModelParameters.attachGradients(loaded);
            trainingStep(loaded, new ParameterStore(manager, false), one, manager.create(new int[] {3}));
            assertTrue(ModelFixtures.gradientNorm(loaded) > 0, "a loaded network can be trained");
        }
    }

    @Test
    void runningStatisticsTakeATenthOfEachBatchWithTheBiasedVariance() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block norm = Layers.batchNorm();
            Initialisation.apply(norm, manager, new Shape[] {new Shape(4, 1, 1, 1)}, 1);
            NDList input = new NDList(manager.create(new float[] {1, 2, 3, 6}, new Shape(4, 1, 1, 1)));
            try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                gradients.backward(norm.forward(new ParameterStore(manager, false), input, true).head().square().sum());
            }
            List<Parameter> parameters = norm.getParameters().values();
            assertEquals(0.1 * 3, parameters.get(2).getArray().getFloat(), 1e-6, "running mean of a mean of 3");
            // PyTorch would take 14 / 3, MXNet takes 14 / 4: 0.05 % apart for 128 images with 4x4 features.
            assertEquals(0.9 + 0.1 * 14 / 4, parameters.get(3).getArray().getFloat(), 1e-6, "running variance");
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet34, 0.0625", "resnet34, 0.1", "resnet34, 0.25", "densenet121, 0.0625", "densenet121, 0.1", "densenet121, 0.25",
        "densenet121, 0.5"})
    void everyWidthTrainsAndInfersAndDoesBothTheSameAgain(String network, double width) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<float[]> runs = Stream.of(1, 2)
                    .map(run -> {
                        Block block = build(network, 10, width);
                        Initialisation.apply(block, manager, IMAGES, 1);
                        ParameterStore store = new ParameterStore(manager, false);
                        NDList images = new NDList(images(manager, 3));
                        for (int step = 0; step < 2; step++) {
                            trainingStep(block, store, images, manager.create(new int[] {3, 1, 4}));
                            assertTrue(ModelFixtures.gradientNorm(block) > 0, "gradient");
                            for (Parameter parameter : ModelParameters.trainable(block)) {
                                try (NDArray gradient = parameter.getArray().getGradient()) {
                                    parameter.getArray().subi(gradient.mul(0.01));
                                }
                            }
                            block.forward(store, images, false).close();
                        }
                        return block.forward(store, images, false).singletonOrThrow().toFloatArray();
                    })
                    .toList();
            for (float logit : runs.get(0)) {
                assertTrue(Float.isFinite(logit), "logit " + logit);
            }
            assertArrayEquals(runs.get(0), runs.get(1), "logits of two runs");
        }
    }

    /** A dense block, and with it normalisation and ReLU, in oneDNN's layouts by its fused operators and in plain ones. */
    @Test
    void layoutsOfOneDnnChangeNothingButRounding() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<List<float[]>> results = Stream.of(true, false).map(inBlocks -> denseBlockPass(manager, inBlocks)).toList();
            for (int k = 0; k < results.get(0).size(); k++) {
                float[] expected = results.get(1).get(k);
                float largest = 0;
                for (float value : expected) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertArrayEquals(expected, results.get(0).get(k), 1e-4f * largest, "array " + k);
            }
        }
    }

    /** What a pass forward, a pass back and one without training give: features, gradients of all layers, running statistics. */
    private static List<float[]> denseBlockPass(NDManager manager, boolean inBlocks) {
        List<Block> layers = Stream.generate(() -> (Block) new Chain()
                        .add(new NormRelu(inBlocks))
                        .add(Layers.convolution(16, 3, 1)))
                .limit(3)
                .toList();
        Block block = new Chain().add(Layers.convolution(48, 3, 1)).add(new DenseBlock(layers, inBlocks));
        Initialisation.apply(block, manager, IMAGES, 1);
        NDArray input = images(manager, 4);
        ParameterStore store = new ParameterStore(manager, false);
        List<float[]> results = new ArrayList<>();
        try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            NDArray features = block.forward(store, new NDList(input), true).singletonOrThrow();
            gradients.backward(features.square().sum());
            results.add(features.toFloatArray());
        }
        for (Parameter parameter : block.getParameters().values()) {
            results.add((parameter.requiresGradient() ? parameter.getArray().getGradient() : parameter.getArray()).toFloatArray());
        }
        results.add(block.forward(store, new NDList(input), false).singletonOrThrow().toFloatArray());
        return results;
    }

    @Test
    void anInitialisedNetworkIsNotInitialisedAgain() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = build("resnet34", 10, 0.0625);
            Initialisation.apply(block, manager, IMAGES, 1);
            assertThrows(IllegalStateException.class, () -> Initialisation.apply(block, manager, IMAGES, 1));
        }
    }

    private static void trainingStep(Block block, ParameterStore store, NDList images, NDArray labels) {
        try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            NDArray logits = block.forward(store, images, true).singletonOrThrow();
            gradients.backward(AwdLstmLoss.crossEntropy(logits, labels));
        }
    }

    private static void assertUniform(float[] values, double bound, String what) {
        double largest = 0;
        double squares = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
            squares += (double) value * value;
        }
        assertTrue(largest <= bound * 1.000001, what + ": largest " + largest + ", bound " + bound);
        double deviation = Math.sqrt(squares / values.length);
        assertEquals(bound / Math.sqrt(3), deviation, 0.1 * bound, what + ": standard deviation");
    }
}
