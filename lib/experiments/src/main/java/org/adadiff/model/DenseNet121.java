package org.adadiff.model;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import java.util.stream.Stream;

/**
 * DenseNet-121 for 32x32 images (Huang et al., 2017, with the CIFAR stem): a 3x3 convolution, four dense blocks of 6, 12,
 * 24 and 16 pre-activation bottlenecks with halving transitions between them, average pool 4, linear.
 */
public final class DenseNet121 {
    private static final int GROWTH = 32;
    private static final int[] BLOCKS = {6, 12, 24, 16};

    private DenseNet121() {}

    /**
     * Builds the network: (N, 3, 32, 32) float32 to logits (N, classes).
     *
     * @param classes number of classes, at least 1
     * @param width factor on the growth rate 32, from which every other channel count follows; 1.0 is the paper's network
     * @return the network, not yet initialised; see {@link Initialisation}
     * @throws IllegalArgumentException when classes or width is not positive
     */
    public static Block build(int classes, double width) {
        Layers.checkClasses(classes);
        int growth = Layers.scaled(GROWTH, width);
        int channels = 2 * growth;
        boolean inBlocks = Layers.fillBlocks(GROWTH, width);
        SequentialBlock net = new Chain().add(Layers.convolution(channels, 3, 1));
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            net.add(new DenseBlock(
                    Stream.generate(() -> bottleneck(growth, inBlocks)).limit(BLOCKS[stage]).toList(), inBlocks));
            channels += BLOCKS[stage] * growth;
            if (stage < BLOCKS.length - 1) {
                channels /= 2;
                net.add(transition(channels, inBlocks));
            }
        }
        return net.add(new NormRelu(inBlocks)).add(Layers.classifier(classes));
    }

    /** Computes {@code growth} features from all before. */
    private static Block bottleneck(int growth, boolean inBlocks) {
        return new Chain()
                .add(new NormRelu(inBlocks))
                .add(Layers.convolution(4 * growth, 1, 1))
                .add(new NormRelu(inBlocks))
                .add(Layers.convolution(growth, 3, 1));
    }

    /** Compresses to {@code channels} features on a map of half the side. */
    private static Block transition(int channels, boolean inBlocks) {
        return new Chain()
                .add(new NormRelu(inBlocks))
                .add(Layers.convolution(channels, 1, 1))
                .add(Layers.averagePool(2));
    }
}
