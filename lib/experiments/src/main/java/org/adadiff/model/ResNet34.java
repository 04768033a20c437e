package org.adadiff.model;

import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;

/**
 * ResNet-34 for 32x32 images (He et al., 2016, with the CIFAR stem): a 3x3 convolution and no max-pool, four stages of
 * 3, 4, 6 and 3 basic blocks, average pool 4, linear.
 */
public final class ResNet34 {
    private static final int STEM = 64;
    private static final int[] BLOCKS = {3, 4, 6, 3};

    private ResNet34() {}

    /**
     * Builds the network: (N, 3, 32, 32) float32 to logits (N, classes).
     *
     * @param classes number of classes, at least 1
     * @param width factor on every channel count (64, 128, 256, 512); 1.0 is the paper's network
     * @return the network, not yet initialised; see {@link Initialisation}
     * @throws IllegalArgumentException when classes or width is not positive
     */
    public static Block build(int classes, double width) {
        Layers.checkClasses(classes);
        int channels = Layers.scaled(STEM, width);
        boolean inBlocks = Layers.fillBlocks(STEM, width);
        SequentialBlock net = new Chain()
                .add(Layers.convolution(channels, 3, 1))
                .add(new NormRelu(inBlocks));
        int in = channels;
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            int out = Layers.scaled(STEM << stage, width);
            for (int block = 0; block < BLOCKS[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                net.add(basicBlock(in, out, stride, inBlocks)).add(Layers.relu());
                in = out;
            }
        }
        return net.add(Layers.classifier(classes));
    }

    /** Two 3x3 convolutions beside the shortcut, which is a 1x1 projection where the shape changes. */
    private static Block basicBlock(int in, int out, int stride, boolean inBlocks) {
        Block main = new Chain()
                .add(Layers.convolution(out, 3, stride))
                .add(new NormRelu(inBlocks))
                .add(Layers.convolution(out, 3, 1))
                .add(Layers.batchNorm());
        Block shortcut = stride == 1 && in == out
                ? Blocks.identityBlock()
                : new Chain().add(Layers.convolution(out, 1, stride)).add(Layers.batchNorm());
        return new Branches(Layers::sum, main, shortcut);
    }
}
