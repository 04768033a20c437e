package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.engine.Mxnet;
import org.adadiff.metric.RunLog;

/** Runs a recipe: the way in for the command line, notebooks and tests. */
public final class Training {
    private Training() {}

    /**
     * Where a run finds its data and leaves its log.
     *
     * @param data the data directory; generated samples lie in its folder {@code sample}
     * @param device {@code cpu}, {@code gpu} (all visible GPUs, each with a share of every batch), or some of them: {@code gpu:0,1}
     * @param runDirectory the run folder, new or empty
     */
    public record Setup(Path data, String device, Path runDirectory) {}

    /**
     * Returns where a run is written unless somebody says otherwise.
     *
     * @param data the project's data directory
     * @param recipe the run
     * @return {@code runs/EXPERIMENT/PROFILE-OPTIMIZER-seedN} below the data directory
     */
    public static Path defaultRunDirectory(Path data, Recipe recipe) {
        return runDirectory(data.resolve("runs"), recipe);
    }

    /**
     * Returns a run's place among others.
     *
     * @param runs the folder that holds all runs
     * @param recipe the run
     * @return {@code EXPERIMENT/PROFILE-OPTIMIZER-seedN} below it
     */
    public static Path runDirectory(Path runs, Recipe recipe) {
        return runs.resolve(recipe.experiment().id())
                .resolve(recipe.profile() + "-" + recipe.optimizer() + "-seed" + recipe.seed());
    }

    /**
     * Trains and evaluates a network from its initial weights to the recipe's last epoch. On one CPU the same recipe
     * gives the same rows, times aside. Where there are no data, the smoke profile generates a sample.
     *
     * @param recipe every hyperparameter
     * @param setup data, device and run folder
     * @param progress hears how it goes
     * @return the log of the run
     * @throws IOException if data are missing or damaged, or the run folder holds a run or cannot be written
     * @throws IllegalArgumentException if there is no such device; the message says what is missing
     * @throws DivergedException if the loss becomes infinite or not a number; the log keeps what was measured
     */
    public static RunLog run(Recipe recipe, Setup setup, Progress progress) throws IOException {
        return run(recipe, setup, Devices.of(setup.device()), progress);
    }

    /** Runs on devices that have no name. */
    static RunLog run(Recipe recipe, Setup setup, List<Device> devices, Progress progress) throws IOException {
        provideSample(recipe.experiment(), recipe.profile(), setup.data());
        try (NDManager manager = Mxnet.engine().newBaseManager(devices.get(0))) {
            Task task = Task.of(recipe, setup.data(), manager, devices);
            RunDescription description = new RunDescription(recipe, setup.device(), task);
            RunLog log = RunLog.create(setup.runDirectory(), description.values());
            String status = "failed";
            try (RunOptimizer optimizer = new RunOptimizer(recipe, task.network())) {
                progress.started(recipe, task.isSampleData());
                new TrainingLoop(recipe, task, optimizer, log, progress).run();
                status = "done";
            } catch (DivergedException e) {
                status = "diverged: " + e.getMessage();
                throw e;
            } finally {
                log.describe(description.ended(status));
            }
            return log;
        }
    }

    /** Generates the sample that the smoke profile runs on where there are no data, real or generated. */
    static void provideSample(Experiment experiment, Profile profile, Path data) throws IOException {
        if (profile == Profile.SMOKE && !DataDirectory.holds(data, experiment.dataset())) {
            SampleGenerator.generate(data, 1);
        }
    }
}
