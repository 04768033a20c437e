package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/**
 * What an {@link AwdLstm} is trained on: cross entropy plus activation regularisation, alpha * mean(d^2), plus temporal
 * activation regularisation, beta * mean((r_t+1 - r_t)^2), where r is the last layer's output and d the same after dropout
 * (Merity et al., 2018).
 *
 * @param alpha weight of the activation regularisation; the paper's is 2
 * @param beta weight of the temporal activation regularisation; the paper's is 1
 */
public record AwdLstmLoss(float alpha, float beta) {
    /** The weights that the paper's experiments use. */
    public static final AwdLstmLoss PAPER = new AwdLstmLoss(2, 1);

    /**
     * The loss and its parts, each a scalar.
     *
     * @param total what to call backward on: the sum of the other three
     * @param crossEntropy mean over the tokens, in nats
     * @param activation activation regularisation, alpha included
     * @param temporal temporal activation regularisation, beta included; 0 for a sequence of one step
     */
    public record Terms(NDArray total, NDArray crossEntropy, NDArray activation, NDArray temporal) {}

    /**
     * Computes the training loss.
     *
     * @param outputs what {@link AwdLstm} returned in training mode
     * @param targets the words to predict, (T, B) or (T * B) int32
     * @return the loss and its parts
     */
    public Terms evaluate(NDList outputs, NDArray targets) {
        NDArray crossEntropy = crossEntropy(outputs.head(), targets);
        NDArray raw = outputs.get(outputs.size() - 2);
        NDArray dropped = outputs.get(outputs.size() - 1);
        NDArray activation = dropped.square().mean().mul(alpha);
        NDArray temporal = raw.getShape().get(0) > 1
                ? raw.get("1:").sub(raw.get(":-1")).square().mean().mul(beta)
                : raw.getManager().zeros(activation.getShape()); // no two steps to compare
        return new Terms(crossEntropy.add(activation).add(temporal), crossEntropy, activation, temporal);
    }

    /**
     * Mean softmax cross entropy.
     *
     * @param logits (N, classes)
     * @param labels N class numbers, of any shape
     * @return a scalar, in nats
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels) {
        return Loss.softmaxCrossEntropyLoss().evaluate(new NDList(labels.flatten()), new NDList(logits));
    }
}
