package org.adadiff.train;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.adadiff.metric.MetricRow;

/** Progress as text: one line that updates on a terminal, plain lines in a log. */
public final class TerminalProgress implements Progress {
    private static final long TERMINAL_INTERVAL_NANOS = 200_000_000L;
    private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private String metric;
    private long lastPrint;
    private int lastWidth;

    /**
     * Creates a progress display.
     *
     * @param out where it is printed
     * @param terminal whether a line can be overwritten there
     */
    public TerminalProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void started(Recipe recipe, boolean sampleData) {
        metric = recipe.experiment().metric();
        out.printf(Locale.ROOT, "%s, %s, profile %s, seed %d: %d epochs%s%n", recipe.experiment(), recipe.optimizer().title(),
                recipe.profile(), recipe.seed(), recipe.schedule().epochs(),
                sampleData ? ", on generated sample data" : "");
    }

    @Override
    public void noticed(String message) {
        clearLine();
        out.println(message);
    }

    @Override
    public void stepped(Step step) {
        long now = System.nanoTime();
        boolean edge = step.step() == 1 || step.step() == step.steps();
        if (!edge && now - lastPrint < (terminal ? TERMINAL_INTERVAL_NANOS : LOG_INTERVAL_NANOS)) {
            return;
        }
        lastPrint = now;
        String text = String.format(Locale.ROOT,
                "epoch %d/%d  step %d/%d  loss %.4f  mean %.4f  %s %.2f  lr %.3g  waited for data %.2f %%  %s left", step.epoch(),
                step.epochs(), step.step(), step.steps(), step.loss(), step.meanLoss(), metric, step.metric(), step.learningRate(),
                100 * step.dataWait(), duration(step.secondsLeft()));
        if (terminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, lastWidth - text.length())));
            out.flush();
            lastWidth = text.length();
        } else {
            out.println(text);
        }
    }

    @Override
    public void evaluated(List<MetricRow> rows) {
        clearLine();
        for (MetricRow row : rows) {
            out.printf(Locale.ROOT, "epoch %d  %-5s  loss %.4f  %s %.2f  (%s)%n", row.epoch(), row.split(), row.loss(),
                    metric, row.metric(), duration(row.seconds()));
        }
    }

    private void clearLine() {
        if (terminal) {
            out.print("\r" + " ".repeat(lastWidth) + "\r");
            lastWidth = 0;
        }
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 100 ? String.format(Locale.ROOT, "%.1f s", seconds)
                : whole < 3600 ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }
}
