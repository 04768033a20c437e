package org.adadiff.bench;

import ai.djl.Device;
import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adadiff.dataset.BpttBatches;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.dataset.PennTreebank;
import org.adadiff.dataset.Split;
import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;
import org.adadiff.train.Experiment;
import org.adadiff.train.Limits;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Progress;
import org.adadiff.train.Recipe;
import org.adadiff.train.Training;

/**
 * This project's side of a comparison, in a process of its own, so that its peak memory is its own: the training that
 * {@code adadiff train} does, cut short. It prints measurements as PyTorch's scripts do.
 */
public final class Trial {
    /** A text long enough for one step, and as few images as make one. */
    private static final int ONE_STEP_TOKENS = 2000;
    private static final int ONE_STEP_IMAGES = 8;

    private static final long SEED = 1;

    private final Network network;
    private final Path data = DataDirectory.resolve(null);
    private final Device device = Setting.ofThisProcess();

    private Trial(Network network) {
        this.network = network;
    }

    /**
     * Measures, and exits with 0; or with 2 where data are missing, which it says.
     *
     * @param arguments {@code training} and the steps that count, or {@code evaluation} and the images or tokens; between them
     *     the network
     */
    public static void main(String[] arguments) {
        Trial trial = new Trial(Network.valueOf(arguments[1]));
        int size = Integer.parseInt(arguments[2]);
        try {
            List<Measurement> measurements = arguments[0].equals("training") ? trial.training(size) : trial.evaluation(size);
            measurements.forEach(measurement -> System.out.println(new Gson().toJson(measurement)));
            System.exit(0); // threads of the native library must not keep the process
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** The throughput of full training steps, the first of which does not count; and the memory of the whole process. */
    private List<Measurement> training(int steps) throws IOException {
        Recipe recipe = recipe().withLimits(new Limits(0, 0, steps + 1));
        List<Long> ends = new ArrayList<>();
        List<Double> waits = new ArrayList<>();
        run(recipe, step -> {
            ends.add(System.nanoTime());
            waits.add(step.dataWait());
        });
        int[] sizes = sizes(recipe);
        double[] throughput = IntStream.rangeClosed(1, steps)
                .mapToDouble(step -> sizes[step] / ((ends.get(step) - ends.get(step - 1)) * 1e-9)).toArray();
        String benchmark = Suite.TRAINING + " " + network;
        List<Measurement> measurements = new ArrayList<>();
        measurements.add(new Measurement(benchmark, Suite.OURS, Measurement.median(throughput), unit()));
        measurements.add(new Measurement(benchmark + ", waiting for data", Suite.OURS,
                Math.max(Double.MIN_NORMAL, 100 * waits.get(steps)), "%")); // above 0, even where nothing was waited for
        if (!device.isGpu()) { // whose own memory is what counts there
            peakMemory().ifPresent(megabytes ->
                    measurements.add(new Measurement(benchmark + ", peak memory", Suite.OURS, megabytes, "MB")));
        }
        return measurements;
    }

    /** The throughput of the evaluation after an epoch; the first epoch's does not count. Each epoch is one small step. */
    private List<Measurement> evaluation(int size) throws IOException {
        boolean language = experiment().isLanguage();
        Recipe recipe = recipe();
        recipe = recipe.withSchedule(recipe.schedule().scaledTo(2)).withLimits(language
                ? new Limits(ONE_STEP_TOKENS, size + 1, 0) // the last token is only a target
                : new Limits(ONE_STEP_IMAGES, size, 0));
        List<MetricRow> rows = run(recipe, step -> {}).rows();
        MetricRow test = rows.get(rows.size() - 1);
        return List.of(new Measurement(Suite.EVALUATION + " " + network, Suite.OURS, size / test.seconds(), unit()));
    }

    private Experiment experiment() {
        return switch (network) {
            case RESNET34 -> Experiment.CIFAR10_RESNET34;
            case DENSENET121 -> Experiment.CIFAR10_DENSENET121;
            case LSTM2 -> Experiment.PTB_LSTM2;
            case LSTM3 -> Experiment.PTB_LSTM3;
        };
    }

    private Recipe recipe() {
        return Recipe.of(experiment(), OptimizerName.ADADIFF, Profile.PAPER, SEED);
    }

    private String unit() {
        return experiment().isLanguage() ? "tokens/s" : "images/s";
    }

    /** Images or tokens of each step of the first epoch. */
    private int[] sizes(Recipe recipe) throws IOException {
        if (!experiment().isLanguage()) {
            return IntStream.generate(recipe::batchSize).limit(recipe.limits().steps()).toArray();
        }
        BpttBatches batches = BpttBatches.random(PennTreebank.load(data).tokens(Split.TRAIN), recipe.batchSize(),
                recipe.language().bptt(), SEED, 1);
        return IntStream.range(0, recipe.limits().steps()).map(step -> batches.length(step) * recipe.batchSize()).toArray();
    }

    /** Trains in a run folder that is thrown away. */
    private RunLog run(Recipe recipe, Consumer<Progress.Step> stepped) throws IOException {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            return Training.run(recipe, new Training.Setup(data, device.isGpu() ? "gpu:0" : "cpu", folder.path()), new Progress() {
                @Override
                public void started(Recipe started, boolean sampleData) {
                    if (sampleData && started.experiment().isLanguage()) {
                        throw new IllegalArgumentException("benchmark: expected the Penn Treebank with its 10,000 words, found a"
                                + " generated sample, whose network is smaller; adadiff data fetch gets the real one");
                    }
                }

                @Override
                public void stepped(Step step) {
                    stepped.accept(step);
                }
            });
        }
    }

    /** Returns the most memory that this process has had, in MB; empty where the system is not Linux. */
    private static OptionalDouble peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return OptionalDouble.empty();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:")).mapToDouble(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024.0)
                    .findFirst();
        }
    }
}
