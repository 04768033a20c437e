/** Experiment recipes and the training loop. */
package org.adadiff.train;
