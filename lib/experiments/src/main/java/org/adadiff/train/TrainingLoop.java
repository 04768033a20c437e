package org.adadiff.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adadiff.dataset.Split;
import org.adadiff.metric.EpochAverage;
import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;

/**
 * The one loop for images and language: for each epoch the steps, then an evaluation, then the rows of the log.
 *
 * <p>It updates the parameters itself, without DJL's {@code Trainer}: that hides exceptions of the optimizer, has no
 * clipping by global norm, and knows the learning rate by update counts only, not by epochs and sequence lengths.
 */
final class TrainingLoop {
    private final Recipe recipe;
    private final Task task;
    private final RunOptimizer optimizer;
    private final RunLog log;
    private final Progress progress;
    private int stepsDone;

    TrainingLoop(Recipe recipe, Task task, RunOptimizer optimizer, RunLog log, Progress progress) {
        this.recipe = recipe;
        this.task = task;
        this.optimizer = optimizer;
        this.log = log;
        this.progress = progress;
    }

    void run() throws IOException {
        for (int epoch = 1; epoch <= recipe.schedule().epochs() && !stepLimitReached(); epoch++) {
            List<MetricRow> rows = new ArrayList<>();
            long start = System.nanoTime();
            EpochAverage training = trainEpoch(epoch);
            rows.add(row(epoch, "train", training, start));
            if (!stepLimitReached()) {
                rows.addAll(evaluate(epoch));
            }
            log.append(rows);
            progress.evaluated(rows);
            for (MetricRow row : rows) { // the next step would find out, but there may be none
                if (!Double.isFinite(row.loss())) {
                    throw new DivergedException("the " + row.split() + " loss was " + row.loss() + " after epoch " + epoch
                            + " (learning rate " + row.learningRate() + "); it is the last in the run's " + RunLog.METRICS);
                }
            }
        }
    }

    private boolean stepLimitReached() {
        return recipe.limits().steps() > 0 && stepsDone >= recipe.limits().steps();
    }

    private EpochAverage trainEpoch(int epoch) {
        EpochAverage average = new EpochAverage();
        long start = System.nanoTime();
        long asked = start;
        long waited = 0;
        try (Task.Steps steps = task.begin(epoch)) {
            for (int step = 1; !stepLimitReached() && steps.next(); step++) {
                waited += System.nanoTime() - asked;
                double rate = recipe.learningRate(epoch) * steps.rateFactor();
                double loss = steps.backward(average);
                if (!Double.isFinite(loss)) {
                    throw new DivergedException("the loss became " + loss + " in step " + step + " of epoch " + epoch
                            + " (learning rate " + rate + "); the epochs before are in the run's " + RunLog.METRICS);
                }
                optimizer.step(rate);
                stepsDone++;
                asked = System.nanoTime();
                double seconds = (asked - start) * 1e-9;
                progress.stepped(new Progress.Step(epoch, recipe.schedule().epochs(), step, steps.count(), loss,
                        average.loss(), task.metric(average), rate, (steps.count() - step) * seconds / step,
                        waited * 1e-9 / seconds));
            }
        }
        return average;
    }

    private List<MetricRow> evaluate(int epoch) {
        List<MetricRow> rows = new ArrayList<>();
        optimizer.beginEvaluation();
        for (Split split : task.evaluated()) {
            long start = System.nanoTime();
            rows.add(row(epoch, Ids.of(split), task.evaluate(split), start));
        }
        optimizer.endEvaluation();
        rows.stream().filter(row -> row.split().equals("valid")).forEach(row -> optimizer.validated(row.loss()));
        return rows;
    }

    private MetricRow row(int epoch, String split, EpochAverage average, long start) {
        return new MetricRow(epoch, split, average.loss(), task.metric(average), recipe.learningRate(epoch),
                (System.nanoTime() - start) * 1e-9);
    }
}
