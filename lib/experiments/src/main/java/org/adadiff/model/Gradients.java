package org.adadiff.model;

import ai.djl.mxnet.engine.GradReq;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDArray;
import java.nio.IntBuffer;

/** Where MXNet's backward leaves the gradient of an array, and whether in the place of what is there: DJL has it always replaced. */
final class Gradients {
    private Gradients() {}

    /** From the next recorded operator on, backward adds to the gradient that a parameter has; nothing where it has none. */
    static void add(NDArray parameter) {
        if (parameter.hasGradient()) {
            try (NDArray gradient = parameter.getGradient()) {
                receive(parameter, gradient, GradReq.ADD);
            }
        }
    }

    /** Backward writes an array's gradient into another array, of the same shape. */
    static void receive(NDArray array, NDArray gradient, GradReq how) {
        JnaUtils.autogradMarkVariables(1, ((MxNDArray) array).getHandle(), IntBuffer.wrap(new int[] {how.getValue()}),
                ((MxNDArray) gradient).getHandle());
    }
}
