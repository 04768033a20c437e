package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTrainingTest {
    @TempDir
    Path directory;

    @Test
    void easyTrainLearnsTheSampleFarAboveChance() throws Exception {
        SampleGenerator.generate(directory, 1);
        Cifar train = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TRAIN).with(Cifar.Options.training(50, 1));
        Cifar test = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TEST);
        Engine.getInstance().setRandomSeed(1);
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).build())
                .addEvaluator(new Accuracy())
                .addTrainingListeners(new EvaluatorTrainingListener());
        try (Model model = Model.newInstance("linear", "MXNet")) {
            model.setBlock(new SequentialBlock().add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build()));
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(50, 3, 32, 32));
                EasyTrain.fit(trainer, 4, train, test);
                float accuracy = trainer.getTrainingResult().getValidateEvaluation("Accuracy");
                System.out.println("a linear net after 4 epochs on the sample: accuracy " + accuracy);
                assertTrue(accuracy > 0.3, "chance is 0.1, found " + accuracy);
            }
        }
    }
}
