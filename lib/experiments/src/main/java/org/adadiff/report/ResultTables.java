package org.adadiff.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables of final test results, the paper's beside ours. */
public final class ResultTables {
    private static final String NOT_RUN = "not run";

    private static final Map<String, String> NAMES = Map.of(
            "cifar10-resnet34", "CIFAR-10, ResNet-34",
            "cifar10-densenet121", "CIFAR-10, DenseNet-121",
            "cifar100-resnet34", "CIFAR-100, ResNet-34",
            "cifar100-densenet121", "CIFAR-100, DenseNet-121",
            "ptb-lstm2", "Penn Treebank, 2-layer LSTM",
            "ptb-lstm3", "Penn Treebank, 3-layer LSTM");

    private ResultTables() {
    }

    /**
     * The paper's Table 2: test perplexity on Penn Treebank.
     *
     * @param runs  any runs; what is missing reads "not run"
     * @param paper the published numbers
     * @return a row for each network and optimizer
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer, or runs of several profiles
     */
    public static TableView table2(List<Run> runs, PaperResults paper) {
        return comparison("Table 2. Test perplexity on Penn Treebank (lower is better)", List.of("ptb-lstm2", "ptb-lstm3"), runs, paper);
    }

    /**
     * Final test accuracies on CIFAR, the ends of the curves in the paper's Figure 1.
     *
     * @param runs  any runs; what is missing reads "not run"
     * @param paper the published numbers
     * @return a row for each network and optimizer
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer, or runs of several profiles
     */
    public static TableView accuracies(List<Run> runs, PaperResults paper) {
        return comparison("Final test accuracy on CIFAR, in percent (higher is better)",
                List.of("cifar10-resnet34", "cifar10-densenet121", "cifar100-resnet34", "cifar100-densenet121"), runs, paper);
    }

    /**
     * One experiment's final test results.
     *
     * @param experiment the experiment's id
     * @param runs       any runs; what is missing reads "not run"
     * @param paper      the published numbers
     * @return a row for each optimizer
     * @throws IllegalArgumentException if the experiment has a seed twice for one optimizer, or runs of several profiles
     */
    public static TableView experiment(String experiment, List<Run> runs, PaperResults paper) {
        String what = experiment.startsWith("ptb-") ? "test perplexity (lower is better)" : "test accuracy in percent (higher is better)";
        return comparison(NAMES.getOrDefault(experiment, experiment) + ": " + what, List.of(experiment), runs, paper);
    }

    private static TableView comparison(String title, List<String> experiments, List<Run> runs, PaperResults paper) {
        var network = StringColumn.create("experiment");
        var optimizer = StringColumn.create("optimizer");
        var published = StringColumn.create("paper");
        var ours = StringColumn.create("ours");
        var difference = StringColumn.create("difference");
        var count = StringColumn.create("n");
        var profiles = new TreeSet<String>();
        var unequal = new ArrayList<String>();
        var incomplete = new ArrayList<String>();
        boolean sample = false;
        for (String experiment : experiments) {
            Map<String, List<Run>> byOptimizer = RunCurves.byOptimizer(runs, experiment);
            Set<String> optimizers = new LinkedHashSet<>(LineStyle.OPTIMIZERS);
            optimizers.addAll(byOptimizer.keySet());
            // Perplexities are printed with two decimals, accuracies read off a plot to a tenth
            int decimals = experiment.startsWith("ptb-") ? 2 : 1;
            for (String name : optimizers) {
                List<Run> group = byOptimizer.getOrDefault(name, List.of()).stream().filter(run -> run.last("test").isPresent()).toList();
                double[] finals = group.stream().mapToDouble(run -> run.last("test").orElseThrow()).toArray();
                for (Run run : group) {
                    profiles.add(run.profile());
                    sample |= run.sample();
                    if (!run.status().equals("done")) {
                        incomplete.add(name + " on " + experiment + ", seed " + run.seed() + " (" + run.status() + ")");
                    }
                }
                unequalLengths(group).ifPresent(epochs -> unequal.add(name + " on " + experiment + " (epochs " + epochs + ")"));
                Optional<PaperResults.Result> result = paper.result(experiment, name);
                network.append(NAMES.getOrDefault(experiment, experiment));
                optimizer.append(name);
                published.append(result.map(r -> meanAndSpread(r.mean(), r.sd(), decimals)).orElse(Numbers.MISSING));
                ours.append(finals.length == 0 ? NOT_RUN : meanAndSpread(mean(finals), sampleDeviation(finals), 2));
                difference.append(finals.length == 0 || result.isEmpty() ? Numbers.MISSING
                        : Numbers.signed(mean(finals) - result.get().mean(), decimals));
                count.append(Integer.toString(finals.length));
            }
        }
        var caption = new StringBuilder("Ours: test result after the last epoch, mean ± sample standard deviation over n seeds");
        caption.append(profiles.isEmpty() ? "." : "; profile: " + String.join(", ", profiles) + ".");
        if (!profiles.isEmpty() && !profiles.equals(Set.of("paper"))) {
            caption.append(" Only the paper profile trains what the paper trained: the difference tells how far this size is from it.");
        }
        if (sample) {
            caption.append("\nTrained on generated sample data: these numbers say nothing of the real data set.");
        }
        if (!incomplete.isEmpty()) {
            caption.append("\nNot complete: ").append(String.join(", ", incomplete)).append('.');
        }
        if (!unequal.isEmpty()) {
            caption.append("\nRuns of unequal length: ").append(String.join(", ", unequal)).append('.');
        }
        if (experiments.stream().anyMatch(id -> id.startsWith("cifar"))) {
            caption.append("\nPaper: read off Figure 1, ±0.2.");
        }
        var table = Table.create(title, optimizer, published, ours, difference, count);
        if (experiments.size() > 1) {
            table.insertColumn(0, network);
        }
        return TableView.of(table)
                .right("paper", "ours", "difference", "n").caption(caption.toString());
    }

    /** The last epochs of runs, if they are not all the same. */
    private static Optional<String> unequalLengths(List<Run> group) {
        int[] epochs = group.stream().mapToInt(run -> run.rows().stream().filter(row -> row.split().equals("test"))
                .mapToInt(row -> row.epoch()).max().orElse(0)).distinct().sorted().toArray();
        return epochs.length < 2 ? Optional.empty() : Optional.of(epochs[0] + " to " + epochs[epochs.length - 1]);
    }

    private static String meanAndSpread(double mean, OptionalDouble sd, int decimals) {
        return Numbers.fixed(mean, decimals) + (sd.isPresent() ? " ± " + Numbers.fixed(sd.getAsDouble(), decimals) : "");
    }

    private static double mean(double[] values) {
        return DoubleStream.of(values).average().orElseThrow();
    }

    /** The standard deviation with n - 1, as the paper's; a single run has none. */
    private static OptionalDouble sampleDeviation(double[] values) {
        if (values.length < 2) {
            return OptionalDouble.empty();
        }
        double mean = mean(values);
        double squares = DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
        return OptionalDouble.of(Math.sqrt(squares / (values.length - 1)));
    }
}
