package org.adadiff.optimizer;

import ai.djl.training.tracker.Tracker;
import java.util.function.IntToDoubleFunction;

/** Hyperparameters of a run, given alike to the transcription and to the optimizer under test. */
record Settings(
        IntToDoubleFunction learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double clip,
        double rescale,
        boolean amsgrad,
        boolean printedEpsilon,
        boolean accumulatedEpsilon,
        double momentum) {

    static final Settings DEFAULT = new Settings(t -> 1e-3, 0.9, 0.999, 1e-8, 0, -1, 1, false, false, false, 0);

    Settings learningRate(IntToDoubleFunction value) {
        return new Settings(
                value, beta1, beta2, epsilon, weightDecay, clip, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings betas(double b1, double b2) {
        return new Settings(
                learningRate, b1, b2, epsilon, weightDecay, clip, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings epsilon(double value) {
        return new Settings(
                learningRate, beta1, beta2, value, weightDecay, clip, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings weightDecay(double value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, value, clip, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings clip(double value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, value, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings rescale(double value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, clip, value, amsgrad, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings amsgrad(boolean value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, clip, rescale, value, printedEpsilon, accumulatedEpsilon, momentum);
    }

    Settings printedEpsilon(boolean value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, clip, rescale, amsgrad, value, accumulatedEpsilon, momentum);
    }

    Settings accumulatedEpsilon(boolean value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, clip, rescale, amsgrad, printedEpsilon, value, momentum);
    }

    Settings momentum(double value) {
        return new Settings(
                learningRate, beta1, beta2, epsilon, weightDecay, clip, rescale, amsgrad, printedEpsilon, accumulatedEpsilon, value);
    }

    AdaDiff adaDiff() {
        return moments(AdaDiff.builder()).optPrintedEpsilon(printedEpsilon).build();
    }

    AdaBelief adaBelief() {
        return moments(AdaBelief.builder()).build();
    }

    Adam adam() {
        return moments(Adam.builder()).optAccumulatedEpsilon(accumulatedEpsilon).build();
    }

    MomentumSgd sgd() {
        return common(MomentumSgd.builder()).optMomentum(momentum).build();
    }

    private <T extends MomentBuilder<T>> T moments(T builder) {
        return common(builder).optBeta1(beta1).optBeta2(beta2).optEpsilon(epsilon).optAmsgrad(amsgrad);
    }

    private <T extends RateBuilder<T>> T common(T builder) {
        Tracker tracker = t -> (float) learningRate.applyAsDouble(t);
        return builder.optLearningRateTracker(tracker)
                .setRescaleGrad((float) rescale)
                .optWeightDecays((float) weightDecay)
                .optClipGrad((float) clip);
    }
}
