package org.adadiff.model;

/**
 * The sizes and dropout rates of an {@link AwdLstm}. A rate is the share that is dropped: 0 drops nothing.
 *
 * @param vocabulary number of words
 * @param embedding size of a word's vector, and of the last layer's output, because the two weights are tied
 * @param hidden size of every layer but the last
 * @param layers number of LSTM layers, at least 1
 * @param outputDropout rate on the last layer's output
 * @param layerDropout rate between layers
 * @param inputDropout rate on the embedded input
 * @param embeddingDropout rate of words dropped from the embedding
 * @param hiddenWeightDropout DropConnect rate on the hidden-to-hidden weights
 */
public record AwdLstmConfig(
        int vocabulary,
        int embedding,
        int hidden,
        int layers,
        double outputDropout,
        double layerDropout,
        double inputDropout,
        double embeddingDropout,
        double hiddenWeightDropout) {
    private static final int PAPER_EMBEDDING = 400;
    private static final int PAPER_HIDDEN = 1150;

    /**
     * Checks the sizes and rates.
     *
     * @param vocabulary at least 1
     * @param embedding at least 1
     * @param hidden at least 1
     * @param layers at least 1
     * @param outputDropout in [0, 1)
     * @param layerDropout in [0, 1)
     * @param inputDropout in [0, 1)
     * @param embeddingDropout in [0, 1)
     * @param hiddenWeightDropout in [0, 1)
     * @throws IllegalArgumentException when a size or rate is outside its range
     */
    public AwdLstmConfig {
        checkSize("vocabulary", vocabulary);
        checkSize("embedding", embedding);
        checkSize("hidden", hidden);
        checkSize("layers", layers);
        checkRate("outputDropout", outputDropout);
        checkRate("layerDropout", layerDropout);
        checkRate("inputDropout", inputDropout);
        checkRate("embeddingDropout", embeddingDropout);
        checkRate("hiddenWeightDropout", hiddenWeightDropout);
    }

    /**
     * The paper's language model for the Penn Treebank: embedding 400, hidden 1150, dropout 0.4 / 0.25 / 0.4 / 0.1 / 0.5.
     *
     * @param vocabulary number of words; 10,000 in the paper
     * @param layers number of layers; 2 or 3 in the paper
     * @param width factor on the embedding and hidden sizes; 1.0 is the paper's network
     * @return the configuration
     * @throws IllegalArgumentException when an argument is not positive
     */
    public static AwdLstmConfig pennTreebank(int vocabulary, int layers, double width) {
        int embedding = Layers.scaled(PAPER_EMBEDDING, width);
        int hidden = Layers.scaled(PAPER_HIDDEN, width);
        return new AwdLstmConfig(vocabulary, embedding, hidden, layers, 0.4, 0.25, 0.4, 0.1, 0.5);
    }

    /**
     * The same network with other dropout rates.
     *
     * @param output rate on the last layer's output
     * @param layer rate between layers
     * @param input rate on the embedded input
     * @param words rate of words dropped from the embedding
     * @param hiddenWeight DropConnect rate on the hidden-to-hidden weights
     * @return the configuration
     * @throws IllegalArgumentException when a rate is outside [0, 1)
     */
    public AwdLstmConfig withDropout(double output, double layer, double input, double words, double hiddenWeight) {
        return new AwdLstmConfig(
                vocabulary, embedding, hidden, layers, output, layer, input, words, hiddenWeight);
    }

    /** Size of what goes into a layer. */
    int inputSize(int layer) {
        return layer == 0 ? embedding : hidden;
    }

    /** Size of what comes out of a layer. */
    int outputSize(int layer) {
        return layer == layers - 1 ? embedding : hidden;
    }

    /** Input-to-hidden weights of a layer, (4 * output size, input size), gates in the order input, forget, cell, output. */
    int inputWeights(int layer) {
        return Math.multiplyExact(4 * outputSize(layer), inputSize(layer));
    }

    /** Hidden-to-hidden weights of a layer, (4 * output size, output size). */
    int hiddenWeights(int layer) {
        return Math.multiplyExact(4 * outputSize(layer), outputSize(layer));
    }

    /** Biases of a layer, input-to-hidden and hidden-to-hidden, (4 * output size) each. */
    int biases(int layer) {
        return 8 * outputSize(layer);
    }

    private static void checkSize(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
        }
    }

    private static void checkRate(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": expected a rate in [0, 1), found " + value);
        }
    }
}
