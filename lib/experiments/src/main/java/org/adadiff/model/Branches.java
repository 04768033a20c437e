package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;

/** Two blocks side by side on the same input, joined by one of MXNet's operators; their results are closed after that. */
final class Branches extends ParallelBlock {
    private final Join join;

    /** An operator of two arrays. */
    @FunctionalInterface
    interface Join {
        /** Returns a new array. */
        NDArray of(NDArray first, NDArray second);
    }

    Branches(Join join, Block first, Block second) {
        super(branches -> new NDList(join.of(branches.get(0).head(), branches.get(1).head())), List.of(first, second));
        this.join = join;
    }

    /** {@inheritDoc} */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDList first = getChildren().get(0).getValue().forward(store, inputs, training, params);
        NDList second = getChildren().get(1).getValue().forward(store, inputs, training, params);
        NDArray joined = join.of(first.head(), second.head());
        first.close();
        if (second != inputs) { // an identity passes on what is not this block's to close
            second.close();
        }
        return new NDList(joined);
    }
}
