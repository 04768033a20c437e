package org.adadiff.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.adadiff.train.Experiment;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What was run: by experiment, and run by run. */
final class RunTables {
    private RunTables() {
    }

    static TableView experiments(Profile profile, List<Run> runs) {
        List<String> experiments = Stream.concat(ResultTables.IMAGES.stream(), ResultTables.LANGUAGE.stream()).toList();
        var table = Table.create("Table 1. What was run, profile " + profile,
                column("experiment", experiments, ResultTables::title),
                column("width", experiments, id -> Numbers.plain(recipe(id, profile).width())),
                column("trains on", experiments, id -> amount(recipe(id, profile))),
                column("epochs", experiments, id -> recipe(id, profile).schedule().epochs() + " of "
                        + recipe(id, Profile.PAPER).schedule().epochs()),
                column("data", experiments, id -> data(runs, id)),
                column("time a run", experiments, id -> median(runs, id)));
        TableView view = TableView.of(table).right("width", "epochs", "time a run");
        for (String optimizer : LineStyle.OPTIMIZERS) {
            var cells = new ArrayList<List<TableView.Link>>();
            for (String experiment : experiments) {
                cells.add(new Outcome(experiment, optimizer, Optional.empty(),
                        RunCurves.byOptimizer(runs, experiment).getOrDefault(optimizer, List.of())).seeds());
            }
            view = view.links(optimizer, cells);
        }
        return view.caption("Width: share of the paper's channels or hidden units. Epochs: here, and the paper's. Data: what the checksums in "
                + "run.json tell. Time: median, whatever else the machine did.\nUnder each optimizer the seeds, which lead to their run folders; "
                + Numbers.MISSING + ": not run.");
    }

    static TableView runs(List<Run> runs) {
        var table = Table.create("Every run",
                column("experiment", runs, Run::experiment),
                column("optimizer", runs, run -> LineStyle.canonicalName(run.optimizer())),
                column("seed", runs, run -> Long.toString(run.seed())),
                column("state", runs, Outcome::state),
                column("test", runs, run -> run.last("test").isPresent() ? Numbers.fixed(run.last("test").getAsDouble(), 2)
                        : Numbers.MISSING),
                column("time", runs, run -> time(run.number("wall_seconds"))),
                column("data", runs, run -> run.data().toString()),
                column("device", runs, RunTables::device),
                column("started", runs, run -> run.value("started").orElse(Numbers.MISSING)),
                column("commit", runs, run -> run.value("git_commit").map(commit -> commit.replaceFirst("^(.{9})[0-9a-f]{31}", "$1"))
                        .orElse(Numbers.MISSING)));
        return TableView.of(table).right("seed", "test", "time")
                .links("run folder", runs.stream()
                        .map(run -> List.of(new TableView.Link(run.directory().getFileName().toString(), run.directory()))).toList())
                .caption("Test: accuracy in percent or perplexity after the last epoch that there is.");
    }

    private static <T> StringColumn column(String name, List<T> rows, Function<T, String> cell) {
        return StringColumn.create(name, rows.stream().map(cell).toList());
    }

    private static Recipe recipe(String experiment, Profile profile) {
        return Recipe.of(Experiment.of(experiment), OptimizerName.ADADIFF, profile, 1);
    }

    private static String amount(Recipe recipe) {
        int count = recipe.limits().training();
        return count == 0 ? "all" : "the first " + count;
    }

    private static String data(List<Run> runs, String experiment) {
        String all = of(runs, experiment).map(Run::data).distinct().sorted().map(RunData::toString).collect(Collectors.joining("; "));
        return all.isEmpty() ? Numbers.MISSING : all;
    }

    private static Stream<Run> of(List<Run> runs, String experiment) {
        return runs.stream().filter(run -> run.experiment().equals(experiment));
    }

    private static String device(Run run) {
        return run.value("device").map(device -> device.equals("cpu")
                ? run.value("host", "cpu").orElse("cpu") + run.value("threads").map(n -> ", " + n + (n.equals("1") ? " thread" : " threads")).orElse("") : device)
                .orElse(Numbers.MISSING);
    }

    private static String median(List<Run> runs, String experiment) {
        double[] seconds = of(runs, experiment).filter(Run::complete).map(run -> run.number("wall_seconds"))
                .filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).sorted().toArray();
        return seconds.length == 0 ? Numbers.MISSING
                : time(OptionalDouble.of((seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2));
    }

    private static String time(OptionalDouble seconds) {
        if (seconds.isEmpty()) {
            return Numbers.MISSING;
        }
        double value = seconds.getAsDouble();
        return value < 90 ? Math.round(value) + " s" : value < 5400 ? Math.round(value / 60) + " min" : Numbers.fixed(value / 3600, 1) + " h";
    }
}
