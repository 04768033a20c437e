package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import com.google.gson.JsonObject;

import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;

/** Compares what tables and figures show with the files of run folders, which are read again. */
final class RunCheck {
    private static final double HALF_A_DIGIT = 0.005 * (1 + 1e-9); // of the two decimals shown
    private static final double ROUNDING = 1e-9; // relative; both sides start from the same decimals

    private RunCheck() {
    }

    /** Every number in the column "ours", by the folders that its row leads to. */
    static int table(TableView view) throws IOException {
        var table = view.table();
        if (table.isEmpty()) {
            throw new IllegalStateException("table '" + table.name() + "': expected rows, found none");
        }
        int compared = 0;
        for (int row = 0; row < table.rowCount(); row++) {
            var finals = new ArrayList<Double>();
            for (Path folder : view.folders(row)) {
                SortedMap<Integer, Double> test = test(folder);
                if (RunLog.readDescription(folder).get("status").getAsString().equals("done") && !test.isEmpty()) {
                    finals.add(test.get(test.lastKey()));
                }
            }
            expect(table.name() + ", row " + (row + 1) + ", n", Integer.toString(finals.size()), table.getString(row, "n"));
            if (!finals.isEmpty()) {
                compare(table.name() + ", row " + (row + 1), finals, table.getString(row, "ours"));
                compared++;
            }
        }
        return compared;
    }

    /** Every point of every measured curve, by all folders that hold runs of this experiment and optimizer. */
    static int panel(LineFigure figure, String experiment, List<Path> folders) throws IOException {
        int compared = 0;
        for (Curve curve : figure.curves()) {
            if (curve.published()) {
                continue;
            }
            SortedMap<Integer, List<Double>> epochs = new TreeMap<>();
            int last = 0;
            for (Path folder : folders) {
                JsonObject run = RunLog.readDescription(folder);
                if (run.get("experiment").getAsString().equals(experiment)
                        && LineStyle.canonicalName(run.get("optimizer").getAsString()).equals(curve.optimizer())) {
                    test(folder).forEach((epoch, value) -> epochs.computeIfAbsent(epoch, key -> new ArrayList<>()).add(value));
                    last = Math.max(last, Run.read(folder).epochs());
                }
            }
            String where = figure.title() + ", " + curve.name();
            expect(where + ", points", epochs.size() + "", curve.points().size() + "");
            int index = 0;
            for (var epoch : epochs.entrySet()) {
                Curve.Point point = curve.points().get(index++);
                double x = figure.xLabel().equals(PaperPanel.SHARE) ? 100.0 * epoch.getKey() / last : epoch.getKey();
                double mean = epoch.getValue().stream().mapToDouble(Double::doubleValue).sum() / epoch.getValue().size();
                if (different(x, point.x()) || different(mean, point.mean()) || point.n() != epoch.getValue().size()) {
                    throw new IllegalStateException(where + ": expected " + mean + " at " + x + " over " + epoch.getValue().size()
                            + " runs, as in the run folders, found " + point);
                }
                compared++;
            }
        }
        return compared;
    }

    private static boolean different(double expected, double found) {
        return Double.compare(expected, found) != 0 && !(Math.abs(expected - found) <= ROUNDING * Math.abs(expected));
    }

    /** The test metric by epoch; of an epoch that was written twice, the later row. */
    private static SortedMap<Integer, Double> test(Path folder) throws IOException {
        var values = new TreeMap<Integer, Double>();
        for (MetricRow row : RunLog.readMetrics(folder)) {
            if (row.split().equals("test")) {
                values.put(row.epoch(), row.metric());
            }
        }
        return values;
    }

    /** What is shown is rounded; mean and sample standard deviation are computed in one pass here, after Welford. */
    private static void compare(String where, List<Double> values, String shown) {
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < values.size(); i++) {
            double distance = values.get(i) - mean;
            mean += distance / (i + 1);
            squares += distance * (values.get(i) - mean);
        }
        String[] parts = shown.split(" ± ");
        boolean alone = values.size() == 1;
        if (parts.length != (alone ? 1 : 2) || isOff(parts[0], mean)
                || !alone && isOff(parts[1], Math.sqrt(squares / (values.size() - 1)))) {
            throw new IllegalStateException(where + ": expected the mean " + mean + " of " + values + ", as in the run folders, found "
                    + shown);
        }
    }

    private static boolean isOff(String shown, double expected) {
        return !(Math.abs(Double.parseDouble(shown) - expected) <= HALF_A_DIGIT);
    }

    private static void expect(String where, String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException(where + ": expected " + expected + ", as in the run folders, found " + found);
        }
    }
}
