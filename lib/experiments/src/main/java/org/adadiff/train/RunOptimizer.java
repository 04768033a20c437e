package org.adadiff.train;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.adadiff.model.ModelParameters;
import org.adadiff.optimizer.AdaBelief;
import org.adadiff.optimizer.AdaDiff;
import org.adadiff.optimizer.StatefulOptimizer;

/** A recipe's optimizer, applied to a network: clipping, the update of every parameter, and averaged SGD's switch. */
final class RunOptimizer implements AutoCloseable {
    private final Recipe recipe;
    private final List<Parameter> parameters;
    private final Optimizer optimizer;
    private final List<Double> validationLosses = new ArrayList<>();
    private double rate;

    RunOptimizer(Recipe recipe, Block network) {
        this.recipe = recipe;
        parameters = ModelParameters.trainable(network);
        optimizer = build(recipe.settings());
    }

    private Optimizer build(OptimizerSettings s) {
        Tracker tracker = update -> (float) rate;
        float weightDecay = (float) s.weightDecay();
        return switch (recipe.optimizer()) {
            case ADADIFF -> AdaDiff.builder().optLearningRateTracker(tracker).optBeta1(s.beta1()).optBeta2(s.beta2())
                    .optEpsilon(s.epsilon()).optWeightDecays(weightDecay).build();
            case ADABELIEF -> AdaBelief.builder().optLearningRateTracker(tracker).optBeta1(s.beta1()).optBeta2(s.beta2())
                    .optEpsilon(s.epsilon()).optWeightDecays(weightDecay).build();
            case ADAM -> Optimizer.adam().optLearningRateTracker(tracker).optBeta1((float) s.beta1())
                    .optBeta2((float) s.beta2()).optEpsilon((float) s.epsilon()).optWeightDecays(weightDecay).build();
            case SGD -> Optimizer.sgd().setLearningRateTracker(tracker).optMomentum((float) s.momentum())
                            .optWeightDecays(weightDecay).build();
        };
    }

    /** Updates every parameter from its gradient. */
    void step(double learningRate) {
        rate = learningRate;
        List<NDArray> gradients = parameters.stream().map(parameter -> parameter.getArray().getGradient()).toList();
        try {
            if (recipe.settings().clipNorm() > 0) {
                
            }
            for (int i = 0; i < gradients.size(); i++) {
                Parameter parameter = parameters.get(i);
                optimizer.update(parameter.getId(), parameter.getArray(), gradients.get(i));
            }
        } finally {
            gradients.forEach(NDArray::close);
        }
    }

    /** Puts the weights in place that are to be evaluated. */
    void beginEvaluation() {
    }

    /** Puts the weights back that training goes on with. */
    void endEvaluation() {
    }

    /** Takes note of an epoch's validation loss, on which averaging starts. */
    void validated(double loss) {
    }

    @Override
    public void close() {
        if (optimizer instanceof StatefulOptimizer stateful) {
            stateful.close();
        }
    }
}
