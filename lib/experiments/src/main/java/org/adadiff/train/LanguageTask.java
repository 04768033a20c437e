package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.adadiff.dataset.BpttBatches;
import org.adadiff.dataset.PennTreebank;
import org.adadiff.dataset.Split;
import org.adadiff.engine.Floats;
import org.adadiff.metric.EpochAverage;
import org.adadiff.model.AwdLstm;
import org.adadiff.model.AwdLstmConfig;
import org.adadiff.model.AwdLstmLoss;
import org.adadiff.model.Initialisation;

/** Language modelling: the Penn Treebank with an AWD-LSTM, by truncated back-propagation through time. */
final class LanguageTask implements Task {
    /**
     * Tokens evaluated in one pass. The state is carried, so the lengths of the sequences make no difference but to the speed:
     * each pass reorders the weights.
     */
    private static final int EVALUATED_TOKENS = 700;

    private final Recipe recipe;
    private final NDManager manager;
    private final Replicas replicas;
    private final PennTreebank corpus;
    private final AwdLstm network;
    private final AwdLstmLoss loss;

    LanguageTask(Recipe recipe, Path data, NDManager manager, List<Device> devices) throws IOException {
        this.recipe = recipe;
        this.manager = manager;
        corpus = PennTreebank.load(data);
        LanguageSettings language = recipe.language();
        network = new AwdLstm(AwdLstmConfig
                .pennTreebank(corpus.vocabularySize(), recipe.experiment().lstmLayers(), recipe.width())
                .withDropout(language.outputDropout(), language.hiddenDropout(), language.inputDropout(),
                        language.embeddingDropout(), language.weightDropout()));
        loss = new AwdLstmLoss((float) language.activationRegularisation(), (float) language.temporalRegularisation());
        try (NDManager temporary = manager.newSubManager()) {
            NDList state = network.zeroState(temporary, recipe.batchSize());
            NDList inputs = new NDList(temporary.zeros(new Shape(language.bptt(), recipe.batchSize()))).addAll(state);
            Initialisation.apply(network, manager, inputs.getShapes(), recipe.seed());
        }
        replicas = new Replicas(network, manager, devices);
    }

    @Override
    public Block network() {
        return network;
    }

    @Override
    public List<Path> dataFiles() {
        return corpus.files();
    }

    @Override
    public boolean isSampleData() {
        return corpus.isSample();
    }

    @Override
    public Steps begin(int epoch, int done, byte[] carried) throws IOException {
        int[] text = limited(corpus.tokens(Split.TRAIN), recipe.limits().training());
        var steps = new LanguageSteps(
                BpttBatches.random(text, recipe.batchSize(), recipe.language().bptt(), recipe.seed(), epoch), done, carried);
        network.seedDropout(recipe.seed() * 1_000_003 + epoch, (long) done * steps.states.size());
        return steps;
    }

    private static int[] limited(int[] text, int limit) {
        return limit == 0 || limit >= text.length ? text : Arrays.copyOf(text, limit);
    }

    @Override
    public List<Split> evaluated() {
        return List.of(Split.VALID, Split.TEST);
    }

    @Override
    public EpochAverage evaluate(Split split) {
        int[] text = limited(corpus.tokens(split), recipe.limits().evaluation());
        int streams = split == Split.VALID ? recipe.language().validationBatch() : recipe.language().testBatch();
        EpochAverage average = new EpochAverage();
        try (CarriedState state = new CarriedState(replicas.first(), streams)) {
            for (BpttBatches.Sequence batch : BpttBatches.fixed(text, streams, EVALUATED_TOKENS / streams).batches(manager, 0)) {
                try (batch) {
                    NDList outputs = network.forward(replicas.first(), state.with(batch.tokens()), false);
                    average.add(AwdLstmLoss.crossEntropy(outputs.head(), batch.targets()).getFloat(), batch.targets().size(), 0);
                    state.carry(outputs);
                }
            }
        }
        return average;
    }

    @Override
    public double metric(EpochAverage average) {
        return average.perplexity();
    }

    /** The hidden state that goes from batch to batch, cut off from the gradients of the batch before. */
    private final class CarriedState implements AutoCloseable {
        private final NDManager owner; // on the device
        private NDList state;

        private CarriedState(ParameterStore weights, int streams) {
            owner = weights.getManager();
            state = network.zeroState(owner, streams);
        }

        private NDList with(NDArray tokens) {
            return new NDList(tokens).addAll(state);
        }

        private void carry(NDList outputs) {
            NDList next = network.detachedState(outputs, owner);
            state.close();
            state = next;
        }

        @Override
        public void close() {
            state.close();
        }
    }

    private final class LanguageSteps implements Steps {
        private final BpttBatches batches;
        private final List<CarriedState> states;
        private BpttBatches.Sequence batch;
        private int index;

        private LanguageSteps(BpttBatches batches, int done, byte[] carried) throws IOException {
            this.batches = batches;
            index = done;
            states = replicas.split(recipe.batchSize()).stream()
                    .map(share -> new CarriedState(share.store(), share.size())).toList();
            if (carried != null) {
                DataInputStream in = new DataInputStream(new ByteArrayInputStream(carried));
                for (CarriedState state : states) {
                    for (NDArray array : state.state) {
                        Floats.read(in, array);
                    }
                }
            }
        }

        @Override
        public int count() {
            return batches.size();
        }

        @Override
        public boolean next() {
            closeBatch();
            if (index == batches.size()) {
                return false;
            }
            batch = batches.batch(manager, index++);
            return true;
        }

        /** Longer sequences give a mean over more tokens, so they may step further (Merity et al., 2018, section 5). */
        @Override
        public double rateFactor() {
            return (double) batch.drawnLength() / recipe.language().bptt();
        }

        @Override
        public double backward(EpochAverage average) {
            List<Replicas.Share> shares = replicas.split(recipe.batchSize());
            NDArray targets = batch.targets().reshape(batch.tokens().getShape()); // (T, B)
            List<NDArray> losses = new ArrayList<>();
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                for (int i = 0; i < shares.size(); i++) {
                    Replicas.Share share = shares.get(i);
                    CarriedState state = states.get(i);
                    NDList outputs = network.forward(share.store(), state.with(share.of(batch.tokens(), 1)), true);
                    AwdLstmLoss.Terms terms =
                            loss.backward(collector, network, share.store(), outputs, share.of(targets, 1), share.weight());
                    losses.add(share.weighted(terms.crossEntropy()));
                    state.carry(outputs);
                }
            }
            replicas.sumGradients();
            double meanLoss = losses.stream().mapToDouble(NDArray::getFloat).sum();
            average.add(meanLoss, targets.size(), 0);
            closeBatch(); // with all that was computed from it: the update then needs no memory on top of that
            return meanLoss;
        }

        @Override
        public byte[] carried() throws IOException {
            var bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            for (CarriedState state : states) {
                for (NDArray array : state.state) {
                    Floats.write(out, array);
                }
            }
            return bytes.toByteArray();
        }

        private void closeBatch() {
            if (batch != null) {
                batch.close();
                batch = null;
            }
        }

        @Override
        public void close() {
            closeBatch();
            states.forEach(CarriedState::close);
        }
    }
}
