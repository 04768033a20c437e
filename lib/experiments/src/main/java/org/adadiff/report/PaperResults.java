package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The paper's published numbers, read from the CSV files of {@code data/paper}; that folder's README tells where they
 * come from and how precise they are.
 */
public final class PaperResults {
    /**
     * A published result.
     *
     * @param mean mean over the runs, in the experiment's unit
     * @param sd   sample standard deviation; empty where the paper prints none
     * @param n    runs; 0 where it is not stated
     */
    public record Result(double mean, OptionalDouble sd, int n) {
    }

    private record Key(String experiment, String optimizer) {
    }

    private final Map<Key, Result> results = new LinkedHashMap<>();
    private final Map<Key, List<Curve.Point>> curves = new LinkedHashMap<>();

    private PaperResults() {
    }

    /**
     * Reads the published numbers.
     *
     * @param directory the folder with table2.csv, figure1_curves.csv, figure1_final.csv and figure2_curves.csv
     * @return the numbers
     * @throws IOException if a file is missing or malformed; the message names file and line
     */
    public static PaperResults read(Path directory) throws IOException {
        var paper = new PaperResults();
        for (Csv.Row row : Csv.read(directory.resolve("table2.csv"), "optimizer,layers,mean,sd,n")) {
            paper.results.put(new Key("ptb-lstm" + row.text("layers"), row.text("optimizer")),
                    new Result(row.number("mean"), OptionalDouble.of(row.number("sd")), row.integer("n")));
        }
        for (Csv.Row row : Csv.read(directory.resolve("figure1_final.csv"), "dataset,architecture,optimizer,test_accuracy_percent")) {
            paper.results.put(new Key(row.text("dataset") + "-" + row.text("architecture"), row.text("optimizer")),
                    new Result(row.number("test_accuracy_percent"), OptionalDouble.empty(), 0));
        }
        for (Csv.Row row : Csv.read(directory.resolve("figure1_curves.csv"),
                "dataset,architecture,optimizer,epoch,test_accuracy_percent")) {
            paper.curves.computeIfAbsent(new Key(row.text("dataset") + "-" + row.text("architecture"), row.text("optimizer")),
                    key -> new ArrayList<>()).add(Curve.Point.of(row.integer("epoch"), row.number("test_accuracy_percent")));
        }
        var perplexities = new LinkedHashMap<Key, TreeMap<Integer, List<Double>>>();
        for (Csv.Row row : Csv.read(directory.resolve("figure2_curves.csv"),
                "lstm_layers,optimizer,run,epoch,train_perplexity,test_perplexity")) {
            perplexities.computeIfAbsent(new Key("ptb-lstm" + row.text("lstm_layers"), row.text("optimizer")), key -> new TreeMap<>())
                    .computeIfAbsent(row.integer("epoch"), epoch -> new ArrayList<>()).add(row.number("test_perplexity"));
        }
        perplexities.forEach((key, epochs) -> paper.curves.put(key, RunCurves.points(epochs)));
        return paper;
    }

    /**
     * The published test result at the end of training.
     *
     * @param experiment the experiment's id, as in {@code cifar10-resnet34}
     * @param optimizer  the optimizer's name, in any case
     * @return test accuracy in percent or test perplexity; empty if the paper has none
     */
    public Optional<Result> result(String experiment, String optimizer) {
        return Optional.ofNullable(results.get(new Key(experiment, LineStyle.canonicalName(optimizer))));
    }

    /**
     * The published curve of the test result over epochs.
     *
     * @param experiment the experiment's id
     * @param optimizer  the optimizer's name, in any case
     * @return a thin curve; empty if the paper has none
     */
    public Optional<Curve> curve(String experiment, String optimizer) {
        String name = LineStyle.canonicalName(optimizer);
        return Optional.ofNullable(curves.get(new Key(experiment, name)))
                .map(points -> new Curve(name + " (paper)", name, true, points));
    }

    /**
     * All published curves of an experiment, in the paper's order of optimizers.
     *
     * @param experiment the experiment's id
     * @return thin curves; empty if the paper has none
     */
    public List<Curve> curves(String experiment) {
        return LineStyle.OPTIMIZERS.stream().flatMap(optimizer -> curve(experiment, optimizer).stream()).toList();
    }
}
