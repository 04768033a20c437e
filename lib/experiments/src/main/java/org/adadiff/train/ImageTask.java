package org.adadiff.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.nio.file.Path;
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
    private final ParameterStore store;
    private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
    private final Cifar training;
    private final Cifar test;
    private final Block network;

    ImageTask(Recipe recipe, Path data, NDManager manager) throws IOException {
        this.recipe = recipe;
        this.manager = manager;
        Cifar.Variant variant = recipe.experiment().images();
        training = Cifar.load(data, variant, Split.TRAIN);
        test = Cifar.load(data, variant, Split.TEST);
        network = recipe.experiment().isResNet() ? ResNet34.build(training.classes(), recipe.width())
                : DenseNet121.build(training.classes(), recipe.width());
        Initialisation.apply(network, manager, new Shape[] {new Shape(recipe.batchSize(), 3, 32, 32)}, recipe.seed());
        store = new ParameterStore(manager, false);
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
    public Steps begin(int epoch) {
        var options = new Cifar.Options(recipe.batchSize(), true, true, recipe.seed(), recipe.limits().training());
        return new ImageSteps(training.batches(manager, options, epoch).iterator());
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
                    NDArray logits = network.forward(store, batch.getData(), false).singletonOrThrow();
                    add(average, batch, logits, crossEntropy.evaluate(batch.getLabels(), new NDList(logits)));
                }
            }
        }
        return average;
    }

    private static double add(EpochAverage average, Batch batch, NDArray logits, NDArray loss) {
        NDArray labels = batch.getLabels().singletonOrThrow().toType(DataType.INT64, false);
        double meanLoss = loss.getFloat();
        average.add(meanLoss, batch.getSize(), logits.argMax(1).eq(labels).countNonzero().getLong());
        return meanLoss;
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
            NDArray logits;
            NDArray loss;
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                logits = network.forward(store, batch.getData(), true).singletonOrThrow();
                loss = crossEntropy.evaluate(batch.getLabels(), new NDList(logits));
                collector.backward(loss);
            }
            return add(average, batch, logits, loss);
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
