package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.engine.Mxnet;
import org.adadiff.metric.RunLog;

/** Runs a recipe: the way in for the command line, notebooks and tests. */
public final class Training {
    private Training() {}

    /** Seconds between two checkpoints, unless somebody says otherwise. */
    public static final double CHECKPOINT_SECONDS = 120;

    /**
     * Where a run finds its data and leaves its log, and how it lives on.
     *
     * @param data the data directory; generated samples lie in its folder {@code sample}
     * @param device {@code cpu}, {@code gpu} (all visible GPUs, each with a share of every batch), or some of them: {@code gpu:0,1}
     * @param runDirectory the run folder: new or empty, or with the run that is to be resumed
     * @param resume whether to go on with an unfinished run of the folder; where there is none, it is begun
     * @param checkpointSeconds the time between two checkpoints within an epoch; 0 for one after every step
     * @param stopRequested asked after every step and epoch; once it is true the run is saved and ends
     */
    public record Setup(Path data, String device, Path runDirectory, boolean resume, double checkpointSeconds,
            BooleanSupplier stopRequested) {
        /**
         * A run that is begun in a new or empty folder, and that nothing but its end stops.
         *
         * @param data the data directory
         * @param device the device
         * @param runDirectory the run folder
         */
        public Setup(Path data, String device, Path runDirectory) {
            this(data, device, runDirectory, false, CHECKPOINT_SECONDS, () -> false);
        }

        /**
         * Returns this setup for a run that may have been begun.
         *
         * @return the changed setup
         */
        public Setup resuming() {
            return new Setup(data, device, runDirectory, true, checkpointSeconds, stopRequested);
        }
    }

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
     * Trains and evaluates a network from its initial weights, or from a checkpoint, to the recipe's last epoch. On one CPU the
     * same recipe gives the same rows and weights, times aside, however often it was stopped or killed and resumed. Where there
     * are no data, the smoke profile generates a sample.
     *
     * @param recipe every hyperparameter
     * @param setup data, device, run folder, and how the run lives on
     * @param progress hears how it goes
     * @return the log of the run
     * @throws IOException if data are missing or damaged, another process is at the run, the run folder holds a run that is not to
     *     be resumed or is another one, its checkpoints are damaged, or it cannot be written
     * @throws IllegalArgumentException if there is no such device; the message says what is missing
     * @throws DivergedException if the loss becomes infinite or not a number; the log keeps what was measured
     * @throws StoppedException if the run was asked to stop
     */
    public static RunLog run(Recipe recipe, Setup setup, Progress progress) throws IOException {
        return run(recipe, setup, Devices.of(setup.device()), progress);
    }

    /** Runs on devices that have no name. */
    static RunLog run(Recipe recipe, Setup setup, List<Device> devices, Progress progress) throws IOException {
        provideSample(recipe.experiment(), recipe.profile(), setup.data());
        try (RunLock lock = RunLock.acquire(setup.runDirectory())) {
            try {
                return runLocked(recipe, setup, devices, progress);
            } finally {
                if (RunState.written(setup.runDirectory()) != RunState.UNFINISHED) {
                    lock.delete();
                }
            }
        }
    }

    private static RunLog runLocked(Recipe recipe, Setup setup, List<Device> devices, Progress progress) throws IOException {
        RunState state = RunState.written(setup.runDirectory());
        requireBeginning(state, setup);
        if (state == RunState.DONE) {
            progress.noticed(setup.runDirectory() + ": done already");
            return RunLog.open(setup.runDirectory());
        }
        recipe.mappedBytes().ifPresent(Mxnet::mapArrays);
        try (NDManager manager = Mxnet.engine().newBaseManager(devices.get(0))) {
            Task task = Task.of(recipe, setup.data(), manager, devices);
            var description = new RunDescription(recipe, setup.device(), task);
            var checkpoints = new Checkpoints(description, setup, progress);
            progress.started(recipe, task.isSampleData());
            RunLog log = checkpoints.open(state);
            try (RunOptimizer optimizer = new RunOptimizer(recipe, task.network())) {
                var loop = new TrainingLoop(recipe, task, optimizer, log, checkpoints, progress);
                checkpoints.restore(loop, log);
                train(loop, log, description, task);
            }
            return log;
        } finally {
            RunState left = RunState.written(setup.runDirectory());
            if (left == RunState.DONE || left == RunState.DIVERGED) {
                Checkpoint.delete(setup.runDirectory());
            }
        }
    }

    private static void requireBeginning(RunState state, Setup setup) throws IOException {
        String folder = setup.runDirectory().toString();
        if (state == RunState.UNFINISHED && !setup.resume()) {
            throw new FileAlreadyExistsException(folder, null,
                    "it holds an unfinished run; --resume goes on with it, or delete the folder to start anew");
        }
        if (state == RunState.DONE && !setup.resume()) {
            throw new FileAlreadyExistsException(folder, null,
                    "it holds a run already, which is done; choose another run folder or delete this one");
        }
        if (state == RunState.DIVERGED) {
            throw new FileAlreadyExistsException(folder, null,
                    "it holds a run that diverged, and would again; choose another run folder or delete this one");
        }
    }

    private static void train(TrainingLoop loop, RunLog log, RunDescription description, Task task) throws IOException {
        String status = "failed";
        try {
            loop.run();
            description.weights(Weights.sha256(task.network()));
            status = "done";
        } catch (DivergedException e) {
            status = "diverged: " + e.getMessage();
            throw e;
        } catch (StoppedException e) {
            status = "stopped";
            throw e;
        } finally {
            log.describe(description.ended(status));
        }
    }

    /** Removes a run from its folder, so that it can be begun anew. */
    static void clear(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(RunLog.METRICS));
        Files.deleteIfExists(folder.resolve(RunLog.DESCRIPTION));
        Checkpoint.delete(folder);
    }

    /** Generates the sample that the smoke profile runs on where there are no data, real or generated. */
    static void provideSample(Experiment experiment, Profile profile, Path data) throws IOException {
        if (profile == Profile.SMOKE && !DataDirectory.holds(data, experiment.dataset())) {
            SampleGenerator.generate(data, 1);
        }
    }
}
