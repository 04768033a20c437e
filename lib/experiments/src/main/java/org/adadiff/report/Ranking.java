package org.adadiff.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** In which order optimizers came in, best first; those closer than their spread share a place. */
final class Ranking {
    /** How far a number read off the paper's Figure 1 may be from the true one, in points. */
    private static final double READING_ERROR = 0.2;

    private record Place(String optimizer, double mean, OptionalDouble spread) {
    }

    private Ranking() {
    }

    static TableView table(List<Outcome> outcomes) {
        Map<String, List<Outcome>> byExperiment = new LinkedHashMap<>();
        outcomes.forEach(outcome -> byExperiment.computeIfAbsent(outcome.experiment(), key -> new ArrayList<>()).add(outcome));
        var experiment = StringColumn.create("experiment");
        var paper = StringColumn.create("paper");
        var ours = StringColumn.create("ours");
        var runs = StringColumn.create("n");
        byExperiment.forEach((id, group) -> {
            boolean lowerIsBetter = id.startsWith("ptb-");
            experiment.append(ResultTables.title(id));
            paper.append(order(group.stream().filter(outcome -> outcome.paper().isPresent()).map(outcome -> new Place(outcome.optimizer(),
                    outcome.paper().get().mean(), lowerIsBetter ? outcome.paper().get().sd() : OptionalDouble.of(READING_ERROR))).toList(),
                    lowerIsBetter));
            ours.append(order(group.stream().filter(outcome -> outcome.n() > 0).map(outcome -> new Place(outcome.optimizer(),
                    outcome.mean().getAsDouble(), outcome.deviation())).toList(), lowerIsBetter));
            var counts = group.stream().mapToInt(Outcome::n).summaryStatistics();
            runs.append(counts.getMin() == counts.getMax() ? counts.getMin() + "" : counts.getMin() + " to " + counts.getMax());
        });
        return TableView.of(Table.create("Order of the optimizers, best first", experiment, paper, ours, runs)).right("n")
                .caption("≈: closer than the larger of the two spreads (sample standard deviations; ±0.2 for CIFAR in the paper, read "
                        + "off its figure). One run alone has no spread: n = 1 proves no order.");
    }

    private static String order(List<Place> places, boolean lowerIsBetter) {
        if (places.isEmpty()) {
            return "not run";
        }
        Comparator<Place> better = Comparator.comparingDouble(Place::mean);
        List<Place> sorted = places.stream().sorted(lowerIsBetter ? better : better.reversed()).toList();
        var text = new StringBuilder(sorted.get(0).optimizer());
        for (int i = 1; i < sorted.size(); i++) {
            Place before = sorted.get(i - 1);
            Place next = sorted.get(i);
            double spread = Math.max(before.spread().orElse(0), next.spread().orElse(0));
            text.append(Math.abs(before.mean() - next.mean()) <= spread ? " ≈ " : ", ").append(next.optimizer());
        }
        return text.toString();
    }
}
