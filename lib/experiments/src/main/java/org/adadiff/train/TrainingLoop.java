package org.adadiff.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
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
 *
 * <p>Between any two steps its whole state can be saved; a loop that goes on from it makes the same steps, bit for bit on the
 * CPU. Random choices need no saving: they follow from the recipe's seed, the epoch and the step.
 */
final class TrainingLoop {
    private final Recipe recipe;
    private final Task task;
    private final RunOptimizer optimizer;
    private final RunLog log;
    private final Progress progress;
    private final Checkpoints checkpoints;
    private int epoch = 1;
    private int step; // done in this epoch
    private int stepsDone; // in all
    private double epochSeconds; // of training, before this process went on with the epoch
    private EpochAverage average = new EpochAverage();
    private byte[] carried; // by the steps before, where the loop goes on within an epoch
    private Task.Steps running; // null between epochs

    TrainingLoop(Recipe recipe, Task task, RunOptimizer optimizer, RunLog log, Checkpoints checkpoints, Progress progress) {
        this.recipe = recipe;
        this.task = task;
        this.optimizer = optimizer;
        this.log = log;
        this.progress = progress;
        this.checkpoints = checkpoints;
    }

    void run() throws IOException {
        while (step > 0 || !ended()) { // a limit of steps may have been reached when the run was saved, and its epoch have no rows yet
            List<MetricRow> rows = new ArrayList<>();
            trainEpoch();
            rows.add(row("train", average, epochSeconds));
            if (!stepLimitReached()) {
                rows.addAll(evaluate());
            }
            log.append(rows);
            progress.evaluated(rows);
            for (MetricRow row : rows) { // the next step would find out, but there may be none
                if (!Double.isFinite(row.loss())) {
                    throw new DivergedException("the " + row.split() + " loss was " + row.loss() + " after epoch " + epoch
                            + " (learning rate " + row.learningRate() + "); it is the last in the run's " + RunLog.METRICS);
                }
            }
            epoch++;
            running = null;
            step = 0;
            epochSeconds = 0;
            average = new EpochAverage();
            if (!ended()) {
                checkpoints.save(this);
            }
        }
    }

    private boolean ended() {
        return epoch > recipe.schedule().epochs() || stepLimitReached();
    }

    private boolean stepLimitReached() {
        return recipe.limits().steps() > 0 && stepsDone >= recipe.limits().steps();
    }

    private void trainEpoch() throws IOException {
        double before = epochSeconds;
        int stepsBefore = step;
        long start = System.nanoTime();
        long asked = start;
        long waited = 0;
        try (Task.Steps steps = task.begin(epoch, step, carried)) {
            carried = null;
            running = steps;
            while (!stepLimitReached() && steps.next()) {
                waited += System.nanoTime() - asked;
                double rate = recipe.learningRate(epoch) * steps.rateFactor();
                double loss = steps.backward(average);
                if (!Double.isFinite(loss)) {
                    throw new DivergedException("the loss became " + loss + " in step " + (step + 1) + " of epoch " + epoch
                            + " (learning rate " + rate + "); the epochs before are in the run's " + RunLog.METRICS);
                }
                optimizer.step(rate);
                step++;
                stepsDone++;
                asked = System.nanoTime();
                double seconds = (asked - start) * 1e-9;
                epochSeconds = before + seconds;
                progress.stepped(new Progress.Step(epoch, recipe.schedule().epochs(), step, steps.count(), loss,
                        average.loss(), task.metric(average), rate, (steps.count() - step) * seconds / (step - stepsBefore),
                        waited * 1e-9 / seconds));
                checkpoints.afterStep(this);
            }
        }
    }

    private List<MetricRow> evaluate() {
        List<MetricRow> rows = new ArrayList<>();
        optimizer.beginEvaluation();
        for (Split split : task.evaluated()) {
            long start = System.nanoTime();
            EpochAverage evaluated = task.evaluate(split);
            rows.add(row(Ids.of(split), evaluated, (System.nanoTime() - start) * 1e-9));
        }
        optimizer.endEvaluation();
        rows.stream().filter(row -> row.split().equals("valid")).forEach(row -> optimizer.validated(row.loss()));
        return rows;
    }

    private MetricRow row(String split, EpochAverage of, double seconds) {
        return new MetricRow(epoch, split, of.loss(), task.metric(of), recipe.learningRate(epoch), seconds);
    }

    /** Returns where the loop stands, in words. */
    String position() {
        return "epoch " + epoch + ", after step " + step;
    }

    /** Writes all that the steps to come depend on. */
    void save(DataOutputStream out) throws IOException {
        out.writeInt(epoch);
        out.writeInt(step);
        out.writeInt(stepsDone);
        out.writeDouble(epochSeconds);
        out.writeDouble(average.lossSum());
        out.writeLong(average.examples());
        out.writeLong(average.correct());
        out.writeInt(log.rows().size());
        for (MetricRow row : log.rows()) {
            out.writeInt(row.epoch());
            out.writeUTF(row.split());
            out.writeDouble(row.loss());
            out.writeDouble(row.metric());
            out.writeDouble(row.learningRate());
            out.writeDouble(row.seconds());
        }
        byte[] between = running == null ? new byte[0] : running.carried();
        out.writeInt(between.length);
        out.write(between);
        Weights.write(out, task.network());
        optimizer.save(out);
    }

    /** Goes back to what {@link #save} wrote, the rows of the log included. */
    void restore(DataInputStream in) throws IOException {
        epoch = in.readInt();
        step = in.readInt();
        stepsDone = in.readInt();
        epochSeconds = in.readDouble();
        average = new EpochAverage(in.readDouble(), in.readLong(), in.readLong());
        List<MetricRow> rows = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            rows.add(new MetricRow(in.readInt(), in.readUTF(), in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble()));
        }
        byte[] between = in.readNBytes(in.readInt());
        carried = step == 0 ? null : between;
        Weights.read(in, task.network());
        optimizer.restore(in);
        log.restore(rows);
    }
}
