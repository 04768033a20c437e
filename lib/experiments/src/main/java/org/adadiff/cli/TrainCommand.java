package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.adadiff.train.Experiment;
import org.adadiff.train.Grid;
import org.adadiff.train.Limits;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import org.adadiff.train.RunState;
import org.adadiff.train.StoppedException;
import org.adadiff.train.TerminalProgress;
import org.adadiff.train.Training;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adadiff train}: one run of one experiment, or a grid of runs. */
@Command(name = "train", description = "Trains a network of one of the paper's experiments and writes a run folder; "
        + "with --grid, lists or runs every combination of experiments, optimizers and seeds.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration STOP_LIMIT = Duration.ofHours(1); // more than a step and a checkpoint of the largest network take

    @Spec
    private CommandSpec spec;

    @Option(names = "--experiment", split = ",", paramLabel = "ID",
            description = "${COMPLETION-CANDIDATES}. A grid takes several, all unless told.")
    private List<Experiment> experiments = List.of();

    @Option(names = "--optimizer", split = ",", paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}. A grid takes several, the paper's four unless told.")
    private List<OptimizerName> optimizers = List.of();

    @Option(names = "--profile", required = true, paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}: seconds, up to an hour, or the paper's full size")
    private Profile profile;

    @Option(names = "--seed", split = ",", paramLabel = "N",
            description = "Where all randomness starts. A grid takes several, 1,2,3 unless told.")
    private List<Long> seeds = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = DataCommand.DATA)
    private Path data;

    @Option(names = "--device", paramLabel = "cpu|gpu[:N,…]", defaultValue = "cpu",
            description = "gpu: all GPUs that are visible, each with a share of every batch; gpu:0,1: these (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--runs", paramLabel = "DIR",
            description = "Where runs lie, each in EXPERIMENT/PROFILE-OPTIMIZER-seedN (default: the project's data/runs).")
    private Path runs;

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Where this one run is written, instead of its place in --runs.")
    private Path runDirectory;

    @Option(names = "--max-steps", paramLabel = "N", defaultValue = "0",
            description = "Stop after so many steps, without an evaluation (default: train to the end).")
    private int maxSteps;

    @Option(names = "--resume",
            description = "Go on with a run that was stopped or killed, from its last checkpoint; begin it where there is none. "
                    + "A grid always does.")
    private boolean resume;

    @Option(names = "--checkpoint-every", paramLabel = "SECONDS", defaultValue = "" + Training.CHECKPOINT_SECONDS,
            description = "Save the run so often, and after each epoch (default: ${DEFAULT-VALUE}).")
    private double checkpointSeconds;

    @Option(names = "--grid", description = "List every combination with its index and state, or run what --index says.")
    private boolean grid;

    @Option(names = "--index", paramLabel = "K|all",
            description = "Run one of the grid, or all that are neither ended nor running, one after the other.")
    private String index;

    @Option(names = "--count", description = "Print only how many runs the grid has: indices are 0 to one less.")
    private boolean count;

    @Override
    public Integer call() throws IOException {
        if (!grid) {
            require(index == null && !count, "--index and --count belong to --grid");
            require(experiments.size() == 1 && optimizers.size() == 1 && seeds.size() == 1,
                    "expected one --experiment, one --optimizer and one --seed, found " + experiments + ", " + optimizers + " and " + seeds
                            + "; --grid takes several");
            Recipe recipe = Recipe.of(experiments.get(0), optimizers.get(0), profile, seeds.get(0));
            if (resume) {
                return runOne(recipe);
            }
            run(recipe);
            return 0;
        }
        require(runDirectory == null, "--run-dir is for a single run; --runs places a grid");
        Grid runsOfGrid = Grid.of(profile, experiments.isEmpty() ? Arrays.asList(Experiment.values()) : experiments,
                optimizers.isEmpty() ? Grid.OPTIMIZERS : optimizers, seeds.isEmpty() ? Grid.SEEDS : seeds);
        if (count) {
            System.out.println(runsOfGrid.recipes().size());
            return 0;
        }
        if (index == null) {
            return list(runsOfGrid);
        }
        if (index.equals("all")) {
            return runAll(runsOfGrid);
        }
        require(index.matches("\\d{1,9}"), "--index: expected a number or 'all', found '" + index + "'");
        return runOne(runsOfGrid.recipe(Integer.parseInt(index)));
    }

    private int list(Grid all) throws IOException {
        System.out.printf("%5s  %-10s  %-20s  %-12s  %4s  %s%n", "index", "state", "experiment", "optimizer", "seed", "folder");
        for (int i = 0; i < all.recipes().size(); i++) {
            Recipe recipe = all.recipes().get(i);
            System.out.printf("%5d  %-10s  %-20s  %-12s  %4d  %s%n", i, RunState.of(folder(recipe)), recipe.experiment(),
                    recipe.optimizer(), recipe.seed(), folder(recipe));
        }
        return 0;
    }

    /** Runs what has not ended; a run that has is left as it is, so that a whole array of jobs can be submitted again. */
    private int runOne(Recipe recipe) throws IOException {
        RunState state = RunState.of(folder(recipe));
        if (state == RunState.DONE || state == RunState.DIVERGED) {
            System.out.println(folder(recipe) + ": " + state + " already");
            return state == RunState.DONE ? 0 : Adadiff.FAILED;
        }
        run(recipe);
        return 0;
    }

    private int runAll(Grid all) throws IOException {
        List<String> failures = new ArrayList<>();
        for (Recipe recipe : all.recipes()) {
            if (RunState.of(folder(recipe)) == RunState.RUNNING) {
                System.out.println(folder(recipe) + ": another process is at it");
                continue;
            }
            try {
                if (runOne(recipe) != 0) {
                    failures.add(folder(recipe) + ": " + RunState.DIVERGED);
                }
            } catch (StoppedException e) {
                throw e;
            } catch (IOException | RuntimeException e) { // the others do not depend on it
                failures.add(folder(recipe) + ": " + Adadiff.describe(e));
                System.err.println("adadiff: " + Adadiff.describe(e));
            }
        }
        if (!failures.isEmpty()) {
            System.err.println(failures.size() + " of " + all.recipes().size() + " runs failed:");
            failures.forEach(System.err::println);
        }
        return failures.isEmpty() ? 0 : Adadiff.FAILED;
    }

    private void run(Recipe recipe) throws IOException {
        Limits limits = recipe.limits();
        Recipe limited = recipe.withLimits(new Limits(limits.training(), limits.evaluation(), maxSteps));
        Path directory = folder(recipe);
        var progress = new TerminalProgress(System.out, System.console() != null);
        try (StopSignal signal = new StopSignal(STOP_LIMIT)) {
            train(limited, new Training.Setup(Home.data(data), device, directory, resume || grid, checkpointSeconds, signal::isGiven), progress);
        }
        System.out.println("The run is in " + directory);
    }

    private void train(Recipe recipe, Training.Setup setup, TerminalProgress progress) throws IOException {
        try {
            Training.run(recipe, setup, progress);
        } catch (StoppedException e) {
            System.out.println(e.getMessage() + ". The same command" + (grid ? "" : " with --resume") + " goes on."); // before the process ends
            throw e;
        }
    }

    private Path folder(Recipe recipe) {
        return runDirectory != null ? runDirectory
                : Training.runDirectory(runs != null ? runs : Home.data().resolve("runs"), recipe);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
