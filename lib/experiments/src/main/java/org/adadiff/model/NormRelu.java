package org.adadiff.model;

import ai.djl.Device;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Batch normalisation as in PyTorch, then ReLU: eps 1e-5, and a tenth of each new batch's statistics, which MXNet calls
 * momentum 0.9. On the CPU both are one operator of oneDNN, which saves a pass over the features each way.
 */
final class NormRelu extends AbstractBlock {
    private final Block norm = addChildBlock("BatchNorm", Layers.batchNorm());
    private final boolean inBlocks;

    /**
     * For features that {@linkplain Layers#fillBlocks fill oneDNN's blocks} or not; those that do not take two operators. Those that
     * do have to come from a convolution or another operator that leaves them in blocks: in the plain layout of an array made in
     * Java, MXNet's fused operator mistakes which of them were above zero, and the gradient is wrong.
     */
    NormRelu(boolean inBlocks) {
        this.inBlocks = inBlocks;
    }

    /** {@inheritDoc} */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray input = inputs.singletonOrThrow();
        Device device = input.getDevice();
        if (!inBlocks || device.isGpu() || !JnaUtils.getFeatures().contains("MKLDNN")) {
            try (NDList normalised = norm.forward(store, inputs, training, params)) {
                return new NDList(Activation.relu(normalised.singletonOrThrow()));
            }
        }
        NDList operands = new NDList(input);
        for (Parameter parameter : norm.getDirectParameters().values()) {
            operands.add(store.getValue(parameter, device, training));
        }
        PairList<String, Object> options = new PairList<>();
        options.add("eps", Layers.NORM_EPSILON);
        options.add("momentum", Layers.NORM_MOMENTUM);
        options.add("fix_gamma", false);
        return input.getManager().invoke("BatchNormWithReLU", operands, options);
    }

    /** {@inheritDoc} */
    @Override
    public void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        norm.initialize(manager, dataType, inputShapes);
    }

    /** {@inheritDoc} */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }
}
