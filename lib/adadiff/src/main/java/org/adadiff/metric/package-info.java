/** Metrics of training: perplexity, averages over an epoch, and the epoch-by-epoch log of a run. */
package org.adadiff.metric;
