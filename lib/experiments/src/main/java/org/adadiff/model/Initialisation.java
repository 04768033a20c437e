package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.List;
import java.util.SplittableRandom;
import org.adadiff.engine.FilledArrays;

/**
 * PyTorch's default starting weights, from a Java generator: convolutions and linear layers uniform in
 * +-1/sqrt(fan-in) (Kaiming-uniform with a = sqrt 5), batch normalisation ones and zeros, LSTM layers uniform in
 * +-1/sqrt(size), embedding uniform in +-0.1, decoder bias 0.
 */
public final class Initialisation {
    private Initialisation() {}

    /**
     * Gives every parameter its array, its starting value and a gradient.
     *
     * @param block a network that is not initialised yet
     * @param manager where the parameters will live
     * @param inputs shapes of the inputs; the batch size does not matter
     * @param seed decides on all starting values, on any machine and thread count
     * @throws IllegalStateException when the network is initialised already
     */
    public static void apply(Block block, NDManager manager, Shape[] inputs, long seed) {
        if (block.isInitialized()) {
            throw new IllegalStateException("Initialisation: expected a new network, found one that has its weights");
        }
        block.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
        block.setInitializer(Initializer.ZEROS, Parameter.Type.BIAS);
        block.initialize(manager, DataType.FLOAT32, inputs);
        fill(block, new SplittableRandom(seed));
    }

    private static void fill(Block block, SplittableRandom random) {
        List<Parameter> own = block.getDirectParameters().values();
        for (Parameter parameter : own) {
            if (parameter.getType() == Parameter.Type.WEIGHT || parameter.getType() == Parameter.Type.BIAS) {
                float bound = block instanceof AwdLstm lstm ? lstm.initialBound(parameter) : fanInBound(own);
                setUniform(parameter.getArray(), bound, random);
            }
        }
        block.getChildren().values().forEach(child -> fill(child, random));
    }

    /** 1 / sqrt(inputs that each output of this layer's weight depends on). */
    private static float fanInBound(List<Parameter> layer) {
        Shape weight = layer.get(0).getShape();
        return (float) (1 / Math.sqrt((double) weight.size() / weight.get(0)));
    }

    private static void setUniform(NDArray array, float bound, SplittableRandom random) {
        new FilledArrays().fill(array, values -> {
            while (values.hasRemaining()) {
                values.put((float) (bound * (2 * random.nextDouble() - 1)));
            }
        });
    }
}
