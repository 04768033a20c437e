package org.adadiff.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What one optimizer reached in one experiment: the paper's number, and ours from the test results after the last epoch.
 * Only runs that reached their last epoch count.
 *
 * @param experiment the experiment's id
 * @param optimizer  the optimizer as people write it
 * @param paper      the published result, if there is one
 * @param runs       all our runs of it, complete or not, each seed once
 */
record Outcome(String experiment, String optimizer, Optional<PaperResults.Result> paper, List<Run> runs) {
    Outcome {
        runs = List.copyOf(runs);
    }

    /** The runs that count. */
    List<Run> complete() {
        return runs.stream().filter(run -> run.complete() && run.last("test").isPresent()).toList();
    }

    int n() {
        return complete().size();
    }

    /** Accuracy in percent or perplexity; empty without a complete run. */
    OptionalDouble mean() {
        return finals().average();
    }

    /** The sample standard deviation, with n - 1 as the paper's; a single run has none. */
    OptionalDouble deviation() {
        if (n() < 2) {
            return OptionalDouble.empty();
        }
        double mean = mean().getAsDouble();
        double squares = finals().map(value -> (value - mean) * (value - mean)).sum();
        return OptionalDouble.of(Math.sqrt(squares / (n() - 1)));
    }

    private DoubleStream finals() {
        return complete().stream().mapToDouble(run -> run.last("test").orElseThrow());
    }

    /** The mean and its spread, or why there is none: not run, diverged, unfinished. */
    String measured() {
        if (n() > 0) {
            return text(mean().getAsDouble(), deviation(), 2);
        }
        return runs.isEmpty() ? "not run" : runs.stream().map(Outcome::state).distinct().collect(Collectors.joining(", "));
    }

    String published(int decimals) {
        return paper.map(result -> text(result.mean(), result.sd(), decimals)).orElse(Numbers.MISSING);
    }

    String difference(int decimals) {
        return n() == 0 || paper.isEmpty() ? Numbers.MISSING
                : Numbers.signed(mean().getAsDouble() - paper.get().mean(), decimals);
    }

    /** The seeds, each leading to its run's folder. */
    List<TableView.Link> seeds() {
        return runs.stream().sorted((a, b) -> Long.compare(a.seed(), b.seed())).map(run -> new TableView.Link(
                run.seed() + (run.complete() ? "" : " (" + state(run) + ")"), run.directory())).toList();
    }

    /** How far a run has come, in a word or two. */
    static String state(Run run) {
        if (run.complete()) {
            return "done";
        }
        if (run.status().startsWith("diverged")) {
            return "diverged";
        }
        return "at epoch " + run.epoch() + " of " + run.epochs();
    }

    private static String text(double mean, OptionalDouble deviation, int decimals) {
        return Numbers.fixed(mean, decimals)
                + (deviation.isPresent() ? " ± " + Numbers.fixed(deviation.getAsDouble(), decimals) : "");
    }
}
