package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.util.PairList;

/** The layers that both convolutional networks are made of. */
final class Layers {
    /** Side of the feature map that a (N, 3, 32, 32) input is left with before the classifier. */
    private static final int FINAL_SIDE = 4;

    /** Channels that oneDNN keeps side by side in memory. */
    private static final int CHANNEL_BLOCK = 16;

    static final float NORM_EPSILON = 1e-5f;
    static final float NORM_MOMENTUM = 0.9f;

    private Layers() {}

    /** A square convolution without bias that keeps the size of its input when the stride is 1. */
    static Conv2d convolution(int filters, int kernel, int stride) {
        int padding = kernel / 2;
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .optBias(false)
                .build();
    }

    /**
     * Batch normalisation as in PyTorch: eps 1e-5, and a tenth of each new batch's statistics, which MXNet calls
     * momentum 0.9.
     */
    static BatchNorm batchNorm() {
        return BatchNorm.builder().optEpsilon(NORM_EPSILON).optMomentum(NORM_MOMENTUM).build();
    }

    static Block relu() {
        return Activation.reluBlock();
    }

    /** Average of the 4x4 feature map, then a linear layer: (N, C, 4, 4) to (N, classes). */
    static Block classifier(int classes) {
        return new Chain()
                .add(averagePool(FINAL_SIDE))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(classes).build());
    }

    static Block averagePool(int side) {
        Shape kernel = new Shape(side, side);
        return Pool.avgPool2dBlock(kernel, kernel);
    }

    /** Sum of two arrays of the same shape. Unlike {@link NDArray#add}, this operator leaves oneDNN's blocked layouts alone. */
    static NDArray sum(NDArray a, NDArray b) {
        return a.getManager().invoke("elemwise_add", new NDList(a, b), null).singletonOrThrow();
    }

    /** The channels of all. Unlike {@link ai.djl.ndarray.NDArrays#concat}, this operator leaves oneDNN's blocked layouts alone. */
    static NDArray concatenation(NDList arrays) {
        PairList<String, Object> options = new PairList<>();
        options.add("num_args", arrays.size());
        options.add("dim", 1);
        return arrays.head().getManager().invoke("Concat", arrays, options).singletonOrThrow();
    }

    /**
     * Tells whether all layers of a network that begins with {@code channels * width} channels fill oneDNN's blocks of them.
     * Features that do not are kept in blocks of 8, of 16 or in none, as each operator likes, and the backward pass of the
     * fused {@link NormRelu} fails where two layouts meet.
     */
    static boolean fillBlocks(int channels, double width) {
        return channels * width % CHANNEL_BLOCK == 0;
    }

    /**
     * {@code channels * width}, rounded, at least 1.
     *
     * @throws IllegalArgumentException when width is not a positive finite number
     */
    static int scaled(int channels, double width) {
        if (!(width > 0) || Double.isInfinite(width)) {
            throw new IllegalArgumentException("width: expected a positive number, found " + width);
        }
        return Math.max(1, Math.toIntExact(Math.round(channels * width)));
    }

    /**
     * Refuses a number of classes below 1.
     *
     * @throws IllegalArgumentException when it is
     */
    static void checkClasses(int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("classes: expected at least 1, found " + classes);
        }
    }
}
