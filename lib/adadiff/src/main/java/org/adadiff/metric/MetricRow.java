package org.adadiff.metric;

/**
 * One row of a run's {@code metrics.csv}: what one pass over one split gave.
 *
 * @param epoch        epoch, counted from 1
 * @param split        {@code train}, {@code valid} or {@code test}
 * @param loss         mean loss in nats
 * @param metric       accuracy in percent, or perplexity
 * @param learningRate learning rate of the epoch
 * @param seconds      wall time of the pass in seconds
 */
public record MetricRow(int epoch, String split, double loss, double metric, double learningRate, double seconds) {
}
