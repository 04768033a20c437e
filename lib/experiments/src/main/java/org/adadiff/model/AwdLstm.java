package org.adadiff.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.UniformInitializer;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The AWD-LSTM language model (Merity et al., 2018): embedding, LSTM layers, and a softmax whose weight is the embedding.
 *
 * <p>Inputs: tokens (T, B) int32, then h and c of each layer, (1, B, size of the layer) each, as {@link #zeroState} makes
 * them. Outputs: logits (T * B, V), row t * B + b; then h and c of each layer. In training mode, which is for use inside a
 * gradient collector, {@link AwdLstmLoss} does the decoder's part and goes backward, and the outputs are: the last layer's output after
 * its dropout, (T, B, E); then h and c of each layer; then the last layer's output before its dropout; then for each of the other layers
 * its output (T, B, H) and the input of the next that is cut off from it, so that the layers can go backward one at a time.
 *
 * <p>Dropout follows the reference: every mask is drawn once for the whole sequence, and what is kept is scaled by
 * 1 / (1 - rate). The masks follow from {@link #seedDropout} alone.
 *
 * <p>Parameters: decoder bias (V), embedding (V, E), then for each layer one vector, as MXNet's recurrent operator wants it:
 * the weights (4H, I) of the input and (4H, H) of the hidden state, then a bias (4H) for each, gates in the order input,
 * forget, cell, output.
 */
public final class AwdLstm extends AbstractBlock {
    private static final byte VERSION = 2; // one vector of weights for each layer

    private final AwdLstmConfig config;
    private final Parameter bias;
    private final Parameter embedding;
    private final List<Parameter> layers = new ArrayList<>();
    private final Coins coins = new Coins();
    private SplittableRandom random;
    private DropoutMasks masks; // of the latest training pass

    /**
     * Creates the network, not yet initialised; see {@link Initialisation}.
     *
     * @param config sizes and dropout rates
     */
    public AwdLstm(AwdLstmConfig config) {
        super(VERSION);
        this.config = config;
        bias = add("bias", Parameter.Type.BIAS, config.vocabulary());
        embedding = add("embedding", Parameter.Type.WEIGHT, config.vocabulary(), config.embedding());
        for (int layer = 0; layer < config.layers(); layer++) {
            int size = Math.addExact(config.inputWeights(layer), config.hiddenWeights(layer)) + config.biases(layer);
            Parameter weights = add("lstm" + layer, Parameter.Type.WEIGHT, size);
            // DJL's default for weights refuses vectors.
            weights.setInitializer(new UniformInitializer(layerBound(layer)));
            layers.add(weights);
        }
    }

    private Parameter add(String name, Parameter.Type type, long... shape) {
        return addParameter(
                Parameter.builder().setName(name).setType(type).optShape(new Shape(shape)).build());
    }

    /**
     * Returns the sizes and dropout rates.
     *
     * @return the configuration this network was made with
     */
    public AwdLstmConfig config() {
        return config;
    }

    /**
     * Sets what the following training passes drop: the same seed gives the same masks, pass by pass. Without dropout
     * rates it need not be called.
     *
     * @param seed any number
     */
    public void seedDropout(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Sets what the following training passes drop: what they would after {@link #seedDropout(long)} and some passes.
     *
     * @param seed any number
     * @param passes how many
     */
    public void seedDropout(long seed, long passes) {
        seedDropout(seed);
        for (long pass = 0; pass < passes; pass++) {
            random.split();
        }
    }

    /**
     * The state at the start of a text.
     *
     * @param manager where the arrays will live
     * @param batch number of sequences side by side
     * @return h and c of each layer, (1, batch, size of the layer) float32, all zeros
     */
    public NDList zeroState(NDManager manager, long batch) {
        NDList state = new NDList(2 * config.layers());
        for (int layer = 0; layer < config.layers(); layer++) {
            Shape shape = new Shape(1, batch, config.outputSize(layer));
            state.add(manager.zeros(shape));
            state.add(manager.zeros(shape));
        }
        return state;
    }

    /**
     * Takes the new state out of a forward pass, cut off from its gradients, to be given to the next one.
     *
     * @param outputs what forward returned
     * @param manager where the state will live; the caller closes the state it replaces
     * @return h and c of each layer, (1, B, size of the layer)
     */
    public NDList detachedState(NDList outputs, NDManager manager) {
        NDList state = new NDList(2 * config.layers());
        for (NDArray array : outputs.subNDList(1, 1 + 2 * config.layers())) {
            NDArray detached = array.stopGradient();
            detached.attach(manager);
            state.add(detached);
        }
        return state;
    }

    /** {@inheritDoc} */
    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        checkInputs(inputs.getShapes());
        NDArray tokens = inputs.head();
        long batch = tokens.getShape().get(1);
        Device device = tokens.getDevice();
        NDArray words = store.getValue(embedding, device, training);
        if (training) {
            masks = masks(tokens.getManager());
            Gradients.add(words);
        }

        NDArray x = lookUp(tokens, words); // (T, B, E)
        if (training && config.embeddingDropout() > 0) {
            // Masking the looked-up rows equals masking the embedding's, without a pass over all V of them.
            x = x.mul(lookUp(tokens, masks.words()));
        }
        if (training && config.inputDropout() > 0) {
            x = x.mul(masks.input(batch));
        }
        NDList state = new NDList(2 * config.layers());
        NDList cuts = new NDList();
        for (int layer = 0; layer < config.layers(); layer++) {
            if (layer > 0 && training) {
                cuts.add(x);
                x = x.stopGradient();
                x.setRequiresGradient(true);
                cuts.add(x);
                if (config.layerDropout() > 0) {
                    x = x.mul(masks.nextLayer(batch));
                }
            }
            NDList result = lstm(x, weights(store, layer, device, training), inputs.subNDList(1 + 2 * layer, 3 + 2 * layer));
            x = result.get(0);
            state.add(result.get(1));
            state.add(result.get(2));
        }
        if (training) {
            NDArray dropped = config.outputDropout() > 0 ? x.mul(masks.output(batch)) : x;
            return new NDList(dropped).addAll(state).addAll(new NDList(x)).addAll(cuts);
        }
        NDArray rows = x.reshape(-1, config.embedding());
        return Linear.linear(rows, words, store.getValue(bias, device, false)).addAll(state);
    }

    /** Runs one layer: (T, B, H), then its h and c. DJL's own function copies the weights together at every call. */
    private static NDList lstm(NDArray x, NDArray weights, NDList state) {
        PairList<String, Object> options = new PairList<>();
        options.add("mode", "lstm");
        options.add("state_size", state.head().getShape().tail());
        options.add("num_layers", 1);
        options.add("state_outputs", true);
        return x.getManager().invoke("_npx_rnn", new NDList(x, weights).addAll(state), options);
    }

    /** The softmax's cross entropy and gradients, given the last layer's dropped output, (T, B, E); {@link #backward} is to follow. */
    DecoderGradient decoderGradient(ParameterStore store, NDArray dropped, NDArray targets, double weight) {
        Device device = dropped.getDevice();
        return DecoderGradient.of(
                dropped, targets, store.getValue(embedding, device, true), store.getValue(bias, device, true), weight);
    }

    /**
     * Goes backward from the last layer to the first, and adds to the decoder's gradient of the embedding. What a layer has kept for that, hundreds of megabytes at the paper's size, is free
     * before the next begins.
     *
     * @param outputs of the latest training pass
     * @param loss a scalar computed from the last layer's output
     */
    void backward(GradientCollector collector, ParameterStore store, NDList outputs, NDArray loss) {
        collector.backward(loss);
        for (int i = outputs.size() - 2; i > lastOutput(); i -= 2) {
            try (NDArray gradient = outputs.get(i + 1).getGradient()) {
                collector.backward(outputs.get(i).mul(gradient).sum());
            }
        }
        if (config.hiddenWeightDropout() > 0) {
            Device device = outputs.head().getDevice();
            for (int layer = 0; layer < config.layers(); layer++) {
                try (NDArray mask = masks.layerWeights(layer)) {
                    DropConnect.maskGradient(store.getValue(layers.get(layer), device, true), mask);
                }
            }
        }
    }

    /** Where the last layer's output before its dropout stands among the outputs of a training pass. */
    int lastOutput() {
        return 1 + 2 * config.layers();
    }

    private DropoutMasks masks(NDManager manager) {
        if (random == null) {
            if (!config.equals(config.withDropout(0, 0, 0, 0, 0))) {
                throw new IllegalStateException(
                        "AwdLstm: expected seedDropout(seed) before the first training pass, found no seed");
            }
            random = new SplittableRandom(0);
        }
        return new DropoutMasks(manager, config, coins, random.split());
    }

    private NDArray weights(ParameterStore store, int layer, Device device, boolean training) {
        NDArray weights = store.getValue(layers.get(layer), device, training);
        return training && config.hiddenWeightDropout() > 0 ? DropConnect.drop(weights, masks.layerWeights(layer)) : weights;
    }

    private static NDArray lookUp(NDArray tokens, NDArray table) {
        return tokens.getNDArrayInternal().embedding(tokens, table, SparseFormat.DENSE).singletonOrThrow();
    }

    private void checkInputs(Shape[] inputs) {
        int expected = 1 + 2 * config.layers();
        if (inputs.length != expected || inputs[0].dimension() != 2) {
            throw new IllegalArgumentException("AwdLstm inputs: expected tokens (T, B) and h, c of "
                    + config.layers() + " layers, found " + List.of(inputs));
        }
        for (int i = 1; i < expected; i++) {
            Shape state = new Shape(1, inputs[0].get(1), config.outputSize((i - 1) / 2));
            if (!inputs[i].equals(state)) {
                throw new IllegalArgumentException(
                        "AwdLstm input " + i + ": expected a state of shape " + state + ", found " + inputs[i]);
            }
        }
    }

    /** {@inheritDoc} */
    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        checkInputs(inputShapes);
        Shape[] outputs = inputShapes.clone();
        outputs[0] = new Shape(inputShapes[0].size(), config.vocabulary());
        return outputs;
    }

    /** {@inheritDoc} */
    @Override
    protected void beforeInitialize(Shape... inputShapes) {
        checkInputs(inputShapes);
        super.beforeInitialize(inputShapes);
    }

    /** {@inheritDoc} */
    @Override
    protected void saveMetadata(DataOutputStream os) throws IOException {
        os.writeUTF(sizes());
        saveInputShapes(os);
    }

    /** {@inheritDoc} */
    @Override
    public void loadMetadata(byte loadVersion, DataInputStream is) throws IOException, MalformedModelException {
        if (loadVersion != VERSION) {
            throw new MalformedModelException("AwdLstm file: expected version " + VERSION + ", found " + loadVersion);
        }
        String found = is.readUTF();
        if (!found.equals(sizes())) {
            throw new MalformedModelException("AwdLstm file: expected " + sizes() + ", found " + found);
        }
        readInputShapes(is);
    }

    private String sizes() {
        return "vocabulary " + config.vocabulary() + ", embedding " + config.embedding() + ", hidden "
                + config.hidden() + ", layers " + config.layers();
    }

    private float layerBound(int layer) {
        return (float) (1 / Math.sqrt(config.outputSize(layer)));
    }

    /** Half the width of the uniform distribution that a parameter starts from. */
    float initialBound(Parameter parameter) {
        if (parameter == bias) {
            return 0;
        }
        if (parameter == embedding) {
            return 0.1f;
        }
        int layer = layers.indexOf(parameter);
        if (layer >= 0) {
            return layerBound(layer);
        }
        throw new IllegalArgumentException("AwdLstm: " + parameter.getName() + " is none of its parameters");
    }
}
