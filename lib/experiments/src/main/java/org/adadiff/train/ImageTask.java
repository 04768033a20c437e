package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.PreparedBatches;
import org.adadiff.dataset.Split;
import org.adadiff.metric.EpochAverage;
import org.adadiff.model.DenseNet121;
import org.adadiff.model.Initialisation;
import org.adadiff.model.ResNet34;

/** Image classification: CIFAR-10 or CIFAR-100 with ResNet-34 or DenseNet-121. */
final class ImageTask implements Task {
    /** Evaluation needs no gradients, so larger batches fit; their size does not change the result. */
    private static final int EVALUATION_BATCH = 256;

    private final Recipe recipe;
    private final NDManager manager;
    private final Replicas replicas;
    private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    private final Cifar training;
    private final Cifar test;
    private final Block network;

    ImageTask(Recipe recipe, Path data, NDManager manager, List<Device> devices) throws IOException {
        this.recipe = recipe;
        this.manager = manager;
        Cifar.Variant variant = recipe.experiment().images();
        training = Cifar.load(data, variant, Split.TRAIN);
        test = Cifar.load(data, variant, Split.TEST);
        network = recipe.experiment().isResNet() ? ResNet34.build(training.classes(), recipe.width())
                : DenseNet121.build(training.classes(), recipe.width());
        // A batch of 1: to learn the shapes within the network DJL computes much of it on zeros
        Initialisation.apply(network, manager, new Shape[] {new Shape(1, 3, 32, 32)}, recipe.seed());
        replicas = new Replicas(network, manager, devices);
    }

    @Override
    public Block network() {
        return network;
    }

    @Override
    public List<Path> dataFiles() {
        return Stream.of(training, test).flatMap(part -> part.files().stream()).toList();
    }

    @Override
    public boolean isSampleData() {
        return training.isSample();
    }

    @Override
    public Steps begin(int epoch, int done, byte[] carried) {
        var options = new Cifar.Options(recipe.batchSize(), true, true, recipe.seed(), recipe.limits().training());
        return new ImageSteps(training.batches(manager, options, epoch).from(done));
    }

    @Override
    public List<Split> evaluated() {
        return List.of(Split.TEST);
    }

    @Override
    public EpochAverage evaluate(Split split) {
        EpochAverage average = new EpochAverage();
        var options = new Cifar.Options(EVALUATION_BATCH, false, false, 0, recipe.limits().evaluation());
        try (PreparedBatches batches = test.batches(manager, options, 0).iterator()) {
            while (batches.hasNext()) {
                try (Batch batch = batches.next()) {
                    NDArray logits = network.forward(replicas.first(), batch.getData(), false).singletonOrThrow();
                    NDArray loss = crossEntropy.evaluate(batch.getLabels(), new NDList(logits));
                    add(average, new Outcome(batch.getLabels().singletonOrThrow(), logits, loss));
                }
            }
        }
        return average;
    }

    /**
     * What a pass gave.
     *
     * @param labels (N) class numbers
     * @param logits (N, classes)
     * @param loss the mean cross entropy, a scalar
     */
    private record Outcome(NDArray labels, NDArray logits, NDArray loss) {}

    /** Adds an outcome to the average and returns the sum of its losses. */
    private static double add(EpochAverage average, Outcome outcome) {
        long images = outcome.labels.size();
        NDArray labels = outcome.labels.toType(DataType.INT64, false);
        double meanLoss = outcome.loss.getFloat();
        average.add(meanLoss, images, outcome.logits.argMax(1).eq(labels).countNonzero().getLong());
        return meanLoss * images;
    }

    @Override
    public double metric(EpochAverage average) {
        return average.accuracy();
    }

    private final class ImageSteps implements Steps {
        private final PreparedBatches batches;
        private Batch batch;

        private ImageSteps(PreparedBatches batches) {
            this.batches = batches;
        }

        @Override
        public int count() {
            return Math.toIntExact(batch.getProgressTotal());
        }

        @Override
        public boolean next() {
            closeBatch();
            batch = batches.hasNext() ? batches.next() : null;
            return batch != null;
        }

        @Override
        public double rateFactor() {
            return 1;
        }

        @Override
        public double backward(EpochAverage average) {
            List<Replicas.Share> shares = replicas.split(batch.getSize());
            List<Outcome> outcomes = new ArrayList<>();
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                for (Replicas.Share share : shares) {
                    NDArray labels = share.of(batch.getLabels().singletonOrThrow(), 0);
                    NDList images = new NDList(share.of(batch.getData().singletonOrThrow(), 0));
                    NDArray logits = network.forward(share.store(), images, true).singletonOrThrow();
                    NDArray loss = crossEntropy.evaluate(new NDList(labels), new NDList(logits));
                    collector.backward(share.weighted(loss));
                    outcomes.add(new Outcome(labels, logits, loss));
                }
            }
            replicas.sumGradients();
            return outcomes.stream().mapToDouble(outcome -> add(average, outcome)).sum() / batch.getSize();
        }

        @Override
        public byte[] carried() {
            return new byte[0];
        }

        private void closeBatch() {
            if (batch != null) {
                batch.close();
                batch = null;
            }
        }

        @Override
        public void close() {
            closeBatch();
            batches.close();
        }
    }
}
