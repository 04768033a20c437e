/**
 * CIFAR-10, CIFAR-100 and Penn Treebank: where their files are found, how they are checked, and how they become batches.
 * {@link org.adadiff.dataset.Cifar} and {@link org.adadiff.dataset.PennTreebank} load what is there;
 * {@link org.adadiff.dataset.DataFetcher}, {@link org.adadiff.dataset.DataVerifier} and {@link org.adadiff.dataset.SampleGenerator} do
 * the work of {@code adadiff data fetch}, {@code verify} and {@code sample}.
 */
package org.adadiff.dataset;
