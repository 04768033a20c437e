package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;

/**
 * A run as its folder tells it: what was trained, and how it went.
 *
 * @param experiment the experiment's id, as in {@code ptb-lstm2}
 * @param optimizer  the optimizer's name
 * @param seed       the seed of all randomness
 * @param profile    {@code smoke}, {@code reduced} or {@code paper}
 * @param status     {@code done}, or why the run is not complete: {@code running}, {@code diverged: …}, {@code failed}
 * @param sample     whether it was trained on generated sample data instead of the real
 * @param directory  the run's folder
 * @param rows       the rows of metrics.csv, in file order
 */
public record Run(String experiment, String optimizer, long seed, String profile, String status, boolean sample, Path directory,
        List<MetricRow> rows) {
    /**
     * Makes a run; the rows are copied.
     *
     * @param experiment the experiment's id
     * @param optimizer  the optimizer's name
     * @param seed       the seed of all randomness
     * @param profile    the size
     * @param status     {@code done}, or why the run is not complete
     * @param sample     whether the data was generated
     * @param directory  the run's folder
     * @param rows       the rows of metrics.csv
     */
    public Run {
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
        boolean sample = run.get("data") instanceof JsonObject data && data.has("kind") && !data.get("kind").getAsString().equals("real");
        return new Run(text(run, "experiment", file), text(run, "optimizer", file), seed, text(run, "profile", file),
                text(run, "status", file), sample, directory, RunLog.readMetrics(directory));
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

    private static String text(JsonObject run, String key, Path file) throws IOException {
        JsonElement value = run.get(key);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IOException(file + ": expected a value for '" + key + "', found " + value);
        }
        return value.getAsString();
    }
}
