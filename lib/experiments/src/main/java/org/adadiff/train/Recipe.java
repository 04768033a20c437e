package org.adadiff.train;

import java.util.List;
import java.util.OptionalInt;

/**
 * Every hyperparameter of a run. Together with the data, the device and the versions in {@code run.json} it determines
 * the run.
 *
 * @param experiment the network and its data
 * @param optimizer the optimizer
 * @param profile the size that the other numbers came from
 * @param seed where all randomness starts: initial weights, order, augmentation, lengths, dropout
 * @param width the factor on the network's channels or hidden units; 1 is the paper's
 * @param batchSize images, or parallel streams of text, per step
 * @param settings the optimizer's hyperparameters
 * @param schedule the number of epochs, and how the learning rate falls
 * @param limits how much of the data is used
 * @param language what only the language experiments have; null for images
 */
public record Recipe(Experiment experiment, OptimizerName optimizer, Profile profile, long seed, double width, int batchSize,
        OptimizerSettings settings, Schedule schedule, Limits limits, LanguageSettings language) {

    /**
     * Returns the recipe of an experiment.
     *
     * @param experiment the network and its data
     * @param optimizer the optimizer
     * @param profile the size
     * @param seed where all randomness starts
     * @return the recipe
     */
    public static Recipe of(Experiment experiment, OptimizerName optimizer, Profile profile, long seed) {
        Recipe paper = experiment.isLanguage()
                ? new Recipe(experiment, optimizer, profile, seed, 1, 20, OptimizerSettings.language(optimizer),
                        new Schedule(200, List.of(100, 145), 10), Limits.NONE, LanguageSettings.PAPER)
                : new Recipe(experiment, optimizer, profile, seed, 1, 128, OptimizerSettings.images(optimizer),
                        new Schedule(200, List.of(150), 10), Limits.NONE, null);
        return switch (profile) {
            case PAPER -> paper;
            case REDUCED -> reduced(paper);
            // Only to exercise the code: seconds, on a little of the data; one network sees enough of it to learn something
            case SMOKE -> experiment.isLanguage()
                    ? paper.withWidth(0.08).withSchedule(new Schedule(4, List.of(3), 10)).withDropoutScaled(0.25)
                            .withLimits(new Limits(15_000, 2_000, 0))
                    : paper.withWidth(0.0625).withSchedule(new Schedule(3, List.of(2), 10)).withBatchSize(32)
                            .withLimits(new Limits(experiment == Experiment.CIFAR10_RESNET34 ? 800 : 128, 200, 0));
        };
    }

    /**
     * Sizes that let 40 runs end within about five hours of two cores. The learning rate falls near the end, as in the paper;
     * learning rates and all else are the paper's, tuned for nothing.
     */
    private static Recipe reduced(Recipe paper) {
        if (paper.experiment.isLanguage()) { // 6 x 664 steps; a narrow network trained briefly needs little dropout
            return paper.withWidth(0.125).withSchedule(new Schedule(6, List.of(4, 5), 10)).withDropoutScaled(0.25);
        }
        if (paper.experiment.isResNet()) { // 6 x 391 steps
            return paper.withWidth(0.125).withSchedule(new Schedule(6, List.of(4), 10));
        }
        // 5 x 280 steps: an image takes seven times as long as in the ResNet, in batches of any size
        return paper.withWidth(0.5).withSchedule(new Schedule(5, List.of(4), 10)).withBatchSize(32)
                .withLimits(new Limits(8_960, 0, 0));
    }

    /**
     * From which size on arrays are mapped one by one. At full width memory is short: so mapped, DenseNet-121 takes 5.7 GB and not 8,
     * an LSTM 0.9 and not 1.2. A narrow network computes so little on each array that the page faults would double its time. Between
     * them, ResNet-34 stays below PyTorch's memory with no array of less than 8 MiB mapped, in a sixth less time.
     */
    OptionalInt mappedBytes() {
        if (width < 1) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(experiment.isResNet() ? 8 << 20 : 1 << 20);
    }

    /**
     * Returns the learning rate of an epoch.
     *
     * @param epoch from 1
     * @return the step size after the divisions due before this epoch
     */
    public double learningRate(int epoch) {
        return settings.learningRate() * schedule.factor(epoch);
    }

    /**
     * Returns this recipe with another schedule.
     *
     * @param changed the schedule
     * @return the changed recipe
     */
    public Recipe withSchedule(Schedule changed) {
        return new Recipe(experiment, optimizer, profile, seed, width, batchSize, settings, changed, limits, language);
    }

    /**
     * Returns this recipe with other limits.
     *
     * @param changed the limits
     * @return the changed recipe
     */
    public Recipe withLimits(Limits changed) {
        return new Recipe(experiment, optimizer, profile, seed, width, batchSize, settings, schedule, changed, language);
    }

    /**
     * Returns this recipe with other hyperparameters of the optimizer.
     *
     * @param changed the hyperparameters
     * @return the changed recipe
     */
    public Recipe withSettings(OptimizerSettings changed) {
        return new Recipe(experiment, optimizer, profile, seed, width, batchSize, changed, schedule, limits, language);
    }

    private Recipe withWidth(double changed) {
        return new Recipe(experiment, optimizer, profile, seed, changed, batchSize, settings, schedule, limits, language);
    }

    private Recipe withBatchSize(int changed) {
        return new Recipe(experiment, optimizer, profile, seed, width, changed, settings, schedule, limits, language);
    }

    private Recipe withDropoutScaled(double factor) {
        return new Recipe(experiment, optimizer, profile, seed, width, batchSize, settings, schedule, limits,
                language.withDropoutScaled(factor));
    }
}
