package org.adadiff.train;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.adadiff.model.ModelParameters;
import org.adadiff.optimizer.AdaBelief;
import org.adadiff.optimizer.AdaDiff;
import org.adadiff.optimizer.Adam;
import org.adadiff.optimizer.AveragedSgd;
import org.adadiff.optimizer.GradientClipping;
import org.adadiff.optimizer.MomentumSgd;
import org.adadiff.optimizer.StatefulOptimizer;

/** A recipe's optimizer, applied to a network: clipping, the update of every parameter, and averaged SGD's switch. */
final class RunOptimizer implements AutoCloseable {
    private final Recipe recipe;
    private final Block network;
    private final List<Parameter> parameters;
    private final Tracker tracker = update -> (float) this.rate;
    private final List<Double> validationLosses = new ArrayList<>();
    private StatefulOptimizer optimizer;
    private double rate;

    RunOptimizer(Recipe recipe, Block network) {
        this.recipe = recipe;
        this.network = network;
        parameters = ModelParameters.trainable(network);
        optimizer = build(recipe.settings());
    }

    private StatefulOptimizer build(OptimizerSettings s) {
        float weightDecay = (float) s.weightDecay();
        return switch (recipe.optimizer()) {
            case ADADIFF, ADADIFF_PRINTED_EPS -> AdaDiff.builder().optLearningRateTracker(tracker).optBeta1(s.beta1())
                    .optBeta2(s.beta2()).optEpsilon(s.epsilon()).optWeightDecays(weightDecay)
                    .optPrintedEpsilon(recipe.optimizer() == OptimizerName.ADADIFF_PRINTED_EPS).build();
            case ADABELIEF -> AdaBelief.builder().optLearningRateTracker(tracker).optBeta1(s.beta1()).optBeta2(s.beta2())
                    .optEpsilon(s.epsilon()).optWeightDecays(weightDecay).build();
            case ADAM, ADAM_ACCUMULATED_EPS -> Adam.builder().optLearningRateTracker(tracker).optBeta1(s.beta1())
                    .optBeta2(s.beta2()).optEpsilon(s.epsilon()).optWeightDecays(weightDecay)
                    .optAccumulatedEpsilon(recipe.optimizer() == OptimizerName.ADAM_ACCUMULATED_EPS).build();
            case SGD -> MomentumSgd.builder().optLearningRateTracker(tracker).optMomentum(s.momentum())
                    .optWeightDecays(weightDecay).build();
        };
    }

    /** Updates every parameter from its gradient. */
    void step(double learningRate) {
        rate = learningRate;
        List<NDArray> gradients = parameters.stream().map(parameter -> parameter.getArray().getGradient()).toList();
        try {
            if (recipe.settings().clipNorm() > 0) {
                GradientClipping.clipByGlobalNorm(gradients, recipe.settings().clipNorm());
            }
            for (int i = 0; i < gradients.size(); i++) {
                Parameter parameter = parameters.get(i);
                optimizer.update(parameter.getId(), parameter.getArray(), gradients.get(i));
            }
        } finally {
            gradients.forEach(NDArray::close);
        }
    }

    /** Puts the weights in place that are to be evaluated: once SGD averages them, the averages. */
    void beginEvaluation() {
        swapAverages();
    }

    /** Puts the weights back that training goes on with. */
    void endEvaluation() {
        swapAverages();
    }

    private void swapAverages() {
        if (optimizer instanceof AveragedSgd averaged) {
            averaged.swapAverages(network.getParameters());
        }
    }

    /**
     * Takes note of an epoch's validation loss. SGD on language starts to average its weights once the loss is worse
     * than the best of all but the last few epochs (non-monotonically triggered, Merity et al., 2018, algorithm 1).
     */
    void validated(double loss) {
        if (recipe.optimizer() != OptimizerName.SGD || optimizer instanceof AveragedSgd) {
            return;
        }
        int old = validationLosses.size() - recipe.language().averageAfter();
        if (old > 0 && loss > Collections.min(validationLosses.subList(0, old))) {
            beginAveraging();
        }
        validationLosses.add(loss);
    }

    private void beginAveraging() {
        optimizer.close();
        optimizer = AveragedSgd.builder().optLearningRateTracker(tracker)
                .optWeightDecays((float) recipe.settings().weightDecay()).build();
    }

    /** Writes all that a later update depends on, but for the parameters and the learning rate. */
    void save(DataOutputStream out) throws IOException {
        out.writeBoolean(optimizer instanceof AveragedSgd);
        out.writeInt(validationLosses.size());
        for (double loss : validationLosses) {
            out.writeDouble(loss);
        }
        optimizer.saveState(out, network.getParameters());
    }

    /** Goes on from what {@link #save} wrote. */
    void restore(DataInputStream in) throws IOException {
        if (in.readBoolean()) {
            beginAveraging();
        }
        validationLosses.clear();
        for (int count = in.readInt(); count > 0; count--) {
            validationLosses.add(in.readDouble());
        }
        optimizer.loadState(in, network.getParameters());
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
