package org.adadiff.train;

import java.util.List;
import org.adadiff.metric.MetricRow;

/** Hears how a run goes. */
public interface Progress {
    /** Hears nothing. */
    Progress NONE = new Progress() { };

    /**
     * A run begins.
     *
     * @param recipe what is run
     * @param sampleData whether it learns generated data, not the real ones
     */
    default void started(Recipe recipe, boolean sampleData) {}

    /**
     * Something happened that whoever waits for the run may want to know: it goes on from a checkpoint, a file is damaged.
     *
     * @param message in words
     */
    default void noticed(String message) {}

    /**
     * A step was made.
     *
     * @param step where the run stands
     */
    default void stepped(Step step) {}

    /**
     * An epoch was trained, evaluated and logged.
     *
     * @param rows a row for each split
     */
    default void evaluated(List<MetricRow> rows) {}

    /**
     * A run ended early because its loss became infinite or not a number.
     *
     * @param reason what happened, and where
     */
    default void diverged(String reason) {}

    /**
     * Where a run stands after a step.
     *
     * @param epoch from 1
     * @param epochs the epochs of the run
     * @param step from 1, within the epoch
     * @param steps the steps of the epoch
     * @param loss the step's loss, in nats
     * @param meanLoss the mean loss of the epoch so far
     * @param metric accuracy or perplexity of the epoch so far
     * @param learningRate the step's learning rate
     * @param secondsLeft what is left of the epoch's training, estimated from the epoch so far
     * @param dataWait the share of the epoch's time so far, 0 to 1, that training waited for data
     */
    record Step(int epoch, int epochs, int step, int steps, double loss, double meanLoss, double metric,
            double learningRate, double secondsLeft, double dataWait) {}
}
