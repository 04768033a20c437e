package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;

/**
 * The masks of an {@link AwdLstm} for one sequence of a training step, float32: 0 where something is dropped,
 * 1 / (1 - rate) elsewhere. Each kind has its own stream of random numbers, so that one rate does not change what the
 * others drop.
 */
final class DropoutMasks {
    private final NDManager manager;
    private final AwdLstmConfig config;
    private final Coins coins;
    private final SplittableRandom words;
    private final SplittableRandom input;
    private final SplittableRandom layers;
    private final SplittableRandom output;
    private final SplittableRandom hiddenWeights;

    /** Masks that live in the given manager. */
    DropoutMasks(NDManager manager, AwdLstmConfig config, Coins coins, SplittableRandom random) {
        this.manager = manager;
        this.config = config;
        this.coins = coins;
        words = random.split();
        input = random.split();
        layers = random.split();
        output = random.split();
        hiddenWeights = random.split();
    }

    /** One number for each word: (V, 1). */
    NDArray words() {
        return mask(new Shape(config.vocabulary(), 1), config.embeddingDropout(), words);
    }

    /** One mask for all time steps of the embedded input: (1, B, E). */
    NDArray input(long batch) {
        return mask(new Shape(1, batch, config.embedding()), config.inputDropout(), input);
    }

    /** One mask for all time steps of the output of the next layer but the last: (1, B, H). */
    NDArray nextLayer(long batch) {
        return mask(new Shape(1, batch, config.hidden()), config.layerDropout(), layers);
    }

    /** One mask for all time steps of the last layer's output: (1, B, E). */
    NDArray output(long batch) {
        return mask(new Shape(1, batch, config.embedding()), config.outputDropout(), output);
    }

    /** One mask for all uses of the next layer's hidden-to-hidden weights: (4 * size, size). */
    NDArray nextHiddenWeights(int size) {
        return mask(new Shape(4L * size, size), config.hiddenWeightDropout(), hiddenWeights);
    }

    private NDArray mask(Shape shape, double rate, SplittableRandom random) {
        // A byte for each element is a quarter of what would cross from Java as floats.
        var kept = coins.toss(Math.toIntExact(shape.size()), rate, random);
        try (NDArray bytes = manager.create(kept, shape, DataType.INT8)) {
            return bytes.toType(DataType.FLOAT32, true).muli(1 / (1 - rate));
        }
    }
}
