package org.adadiff.model;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Blocks one after the other, each result closed as soon as the next is there. What the backward pass needs, MXNet keeps
 * itself; results that live as long as their batch doubled the memory of a training step.
 */
final class Chain extends SequentialBlock {
    /** {@inheritDoc} */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDList current = inputs;
        for (Block block : getChildren().values()) {
            NDList next = block.forward(store, current, training, params);
            if (current != inputs) {
                current.close();
            }
            current = next;
        }
        return current;
    }
}
