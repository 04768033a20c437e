/** Optimizers for DJL: AdaDiff, AdaBelief and what the experiments need beside DJL's own. */
package org.adadiff.optimizer;
