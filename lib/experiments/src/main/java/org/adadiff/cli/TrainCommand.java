package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.adadiff.train.Experiment;
import org.adadiff.train.Limits;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import org.adadiff.train.TerminalProgress;
import org.adadiff.train.Training;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code adadiff train}: one run of one experiment. */
@Command(name = "train", description = "Trains a network of one of the paper's experiments and writes a run folder.")
final class TrainCommand implements Callable<Integer> {
    @Option(names = "--experiment", required = true, paramLabel = "ID", description = "${COMPLETION-CANDIDATES}")
    private Experiment experiment;

    @Option(names = "--optimizer", required = true, paramLabel = "NAME", description = "${COMPLETION-CANDIDATES}")
    private OptimizerName optimizer;

    @Option(names = "--profile", required = true, paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}: seconds, up to an hour, or the paper's full size")
    private Profile profile;

    @Option(names = "--seed", required = true, paramLabel = "N", description = "Where all randomness starts.")
    private long seed;

    @Option(names = "--data", paramLabel = "DIR", description = DataCommand.DATA)
    private Path data;

    @Option(names = "--device", paramLabel = "cpu|gpu[:N,…]", defaultValue = "cpu",
            description = "gpu: all GPUs that are visible, each with a share of every batch; gpu:0,1: these (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--run-dir", paramLabel = "DIR",
            description = "Where the run is written (default: data/runs/EXPERIMENT/PROFILE-OPTIMIZER-seedN).")
    private Path runDirectory;

    @Option(names = "--max-steps", paramLabel = "N", defaultValue = "0",
            description = "Stop after so many steps, without an evaluation (default: train to the end).")
    private int maxSteps;

    @Override
    public Integer call() throws IOException {
        Recipe recipe = Recipe.of(experiment, optimizer, profile, seed);
        Limits limits = recipe.limits();
        recipe = recipe.withLimits(new Limits(limits.training(), limits.evaluation(), maxSteps));
        Path directory = runDirectory != null ? runDirectory : Training.defaultRunDirectory(Home.data(), recipe);
        var progress = new TerminalProgress(System.out, System.console() != null);
        Training.run(recipe, new Training.Setup(Home.data(data), device, directory), progress);
        System.out.println("The run is in " + directory);
        return 0;
    }
}
