package org.adadiff.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.adadiff.train.OptimizerName;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables of final test results, the paper's beside ours. */
public final class ResultTables {
    /** The paper's Table 2. */
    static final List<String> LANGUAGE = List.of("ptb-lstm2", "ptb-lstm3");
    /** The panels of the paper's Figure 1. */
    static final List<String> IMAGES =
            List.of("cifar10-resnet34", "cifar10-densenet121", "cifar100-resnet34", "cifar100-densenet121");
    /** What the difference term of AdaDiff brings, and what its epsilon. */
    static final List<String> ABLATION = Stream.of(OptimizerName.ADADIFF, OptimizerName.ADADIFF_PRINTED_EPS, OptimizerName.ADAM,
            OptimizerName.ADAM_ACCUMULATED_EPS).map(OptimizerName::title).toList();

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
        return comparison("Table 2. Test perplexity on Penn Treebank (lower is better)", outcomes(LANGUAGE, runs, paper));
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
        return comparison("Final test accuracy on CIFAR, in percent (higher is better)", outcomes(IMAGES, runs, paper));
    }

    /**
     * What AdaDiff's difference term brings, and what its way with epsilon: both with either.
     *
     * @param runs  any runs; what is missing reads "not run"
     * @param paper the published numbers
     * @return a row for each experiment that was run and for each of the four optimizers
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer, or runs of several profiles
     */
    public static TableView ablation(List<Run> runs, PaperResults paper) {
        return comparison("Ablation: test perplexity (lower is better) and test accuracy in percent (higher is better)",
                ablationOutcomes(runs, paper));
    }

    /**
     * One experiment's final test results.
     *
     * @param experiment the experiment's id
     * @param runs       any runs; what is missing reads "not run"
     * @param paper      the published numbers
     * @return a row for each optimizer: the paper's, then any other that was run
     * @throws IllegalArgumentException if the experiment has a seed twice for one optimizer, or runs of several profiles
     */
    public static TableView experiment(String experiment, List<Run> runs, PaperResults paper) {
        String what = experiment.startsWith("ptb-") ? "test perplexity (lower is better)" : "test accuracy in percent (higher is better)";
        Set<String> optimizers = new LinkedHashSet<>(LineStyle.OPTIMIZERS);
        optimizers.addAll(RunCurves.byOptimizer(runs, experiment).keySet());
        return comparison(title(experiment) + ": " + what, outcomes(experiment, optimizers, runs, paper));
    }

    /** An experiment's name for people. */
    static String title(String experiment) {
        return NAMES.getOrDefault(experiment, experiment);
    }

    /** The outcomes of the paper's optimizers. */
    static List<Outcome> outcomes(List<String> experiments, List<Run> runs, PaperResults paper) {
        return experiments.stream().flatMap(id -> outcomes(id, LineStyle.OPTIMIZERS, runs, paper).stream()).toList();
    }

    /** Only of experiments with a run of a variant: the others say nothing here. */
    static List<Outcome> ablationOutcomes(List<Run> runs, PaperResults paper) {
        List<String> variants = ABLATION.stream().filter(name -> !LineStyle.OPTIMIZERS.contains(name)).toList();
        List<String> experiments = NAMES.keySet().stream().sorted().filter(id -> runs.stream().anyMatch(run ->
                run.experiment().equals(id) && variants.contains(LineStyle.canonicalName(run.optimizer())))).toList();
        return (experiments.isEmpty() ? List.of("ptb-lstm2") : experiments).stream()
                .flatMap(id -> outcomes(id, ABLATION, runs, paper).stream()).toList();
    }

    private static List<Outcome> outcomes(String experiment, Iterable<String> optimizers, List<Run> runs, PaperResults paper) {
        Map<String, List<Run>> byOptimizer = RunCurves.byOptimizer(runs, experiment);
        var outcomes = new ArrayList<Outcome>();
        for (String name : optimizers) {
            outcomes.add(new Outcome(experiment, name, paper.result(experiment, name), byOptimizer.getOrDefault(name, List.of())));
        }
        return outcomes;
    }

    static TableView comparison(String title, List<Outcome> outcomes) {
        var network = StringColumn.create("experiment");
        var optimizer = StringColumn.create("optimizer");
        var published = StringColumn.create("paper");
        var ours = StringColumn.create("ours");
        var difference = StringColumn.create("difference");
        var count = StringColumn.create("n");
        for (Outcome outcome : outcomes) {
            // Perplexities are printed with two decimals, accuracies read off a plot to a tenth
            int decimals = outcome.experiment().startsWith("ptb-") ? 2 : 1;
            network.append(title(outcome.experiment()));
            optimizer.append(outcome.optimizer());
            published.append(outcome.published(decimals));
            ours.append(outcome.measured());
            difference.append(outcome.difference(decimals));
            count.append(Integer.toString(outcome.n()));
        }
        var table = Table.create(title, optimizer, published, ours, difference, count);
        if (!title.startsWith(title(outcomes.get(0).experiment()))) { // else every row would repeat the title
            table.insertColumn(0, network);
        }
        return TableView.of(table).links("runs by seed", outcomes.stream().map(Outcome::seeds).toList())
                .right("paper", "ours", "difference", "n").caption(caption(outcomes));
    }

    /** The same numbers for programs: every digit, spread and n by themselves. */
    static Table numbers(String name, List<Outcome> outcomes) {
        var texts = List.of(StringColumn.create("experiment"), StringColumn.create("optimizer"), StringColumn.create("data"),
                StringColumn.create("runs"));
        var numbers = Stream.of("paper_mean", "paper_sd", "paper_n", "mean", "sd", "n").map(DoubleColumn::create).toList();
        for (Outcome outcome : outcomes) {
            texts.get(0).append(outcome.experiment());
            texts.get(1).append(outcome.optimizer());
            texts.get(2).append(outcome.runs().stream().map(run -> run.data().toString()).distinct().collect(Collectors.joining("; ")));
            texts.get(3).append(outcome.complete().stream().map(run -> run.directory().getFileName().toString())
                    .collect(Collectors.joining("; ")));
            // No number is an empty cell
            numbers.get(0).append(outcome.paper().map(PaperResults.Result::mean).orElse(Double.NaN));
            numbers.get(1).append(outcome.paper().flatMap(result -> result.sd().stream().boxed().findFirst()).orElse(Double.NaN));
            numbers.get(2).append(outcome.paper().map(result -> (double) result.n()).filter(n -> n > 0).orElse(Double.NaN));
            numbers.get(3).append(outcome.mean().orElse(Double.NaN));
            numbers.get(4).append(outcome.deviation().orElse(Double.NaN));
            numbers.get(5).append(outcome.n());
        }
        return Table.create(name, texts.get(0), texts.get(1)).addColumns(numbers.toArray(DoubleColumn[]::new))
                .addColumns(texts.get(2), texts.get(3));
    }

    private static String caption(List<Outcome> outcomes) {
        List<Run> runs = outcomes.stream().flatMap(outcome -> outcome.runs().stream()).toList();
        var profiles = new TreeSet<String>(runs.stream().map(Run::profile).toList());
        var lines = new ArrayList<String>();
        lines.add("Ours: test result after the last epoch, mean ± sample standard deviation over n seeds"
                + (profiles.isEmpty() ? "." : "; profile: " + String.join(", ", profiles) + ".")
                + (profiles.isEmpty() || profiles.equals(Set.of("paper")) ? ""
                        : " Only the paper profile trains what the paper trained: the difference tells how far this size is from it."));
        for (RunData data : new TreeSet<>(runs.stream().map(Run::data).toList())) {
            List<String> names = runs.stream().filter(run -> run.data() == data)
                    .map(run -> title(run.experiment()).replaceFirst(",.*", "")).distinct().sorted().toList();
            switch (data) {
                case SAMPLE -> lines.add("Trained on generated sample data: these numbers say nothing of the real data set.");
                case OTHER_FILES -> lines.add("Data: the files of " + String.join(" and ", names)
                        + " were not the official ones (see the checksums in run.json); the official ones may give other numbers.");
                case OTHER_ORDER -> lines.add("Data: the official images of " + String.join(" and ", names) + " in another order.");
                default -> { } // the official ones go without saying
            }
        }
        List<String> incomplete = runs.stream().filter(run -> !run.complete()).map(run -> LineStyle.canonicalName(run.optimizer()) + " on "
                + run.experiment() + ", seed " + run.seed() + " (" + run.status() + ")").toList();
        if (!incomplete.isEmpty()) {
            lines.add("Not complete, and not counted: " + String.join(", ", incomplete) + '.');
        }
        List<String> unequal = outcomes.stream().filter(outcome -> lengths(outcome).size() > 1).map(outcome -> outcome.optimizer() + " on "
                + outcome.experiment() + " (epochs " + lengths(outcome).first() + " to " + lengths(outcome).last() + ")").toList();
        if (!unequal.isEmpty()) {
            lines.add("Runs of unequal length: " + String.join(", ", unequal) + '.');
        }
        if (outcomes.stream().anyMatch(outcome -> outcome.experiment().startsWith("cifar"))) {
            lines.add("Paper: read off Figure 1, ±0.2.");
        }
        return String.join("\n", lines);
    }

    private static TreeSet<Integer> lengths(Outcome outcome) {
        return new TreeSet<>(outcome.complete().stream().map(Run::epoch).toList());
    }
}
