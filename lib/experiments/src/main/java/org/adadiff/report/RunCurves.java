package org.adadiff.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.adadiff.metric.MetricRow;

/** Curves over epochs out of run folders: one for each optimizer, averaged over its seeds. */
public final class RunCurves {
    private RunCurves() {
    }

    /**
     * Accuracy or perplexity over epochs.
     *
     * @param runs       any runs; those of other experiments are left out
     * @param experiment the experiment's id
     * @param split      {@code train}, {@code valid} or {@code test}
     * @return a curve for each optimizer that has values, in the paper's order, others after them
     * @throws IllegalArgumentException if two runs have the same optimizer and seed, or the runs differ in profile
     */
    public static List<Curve> metric(List<Run> runs, String experiment, String split) {
        return curves(runs, experiment, split, MetricRow::metric);
    }

    /**
     * Mean loss over epochs.
     *
     * @param runs       any runs; those of other experiments are left out
     * @param experiment the experiment's id
     * @param split      {@code train}, {@code valid} or {@code test}
     * @return a curve in nats for each optimizer that has values, in the paper's order, others after them
     * @throws IllegalArgumentException if two runs have the same optimizer and seed, or the runs differ in profile
     */
    public static List<Curve> loss(List<Run> runs, String experiment, String split) {
        return curves(runs, experiment, split, MetricRow::loss);
    }

    private static List<Curve> curves(List<Run> runs, String experiment, String split, ToDoubleFunction<MetricRow> value) {
        var curves = new ArrayList<Curve>();
        byOptimizer(runs, experiment).forEach((optimizer, group) -> {
            var epochs = new TreeMap<Integer, List<Double>>();
            for (Run run : group) {
                // A run taken up again may have written an epoch twice: the later row counts
                var values = new TreeMap<Integer, Double>();
                run.rows().stream().filter(row -> row.split().equals(split))
                        .forEach(row -> values.put(row.epoch(), value.applyAsDouble(row)));
                values.forEach((epoch, number) -> epochs.computeIfAbsent(epoch, key -> new ArrayList<>()).add(number));
            }
            if (!epochs.isEmpty()) {
                curves.add(new Curve(optimizer, optimizer, false, points(epochs)));
            }
        });
        return curves;
    }

    /** Mean, minimum, maximum and n for each epoch: epochs that not all runs have reached are averaged over fewer. */
    static List<Curve.Point> points(SortedMap<Integer, List<Double>> epochs) {
        return epochs.entrySet().stream().map(epoch -> {
            var values = epoch.getValue().stream().mapToDouble(Double::doubleValue).summaryStatistics();
            return new Curve.Point(epoch.getKey(), values.getAverage(), values.getMin(), values.getMax(), (int) values.getCount());
        }).toList();
    }

    /** The runs of an experiment by optimizer; what must not be averaged together is refused. */
    static Map<String, List<Run>> byOptimizer(List<Run> runs, String experiment) {
        List<Run> ours = runs.stream().filter(run -> run.experiment().equals(experiment)).toList();
        List<String> profiles = ours.stream().map(Run::profile).distinct().sorted().toList();
        if (profiles.size() > 1) {
            throw new IllegalArgumentException(experiment + ": expected runs of one profile, found " + profiles
                    + "; choose one of them before comparing");
        }
        var seen = new LinkedHashMap<String, Run>();
        for (Run run : ours) {
            String name = LineStyle.canonicalName(run.optimizer());
            Run same = seen.put(name + " " + run.seed(), run);
            if (same != null) {
                throw new IllegalArgumentException(experiment + ", " + name + ": expected each seed once, found seed " + run.seed()
                        + " in " + same.directory() + " and " + run.directory());
            }
        }
        var order = Comparator.<String>comparingInt(name -> {
            int place = LineStyle.OPTIMIZERS.indexOf(name);
            return place < 0 ? LineStyle.OPTIMIZERS.size() : place;
        }).thenComparing(Comparator.naturalOrder());
        return ours.stream().collect(Collectors.groupingBy(run -> LineStyle.canonicalName(run.optimizer()),
                () -> new TreeMap<>(order), Collectors.toList()));
    }
}
