package org.adadiff.model;

import ai.djl.mxnet.engine.GradReq;
import ai.djl.ndarray.NDArray;

/**
 * Weights of which some are dropped (Wan et al., 2013), in less memory than a gradient collector takes for a product with a mask: that
 * would keep the mask, and hold the gradient of the product beside that of the weights, each as large as the weights. Here backward writes
 * the one into the place of the other, where the mask, drawn again, is multiplied in.
 */
final class DropConnect {
    private DropConnect() {}

    /**
     * Drops weights.
     *
     * @param weights a parameter
     * @param mask 0 where a weight is dropped; becomes the result
     * @return the product. Backward leaves its gradient with the weights, to be {@link #maskGradient masked}
     */
    static NDArray drop(NDArray weights, NDArray mask) {
        try (NDArray detached = weights.stopGradient()) {
            mask.muli(detached);
        }
        if (weights.hasGradient()) {
            try (NDArray gradient = weights.getGradient()) {
                Gradients.receive(mask, gradient, GradReq.WRITE);
            }
        }
        return mask;
    }

    /**
     * Turns the gradient of the product into that of the weights.
     *
     * @param weights the parameter
     * @param mask the mask again
     */
    static void maskGradient(NDArray weights, NDArray mask) {
        if (weights.hasGradient()) {
            try (NDArray gradient = weights.getGradient()) {
                gradient.muli(mask);
            }
        }
    }
}
