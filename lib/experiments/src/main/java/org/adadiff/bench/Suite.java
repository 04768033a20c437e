package org.adadiff.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What {@code adadiff bench} can measure. */
public enum Suite {
    /** The optimizers' update of all parameters of a network. */
    UPDATE(UpdateSuite.TARGETS, UpdateSuite::measure),
    /** Batches of images, and loading data. */
    INPUT(InputSuite.TARGETS, InputSuite::measure),
    /** Training steps of full-size networks. */
    TRAINING(TrainingSuite.TARGETS, TrainingSuite::measure),
    /** Evaluation of full-size networks. */
    EVALUATION(EvaluationSuite.TARGETS, EvaluationSuite::measure),
    /** From the command to the first training step. */
    STARTUP(StartupSuite.TARGETS, StartupSuite::measure),
    /** Notebooks run headless. */
    RUNNER(RunnerSuite.TARGETS, RunnerSuite::measure),
    /** What a user of the Java kernel waits for. */
    KERNEL(KernelSuite.TARGETS, KernelSuite::measure);

    /** The subject that is this project. */
    static final String OURS = "AdaDiff";
    /** The subject that is PyTorch, its networks and its loop. */
    static final String TORCH = "PyTorch";

    private final List<Target> targets;
    private final Measuring measuring;

    Suite(List<Target> targets, Measuring measuring) {
        this.targets = targets;
        this.measuring = measuring;
    }

    @FunctionalInterface
    private interface Measuring {
        List<Measurement> measure(Setting setting) throws IOException, InterruptedException;
    }

    /**
     * Returns what the measurements are held against.
     *
     * @return the targets, in the order they are reported
     */
    public List<Target> targets() {
        return targets;
    }

    /**
     * Measures. What people may want to read meanwhile goes to standard error.
     *
     * @param setting how
     * @return the measurements; those of PyTorch are missing where it is not installed
     * @throws IOException if a measuring process fails, or data are missing
     * @throws InterruptedException if this thread is interrupted
     */
    public List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        return measuring.measure(setting);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
