package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;

/**
 * A run as its folder tells it: what was trained, and how it went.
 *
 * @param experiment  the experiment's id, as in {@code ptb-lstm2}
 * @param optimizer   the optimizer's name
 * @param seed        the seed of all randomness
 * @param profile     {@code smoke}, {@code reduced} or {@code paper}
 * @param status      {@code done}, or why the run is not complete: {@code running}, {@code diverged: …}, {@code failed}
 * @param directory   the run's folder
 * @param description what run.json says
 * @param rows        the rows of metrics.csv, in file order
 */
public record Run(String experiment, String optimizer, long seed, String profile, String status, Path directory,
        JsonObject description, List<MetricRow> rows) {
    /**
     * Makes a run; description and rows are copied.
     *
     * @param experiment  the experiment's id
     * @param optimizer   the optimizer's name
     * @param seed        the seed of all randomness
     * @param profile     the size
     * @param status      {@code done}, or why the run is not complete
     * @param directory   the run's folder
     * @param description what run.json says
     * @param rows        the rows of metrics.csv
     */
    public Run {
        description = description.deepCopy();
        rows = List.copyOf(rows);
    }

    private static final int DEEPEST = 5; // levels of folders below the given one

    /**
     * Reads one run folder.
     *
     * @param directory a folder with run.json and metrics.csv
     * @return the run; without rows if no epoch has ended yet
     * @throws IOException if a file is missing or malformed; the message names the file
     */
    public static Run read(Path directory) throws IOException {
        JsonObject run = RunLog.readDescription(directory);
        Path file = directory.resolve(RunLog.DESCRIPTION);
        long seed;
        try {
            seed = Long.parseLong(text(run, "seed", file));
        } catch (NumberFormatException e) {
            throw new IOException(file + ": expected a whole number as seed, found " + run.get("seed"), e);
        }
        return new Run(text(run, "experiment", file), text(run, "optimizer", file), seed, text(run, "profile", file),
                text(run, "status", file), directory, run, RunLog.readMetrics(directory));
    }

    /**
     * Reads all run folders below a folder, in the order of their names. A folder is a run if it holds run.json and
     * metrics.csv.
     *
     * @param root a folder, such as {@code data/runs}; if there is none, nothing was run
     * @return the runs
     * @throws IOException if a run's file is malformed; the message names the file
     */
    public static List<Run> readAll(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Path> folders;
        try (Stream<Path> files = Files.find(root, DEEPEST, (path, attributes) -> path.endsWith(RunLog.DESCRIPTION))) {
            folders = files.map(Path::getParent).filter(folder -> Files.exists(folder.resolve(RunLog.METRICS)))
                    .sorted(Comparator.comparing(Path::toString)).toList();
        }
        var runs = new ArrayList<Run>();
        for (Path folder : folders) {
            runs.add(read(folder));
        }
        return runs;
    }

    /**
     * The metric after the last epoch.
     *
     * @param split {@code train}, {@code valid} or {@code test}
     * @return accuracy in percent or perplexity; empty if the split was never evaluated
     */
    public OptionalDouble last(String split) {
        return rows.stream().filter(row -> row.split().equals(split)).max(Comparator.comparingInt(MetricRow::epoch))
                .map(row -> OptionalDouble.of(row.metric())).orElse(OptionalDouble.empty());
    }

    /**
     * Tells whether the run reached its last epoch, so that its last value is its result.
     *
     * @return true for status {@code done}, unless the run was to stop after some steps
     */
    public boolean complete() {
        return status.equals("done") && number("recipe", "limits", "steps").orElse(0) == 0;
    }

    /**
     * How many epochs the run was to take.
     *
     * @return the recipe's epochs; where run.json has no recipe, the last epoch that there is
     */
    public int epochs() {
        return (int) number("recipe", "schedule", "epochs").orElse(epoch());
    }

    /**
     * How far the run has come.
     *
     * @return the last epoch with rows; 0 if none has ended
     */
    public int epoch() {
        return rows.stream().mapToInt(MetricRow::epoch).max().orElse(0);
    }

    /**
     * Which data the run was trained on.
     *
     * @return what run.json says, by the checksums of the data files
     */
    public RunData data() {
        return RunData.of(description);
    }

    /** A number in run.json, by the names on the way to it. */
    OptionalDouble number(String... path) {
        Optional<String> value = value(path);
        return value.isPresent() ? OptionalDouble.of(Double.parseDouble(value.get())) : OptionalDouble.empty();
    }

    /** A value in run.json, by the names on the way to it. */
    Optional<String> value(String... path) {
        JsonElement element = description;
        for (String name : path) {
            element = element instanceof JsonObject object ? object.get(name) : null;
        }
        return element != null && element.isJsonPrimitive() ? Optional.of(element.getAsString()) : Optional.empty();
    }

    private static String text(JsonObject run, String key, Path file) throws IOException {
        JsonElement value = run.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IOException(file + ": expected a value for '" + key + "', found " + value);
        }
        return value.getAsString();
    }
}
