package org.adadiff.metric;

/**
 * What one epoch measured on one split: a row of {@code metrics.csv}.
 *
 * @param epoch the epoch, from 1
 * @param split the part of the data, such as {@code train}, {@code valid} or {@code test}
 * @param loss the mean loss, in nats
 * @param metric accuracy in percent, or perplexity
 * @param learningRate the learning rate of the epoch
 * @param seconds the wall time spent on this split, in seconds
 */
public record MetricRow(int epoch, String split, double loss, double metric, double learningRate, double seconds) {}
