package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;

/**
 * Layers that each see all features before them, and add theirs in front: (N, C, H, W) to (N, C + what they add, H, W).
 *
 * <p>Each concatenation starts from the single features again, not from the last concatenation, so that every feature's
 * gradient is one sum over the layers that saw it. Otherwise every layer's backward pass would read and write the gradient of
 * the whole concatenation, in a layout that the next operator has to change.
 */
final class DenseBlock extends AbstractBlock {
    private final List<Block> layers;
    private final boolean inBlocks;

    /**
     * Of layers that keep the size of the map, and return the features they add, which {@linkplain Layers#fillBlocks fill
     * oneDNN's blocks} or not.
     */
    DenseBlock(List<Block> layers, boolean inBlocks) {
        this.layers = List.copyOf(layers);
        this.inBlocks = inBlocks;
        this.layers.forEach(layer -> addChildBlock("Layer", layer));
    }

    /** {@inheritDoc} */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray input = inputs.singletonOrThrow();
        NDList features = new NDList(input); // the newest first
        NDArray all = input;
        for (Block layer : layers) {
            features.add(0, layer.forward(store, new NDList(all), training, params).singletonOrThrow());
            if (all != input) {
                all.close();
            }
            all = inBlocks ? Layers.concatenation(features) : NDArrays.concat(features, 1);
        }
        features.remove(features.size() - 1); // the input is the caller's
        features.close();
        return new NDList(all);
    }

    /** {@inheritDoc} */
    @Override
    public void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        Shape shape = inputShapes[0];
        for (Block layer : layers) {
            layer.initialize(manager, dataType, shape);
            shape = widened(shape, layer);
        }
    }

    /** {@inheritDoc} */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        for (Block layer : layers) {
            shape = widened(shape, layer);
        }
        return new Shape[] {shape};
    }

    private static Shape widened(Shape shape, Block layer) {
        long added = layer.getOutputShapes(new Shape[] {shape})[0].get(1);
        return new Shape(shape.get(0), shape.get(1) + added, shape.get(2), shape.get(3));
    }
}
