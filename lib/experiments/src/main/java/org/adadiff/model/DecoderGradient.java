package org.adadiff.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.util.PairList;

/**
 * The mean softmax cross entropy of a linear decoder and its gradients, worked out a block of rows at a time. For 1,400
 * tokens and 10,000 words a gradient collector would keep four arrays of 56 MB for it.
 *
 * @param crossEntropy mean over the rows, a scalar, in nats
 * @param input gradient of the decoder's input, of that input's shape
 */
record DecoderGradient(NDArray crossEntropy, NDArray input) {
    /** Rows whose logits exist at the same time; their logits for 10,000 words fit into a server's cache. */
    private static final int BLOCK = 512;

    /**
     * Computes them, outside of any gradient collector's record, and puts the gradients of weight and bias in the place of what is there.
     *
     * @param input (..., E), with N rows
     * @param targets N class numbers of any shape, int32
     * @param weight (V, E), with a gradient
     * @param bias (V), with a gradient
     * @param factor on the gradients of weight and bias
     * @return arrays in the manager of the input
     */
    static DecoderGradient of(NDArray input, NDArray targets, NDArray weight, NDArray bias, double factor) {
        NDManager manager = input.getManager();
        Shape shape = weight.getShape();
        long rows = targets.size();
        // Detached, even the targets: MXNet takes every input of a recorded operator for part of the graph. Nothing that is
        // computed from these arrays is then recorded, so that the logits may be overwritten.
        // A leading axis of 1: MXNet's fast matrix product is the one for batches of matrices.
        NDArray x = input.stopGradient().reshape(1, rows, shape.get(1));
        NDArray y = targets.stopGradient().reshape(1, rows);
        NDArray w = weight.stopGradient();
        NDArray b = bias.stopGradient();
        NDArray crossEntropy = manager.zeros(new Shape());
        NDList inputGradients = new NDList();
        try (NDManager own = manager.newSubManager(); w; b) {
            NDArray matrix = in(own, w.expandDims(0)); // (1, V, E)
            NDArray weightGradient = in(own, weight.getGradient());
            NDArray biasGradient = in(own, bias.getGradient());
            for (long from = 0; from < rows; from += BLOCK) {
                NDIndex block = new NDIndex(":, {}:{}", from, Math.min(rows, from + BLOCK));
                try (NDManager temporary = own.newSubManager()) {
                    NDArray blockX = in(temporary, x.get(block)); // (1, n, E)
                    NDArray blockY = in(temporary, y.get(block)); // (1, n)
                    NDArray logits = Linear.linear(blockX, w, b).singletonOrThrow(); // (1, n, V)
                    crossEntropy.subi(overwriteByGradient(logits, blockY).sum());
                    // y = x W' + b:  dx = dy W,  dW = dy' x,  db = dy' 1
                    inputGradients.add(in(manager, product(logits, matrix, false)));
                    put(weightGradient, product(logits, blockX, true), from > 0);
                    put(biasGradient, product(temporary.ones(new Shape(1, 1, blockY.size())), logits, false), from > 0);
                }
            }
            weightGradient.muli(factor / rows);
            biasGradient.muli(factor / rows);
            return new DecoderGradient(crossEntropy.divi(rows), NDArrays.concat(inputGradients, 1).reshape(input.getShape()).divi(rows));
        }
    }

    /**
     * Puts the gradient of the summed cross entropy, the probabilities less 1 at the target, in the logits' place.
     *
     * @param logits (1, n, V)
     * @param targets (1, n)
     * @return each row's log-probability of its target, (1, n)
     */
    private static NDArray overwriteByGradient(NDArray logits, NDArray targets) {
        NDManager manager = logits.getManager();
        long rows = targets.size();
        NDArray[] inPlace = {logits};
        manager.invoke("log_softmax", inPlace, inPlace, options("axis", "-1"));
        NDArray logProbabilities = manager.invoke("pick", new NDList(logits, targets), options("axis", "-1")).head();
        manager.invoke("softmax", inPlace, inPlace, options("axis", "-1")); // log-probabilities are logits too
        NDArray row = manager.arange(0, rows, 1, DataType.INT32).reshape(1, rows);
        NDArray indices = NDArrays.stack(new NDList(row.zerosLike(), row, targets)); // (3, 1, n)
        manager.invoke("_scatter_set_nd", new NDArray[] {logits, logProbabilities.exp().subi(1), indices}, inPlace,
                options("shape", logits.getShape().toString()));
        return logProbabilities;
    }

    private static void put(NDArray sum, NDArray term, boolean add) {
        NDArray shaped = term.reshape(sum.getShape()); // a view
        if (add) {
            sum.addi(shaped);
        } else {
            shaped.copyTo(sum);
        }
    }

    /** a b, or a' b, for each matrix of two batches; in the manager of a. */
    private static NDArray product(NDArray a, NDArray b, boolean transposed) {
        return a.getManager().invoke("_npx_batch_dot", new NDList(a, b), options("transpose_a", transposed ? "True" : "False")).head();
    }

    private static PairList<String, Object> options(String name, String value) {
        PairList<String, Object> options = new PairList<>();
        options.add(name, value);
        return options;
    }

    private static NDArray in(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
