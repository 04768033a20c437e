package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.adadiff.engine.FilledArrays;

/**
 * The masks of an {@link AwdLstm} for one sequence of a training step, float32: 0 where something is dropped,
 * 1 / (1 - rate) elsewhere. Each kind has its own stream of random numbers, so that one rate does not change what the
 * others drop.
 */
final class DropoutMasks {
    private final NDManager manager;
    private final AwdLstmConfig config;
    private final Coins coins;
    private final FilledArrays arrays = new FilledArrays();
    private final SplittableRandom words;
    private final SplittableRandom input;
    private final SplittableRandom layers;
    private final SplittableRandom output;
    private final long[] hiddenWeights; // a seed for each layer

    /** Masks that live in the given manager. */
    DropoutMasks(NDManager manager, AwdLstmConfig config, Coins coins, SplittableRandom random) {
        this.manager = manager;
        this.config = config;
        this.coins = coins;
        words = random.split();
        input = random.split();
        layers = random.split();
        output = random.split();
        hiddenWeights = random.longs(config.layers()).toArray();
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

    /**
     * One mask for all uses of a layer's weights, which leaves all but the hidden-to-hidden ones as they are. It is large: asked for again, it
     * is drawn again.
     *
     * @return a vector, as the layer's weights are one
     */
    NDArray layerWeights(int layer) {
        int before = config.inputWeights(layer);
        int count = config.hiddenWeights(layer);
        int after = config.biases(layer);
        return arrays.create(manager, new Shape(before + count + after),
                values -> coins.toss(values, before, count, after, config.hiddenWeightDropout(), new SplittableRandom(hiddenWeights[layer])));
    }

    private NDArray mask(Shape shape, double rate, SplittableRandom random) {
        return arrays.create(manager, shape,
                values -> coins.toss(values, 0, Math.toIntExact(shape.size()), 0, rate, random));
    }
}
