package org.adadiff.train;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.adadiff.metric.MetricRow;

/** Progress as one line of text that is replaced, at most five times a second: for a notebook's updated output. */
public final class LineProgress implements Progress {
    private static final long INTERVAL_NANOS = 200_000_000L;

    private final Consumer<String> line;
    private Recipe recipe;
    private long lastShown;

    /**
     * Creates a progress display.
     *
     * @param line is given each new text of the line
     */
    public LineProgress(Consumer<String> line) {
        this.line = line;
    }

    @Override
    public void started(Recipe started, boolean sampleData) {
        recipe = started;
        lastShown = 0;
        line.accept(name() + ": starting");
    }

    @Override
    public void stepped(Step step) {
        long now = System.nanoTime();
        if (now - lastShown < INTERVAL_NANOS) {
            return;
        }
        lastShown = now;
        line.accept(String.format(Locale.ROOT, "%s: epoch %d of %d, step %d of %d, loss %.3f, %s %.2f, %s left in this epoch",
                name(), step.epoch(), step.epochs(), step.step(), step.steps(), step.meanLoss(), recipe.experiment().metric(),
                step.metric(), TerminalProgress.duration(step.secondsLeft())));
    }

    @Override
    public void evaluated(List<MetricRow> rows) {
        MetricRow row = rows.get(rows.size() - 1);
        line.accept(String.format(Locale.ROOT, "%s: epoch %d of %d done, %s %s %.2f", name(), row.epoch(),
                recipe.schedule().epochs(), row.split(), recipe.experiment().metric(), row.metric()));
    }

    @Override
    public void diverged(String reason) {
        line.accept(name() + ": diverged, " + reason);
    }

    private String name() {
        return recipe.optimizer().title() + ", seed " + recipe.seed();
    }
}
