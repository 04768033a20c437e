/**
 * The networks of the paper's experiments: ResNet-34, DenseNet-121 and the AWD-LSTM, on DJL's MXNet engine.
 *
 * <p>Every random number (initial weights, dropout masks) comes from a Java generator with an explicit seed, never from
 * MXNet's own, whose state can be neither read nor restored.
 */
package org.adadiff.model;
