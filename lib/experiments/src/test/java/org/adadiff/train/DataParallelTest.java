package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.engine.Mxnet;
import org.adadiff.metric.MetricRow;
import org.adadiff.model.Initialisation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training on several devices. Here all are the CPU, which DJL takes for one: each still has its own weights and gradients. */
class DataParallelTest {
    @TempDir
    static Path data;

    @TempDir
    Path runs;

    @BeforeAll
    static void sample() throws IOException {
        SampleGenerator.generate(data, 1);
    }

    private static List<Device> devices(int count) {
        return Collections.nCopies(count, Device.cpu());
    }

    private List<MetricRow> run(Recipe recipe, int devices) throws IOException {
        var setup = new Training.Setup(data, "cpu", runs.resolve(Integer.toString(devices)));
        return Training.run(recipe, setup, devices(devices), Progress.NONE).rows();
    }

    @ParameterizedTest
    @EnumSource(value = OptimizerName.class, names = {"SGD", "ADADIFF"})
    void threeDevicesTrainALanguageModelAsOneDoes(OptimizerName optimizer) throws IOException {
        Recipe smoke = Recipe.of(Experiment.PTB_LSTM2, optimizer, Profile.SMOKE, 1);
        Recipe recipe = new Recipe(smoke.experiment(), optimizer, smoke.profile(), smoke.seed(), smoke.width(), smoke.batchSize(),
                smoke.settings(), smoke.schedule().scaledTo(1), new Limits(8_000, 1_000, 0), smoke.language().withDropoutScaled(0));
        List<MetricRow> one = run(recipe, 1);
        List<MetricRow> three = run(recipe, 3); // 20 streams: 6, 7 and 7
        assertEquals(3, three.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(one.get(i).loss(), three.get(i).loss(), 1e-3, one.get(i).split());
        }
    }

    @Test
    void severalDevicesUpdateAConvolutionalNetworkAsOneDoes() {
        float[] one = weightsAfterTraining(1);
        assertArrayEquals(one, weightsAfterTraining(2), 1e-6f);
        assertArrayEquals(one, weightsAfterTraining(3), 1e-6f);
        assertArrayEquals(one, weightsAfterTraining(9), 1e-6f); // more than rows in a batch
    }

    @Test
    void imagesAreTrainedOnSeveralDevices() throws IOException {
        Recipe smoke = Recipe.of(Experiment.CIFAR10_RESNET34, OptimizerName.ADADIFF, Profile.SMOKE, 1);
        List<MetricRow> rows = run(smoke.withLimits(new Limits(320, 100, 0)), 2);
        assertEquals(List.of("train", "test"), rows.subList(0, 2).stream().map(MetricRow::split).toList());
        double first = rows.get(0).loss();
        double last = rows.get(rows.size() - 2).loss();
        assertTrue(last < first, "expected the training loss to fall, found " + first + " and then " + last);
    }

    @Test
    void aGpuThatIsNotThereIsRefusedWithWhatIsMissing() {
        if (Mxnet.engine().getGpuCount() > 0) {
            var error = assertThrows(IllegalArgumentException.class, () -> Devices.of("gpu:999"));
            assertTrue(error.getMessage().startsWith("device gpu:999: expected one of the "), error.getMessage());
            return;
        }
        for (String name : List.of("gpu", "gpu:0", "gpu:0,1")) {
            var error = assertThrows(IllegalArgumentException.class, () -> Devices.of(name));
            assertTrue(error.getMessage().matches("device gpu: (this build of MXNet is for the CPU|NVIDIA's driver shows no GPU).*"
                    + "--device cpu runs without one"), error.getMessage());
        }
        for (String name : List.of("gpu:", "gpu:0,", "gpu:-1", "GPU", "")) {
            assertThrows(IllegalArgumentException.class, () -> Devices.of(name), name);
        }
    }

    /** Ten steps of momentum SGD with weight decay over batches of 7 images, and one of 2. */
    private static float[] weightsAfterTraining(int devices) {
        Block network = new SequentialBlock()
                .add(Conv2d.builder().setFilters(4).setKernelShape(new Shape(3, 3)).build())
                .add(Activation::relu).add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(3).build());
        Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).optMomentum(0.9f).optWeightDecays(0.01f).build();
        Random random = new Random(1);
        try (NDManager manager = Mxnet.engine().newBaseManager(Device.cpu())) {
            Initialisation.apply(network, manager, new Shape[] {new Shape(1, 2, 5, 5)}, 1);
            Replicas replicas = new Replicas(network, manager, devices(devices));
            for (int step = 0; step < 10; step++) {
                int rows = step == 5 ? 2 : 7;
                try (NDManager batch = manager.newSubManager()) {
                    NDArray images = batch.create(floats(random, rows * 50), new Shape(rows, 2, 5, 5));
                    NDArray labels = batch.create(random.ints(rows, 0, 3).toArray(), new Shape(rows)).toType(DataType.FLOAT32, true);
                    List<Replicas.Share> shares = replicas.split(rows);
                    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                        for (Replicas.Share share : shares) {
                            NDList logits = network.forward(share.store(), new NDList(share.of(images, 0)), true);
                            collector.backward(share.weighted(crossEntropy.evaluate(new NDList(share.of(labels, 0)), logits)));
                        }
                    }
                    replicas.sumGradients();
                    for (Parameter parameter : network.getParameters().values()) {
                        try (NDArray gradient = parameter.getArray().getGradient()) {
                            sgd.update(parameter.getId(), parameter.getArray(), gradient);
                        }
                    }
                }
            }
            return network.getParameters().get("01Conv2d_weight").getArray().toFloatArray();
        }
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
