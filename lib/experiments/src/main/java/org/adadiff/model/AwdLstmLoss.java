package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
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
     * The parts of the loss, each a scalar; the loss is their sum.
     *
     * @param crossEntropy mean over the tokens, in nats
     * @param activation activation regularisation, alpha included
     * @param temporal temporal activation regularisation, beta included; 0 for a sequence of one step
     */
    public record Terms(NDArray crossEntropy, NDArray activation, NDArray temporal) {}

    /**
     * Computes the training loss and leaves its gradient with each of the network's parameters.
     *
     * @param collector the collector in which the network ran
     * @param network the network
     * @param store the parameters it ran with
     * @param outputs what it returned in training mode, for the last time
     * @param targets the words to predict, (T, B) or (T * B) int32
     * @param weight factor on the gradients: 1, or the share that these sequences have in a larger batch
     * @return the parts of the loss, without the weight
     */
    public Terms backward(GradientCollector collector, AwdLstm network, ParameterStore store, NDList outputs, NDArray targets,
            double weight) {
        NDArray dropped = outputs.head();
        NDArray raw = outputs.get(network.lastOutput());
        DecoderGradient decoder = network.decoderGradient(store, dropped, targets, weight);
        NDArray activation = dropped.square().mean().mul(alpha);
        NDArray temporal = raw.getShape().get(0) > 1
                ? raw.get("1:").sub(raw.get(":-1")).square().mean().mul(beta)
                : raw.getManager().zeros(activation.getShape()); // no two steps to compare
        NDArray linear = dropped.mul(decoder.input()).sum(); // has the cross entropy's gradient
        network.backward(collector, store, outputs, linear.add(activation).add(temporal).mul(weight));
        return new Terms(decoder.crossEntropy(), activation, temporal);
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
