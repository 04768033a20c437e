import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import org.adadiff.optimizer.AdaDiff;

/** Learns in which of two opposite quadrant pairs a point lies. */
public class TrainWithAdaDiff {
    public static void main(String[] args) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(); Model model = Model.newInstance("quadrants");
                AdaDiff adadiff = AdaDiff.builder().optLearningRateTracker(Tracker.fixed(0.01f)).build()) {
            NDArray points = manager.randomUniform(-1, 1, new Shape(2000, 2)); // (N, 2) float32
            NDArray labels = points.prod(new int[] {1}).gt(0).toType(DataType.INT32, false); // (N) int32
            ArrayDataset data = new ArrayDataset.Builder().setData(points).optLabels(labels).setSampling(50, true).build();
            model.setBlock(new SequentialBlock().add(Linear.builder().setUnits(32).build()).add(Activation::relu)
                    .add(Linear.builder().setUnits(2).build()));
            var config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                    .optOptimizer(adadiff).addEvaluator(new Accuracy())
                    .addTrainingListeners(TrainingListener.Defaults.basic());
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(1, 2));
                EasyTrain.fit(trainer, 20, data, null);
                float accuracy = trainer.getTrainingResult().getTrainEvaluation("Accuracy");
                System.out.printf("accuracy %.3f%n", accuracy);
                if (!(accuracy > 0.9)) {
                    throw new IllegalStateException("expected an accuracy above 0.9, found " + accuracy);
                }
            }
        }
    }
}
