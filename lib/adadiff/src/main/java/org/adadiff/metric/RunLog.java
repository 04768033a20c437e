package org.adadiff.metric;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The record of a run: a folder with {@code metrics.csv}, one row per epoch and split, and {@code run.json}, which says
 * how the rows came about. Every write replaces the file as a whole, so that a kill at any moment leaves what was
 * written before.
 */
public final class RunLog {
    /** The first line of {@code metrics.csv}. */
    public static final String HEADER = "epoch,split,loss,metric,learning_rate,seconds";

    /** The name of the file that holds the rows. */
    public static final String METRICS = "metrics.csv";

    /** The file that says how a run came about. */
    public static final String DESCRIPTION = "run.json";

    private final Path directory;
    private final List<MetricRow> rows = new ArrayList<>();

    private RunLog(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts a run in an empty or new folder.
     *
     * @param directory the folder of the run
     * @param description what {@code run.json} says: strings, numbers, lists, maps or records
     * @return the log, without rows
     * @throws FileAlreadyExistsException if the folder holds a run already
     * @throws IOException if the folder cannot be written
     */
    public static RunLog create(Path directory, Map<String, ?> description) throws IOException {
        if (Files.exists(directory.resolve(METRICS))) {
            throw new FileAlreadyExistsException(directory.toString(), null,
                    "it holds a run already (" + METRICS + "); choose another run folder or delete this one");
        }
        Files.createDirectories(directory);
        RunLog log = new RunLog(directory);
        log.describe(description);
        log.writeRows();
        return log;
    }

    /**
     * Goes on with a run.
     *
     * @param directory the folder of the run
     * @return the log, with the rows that there are
     * @throws IOException if there is no run, or its {@code metrics.csv} is damaged
     */
    public static RunLog open(Path directory) throws IOException {
        RunLog log = new RunLog(directory);
        log.rows.addAll(readMetrics(directory));
        return log;
    }

    /**
     * Replaces all rows, where a run goes back to an earlier moment.
     *
     * @param earlier the rows of that moment
     * @throws IOException if the file cannot be written; the rows before stay
     */
    public void restore(List<MetricRow> earlier) throws IOException {
        rows.clear();
        append(earlier);
    }

    /**
     * Replaces what {@code run.json} says.
     *
     * @param description strings, numbers, lists, maps or records
     * @throws IOException if the file cannot be written
     */
    public void describe(Map<String, ?> description) throws IOException {
        var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        write(DESCRIPTION, gson.toJson(description) + "\n");
    }

    /**
     * Appends rows; they are on disk, all or none, when this returns.
     *
     * @param added the rows of one epoch
     * @throws IOException if the file cannot be written; the rows before stay
     */
    public void append(List<MetricRow> added) throws IOException {
        rows.addAll(added);
        writeRows();
    }

    /**
     * Returns all rows written so far.
     *
     * @return the rows, in order
     */
    public List<MetricRow> rows() {
        return List.copyOf(rows);
    }

    /**
     * Returns the folder of the run.
     *
     * @return the folder
     */
    public Path directory() {
        return directory;
    }

    /**
     * Reads the rows of a run.
     *
     * @param directory the folder of the run
     * @return the rows, in order
     * @throws IOException if there is no run, or its {@code metrics.csv} is damaged: file, line and what was expected
     */
    public static List<MetricRow> readMetrics(Path directory) throws IOException {
        Path file = directory.resolve(METRICS);
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException(file + ": expected the header '" + HEADER + "', found "
                    + (lines.isEmpty() ? "an empty file" : "'" + lines.get(0) + "'"));
        }
        List<MetricRow> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            try {
                if (cells.length != 6) {
                    throw new NumberFormatException(cells.length + " columns");
                }
                rows.add(new MetricRow(Integer.parseInt(cells[0]), cells[1], Double.parseDouble(cells[2]),
                        Double.parseDouble(cells[3]), Double.parseDouble(cells[4]), Double.parseDouble(cells[5])));
            } catch (NumberFormatException e) {
                throw new IOException(file + ", line " + (i + 1) + ": expected the columns " + HEADER + ", found '"
                        + lines.get(i) + "'", e);
            }
        }
        return rows;
    }

    /**
     * Reads what {@code run.json} says.
     *
     * @param directory the folder of the run
     * @return its object
     * @throws IOException if there is none, or it is not a JSON object
     */
    public static JsonObject readDescription(Path directory) throws IOException {
        Path file = directory.resolve(DESCRIPTION);
        try {
            // Not JsonParser.parseString: in stock IJava the kernel's own gson, 2.8.5, comes first, and that has no such method
            JsonObject description = new Gson().fromJson(Files.readString(file), JsonObject.class);
            if (description == null) {
                throw new JsonParseException("an empty file");
            }
            return description;
        } catch (JsonParseException e) {
            throw new IOException(file + ": expected a JSON object, found " + e.getMessage(), e);
        }
    }

    private void writeRows() throws IOException {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (MetricRow row : rows) {
            csv.append(String.format(Locale.ROOT, "%d,%s,%.6f,%.4f,%s,%.3f\n", row.epoch(), row.split(), row.loss(),
                    row.metric(), row.learningRate(), row.seconds()));
        }
        write(METRICS, csv.toString());
    }

    private void write(String name, String text) throws IOException {
        AtomicFile.write(directory.resolve(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
