package org.adadiff.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.adadiff.engine.Mxnet;
import org.adadiff.model.AwdLstm;
import org.adadiff.model.AwdLstmConfig;
import org.adadiff.model.DenseNet121;
import org.adadiff.model.ModelParameters;
import org.adadiff.model.ResNet34;

/** The paper's networks at full size, for ten classes or ten thousand words. */
public enum Network {
    /** ResNet-34: 21,282,122 parameters in 110 tensors. */
    RESNET34(() -> ResNet34.build(10, 1), new Shape(1, 3, 32, 32)),
    /** DenseNet-121: 6,956,298 parameters in 362 tensors. */
    DENSENET121(() -> DenseNet121.build(10, 1), new Shape(1, 3, 32, 32)),
    /** The 2-layer AWD-LSTM: 13,632,400 parameters in 10 tensors. */
    LSTM2(() -> new AwdLstm(AwdLstmConfig.pennTreebank(10_000, 2, 1)), new Shape(70, 1)),
    /** The 3-layer AWD-LSTM: 24,221,600 parameters in 14 tensors. */
    LSTM3(() -> new AwdLstm(AwdLstmConfig.pennTreebank(10_000, 3, 1)), new Shape(70, 1));

    private final Supplier<Block> block;
    private final Shape input;

    Network(Supplier<Block> block, Shape input) {
        this.block = block;
        this.input = input;
    }

    /** Tells whether it learns text, not images. */
    boolean isLanguage() {
        return this == LSTM2 || this == LSTM3;
    }

    /**
     * Returns the shapes of its trainable parameters, which are what an optimizer updates.
     *
     * @return the shapes, in the order of the block's parameters
     */
    public List<Shape> shapes() {
        try (NDManager manager = Mxnet.engine().newBaseManager()) {
            Block network = block.get();
            Shape[] inputs = network instanceof AwdLstm lstm
                    ? lstm.zeroState(manager, 1).getShapes() : new Shape[0];
            Shape[] all = new Shape[inputs.length + 1];
            all[0] = input;
            System.arraycopy(inputs, 0, all, 1, inputs.length);
            network.initialize(manager, DataType.FLOAT32, all);
            return ModelParameters.trainable(network).stream().map(parameter -> parameter.getArray().getShape()).toList();
        }
    }

    /**
     * Counts its trainable numbers.
     *
     * @return the sum of the sizes of {@link #shapes}
     */
    public long parameters() {
        return shapes().stream().mapToLong(Shape::size).sum();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
