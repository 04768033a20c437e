/**
 * What {@code adadiff bench} measures: this project beside DJL's own parts and beside PyTorch, on one machine in one run.
 *
 * <p>Micro-benchmarks are JMH benchmarks; larger ones are processes that alternate with PyTorch's. Every measurement is a
 * {@link org.adadiff.bench.Measurement}, every promise about two of them a {@link org.adadiff.bench.Target}.
 */
package org.adadiff.bench;
