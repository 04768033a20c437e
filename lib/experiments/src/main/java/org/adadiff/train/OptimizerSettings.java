package org.adadiff.train;

/**
 * The hyperparameters of an optimizer.
 *
 * @param learningRate the step size before any schedule
 * @param beta1 the decay rate of the first moment; not used by SGD
 * @param beta2 the decay rate of the second moment; not used by SGD
 * @param epsilon what keeps the denominator from zero; not used by SGD
 * @param momentum the momentum of SGD; not used by the others
 * @param weightDecay the coupled (L2) weight decay
 * @param clipNorm the largest global norm of the gradient, beyond which it is scaled down; 0 for none
 */
public record OptimizerSettings(double learningRate, double beta1, double beta2, double epsilon, double momentum,
        double weightDecay, double clipNorm) {

    /**
     * Checks the values as far as all optimizers agree; each checks the rest itself.
     *
     * @param learningRate at least 0 and finite, as all of them
     * @param beta1 at least 0
     * @param beta2 at least 0
     * @param epsilon at least 0
     * @param momentum at least 0
     * @param weightDecay at least 0
     * @param clipNorm at least 0
     * @throws IllegalArgumentException if a number is negative, infinite or not a number
     */
    public OptimizerSettings {
        check("learning rate", learningRate);
        check("beta1", beta1);
        check("beta2", beta2);
        check("epsilon", epsilon);
        check("momentum", momentum);
        check("weight decay", weightDecay);
        check("clip norm", clipNorm);
    }

    private static void check(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + ": expected at least 0 and finite, found " + value);
        }
    }

    static OptimizerSettings images(OptimizerName optimizer) {
        return optimizer == OptimizerName.SGD
                ? new OptimizerSettings(0.01, 0, 0, 0, 0.9, 5e-4, 0)
                : new OptimizerSettings(1e-3, 0.9, 0.999, 1e-8, 0, 5e-4, 0);
    }

    static OptimizerSettings language(OptimizerName optimizer) {
        return switch (optimizer) {
            case SGD -> new OptimizerSettings(30, 0, 0, 0, 0, 1.2e-6, 0.25);
            case ADAM -> new OptimizerSettings(1e-2, 0.9, 0.999, 1e-8, 0, 1.2e-6, 0.25);
            case ADADIFF, ADABELIEF, ADADIFF_PRINTED_EPS, ADAM_ACCUMULATED_EPS ->
                    new OptimizerSettings(1e-2, 0.9, 0.999, 1e-12, 0, 1.2e-6, 0.25);
        };
    }

}
