package org.adadiff.metric;

/**
 * Averages over the examples of an epoch, whatever the sizes of its batches: the mean loss, and from it perplexity, or
 * from counts of right answers, accuracy.
 */
public final class EpochAverage {
    private double lossSum;
    private long examples;
    private long correct;

    /** Starts with nothing added. */
    public EpochAverage() {}

    /**
     * Goes on from an earlier average.
     *
     * @param lossSum its {@link #lossSum}
     * @param examples its {@link #examples}
     * @param correct its {@link #correct}
     */
    public EpochAverage(double lossSum, long examples, long correct) {
        this.lossSum = lossSum;
        this.examples = examples;
        this.correct = correct;
    }

    /**
     * Returns the sum of the losses of all examples.
     *
     * @return the sum, in nats
     */
    public double lossSum() {
        return lossSum;
    }

    /**
     * Returns how many examples were added.
     *
     * @return their number
     */
    public long examples() {
        return examples;
    }

    /**
     * Returns how many of them were predicted rightly.
     *
     * @return their number
     */
    public long correct() {
        return correct;
    }

    /**
     * Adds a batch.
     *
     * @param meanLoss the batch's mean loss, in nats
     * @param count how many examples (images or tokens) it is the mean of
     * @param right how many of them were predicted rightly; 0 where accuracy is not measured
     */
    public void add(double meanLoss, long count, long right) {
        lossSum += meanLoss * count;
        examples += count;
        correct += right;
    }

    /**
     * Returns the mean loss per example.
     *
     * @return the loss, in nats; NaN when nothing was added
     */
    public double loss() {
        return lossSum / examples;
    }

    /**
     * Returns the share of right answers.
     *
     * @return accuracy, in percent; NaN when nothing was added
     */
    public double accuracy() {
        return 100.0 * correct / examples;
    }

    /**
     * Returns the exponential of the mean loss per token.
     *
     * @return perplexity, at least 1; NaN when nothing was added
     */
    public double perplexity() {
        return Math.exp(loss());
    }
}
