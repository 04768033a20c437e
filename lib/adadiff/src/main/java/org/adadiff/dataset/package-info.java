/**
 * CIFAR-10, CIFAR-100 and Penn Treebank: where their files are found, how they are checked, and how they become batches.
 * {@link org.adadiff.dataset.Cifar} and {@link org.adadiff.dataset.PennTreebank} load what is there;
 * {@link org.adadiff.dataset.SampleGenerator} writes small sets for use without a download.
 */
package org.adadiff.dataset;
