package org.adadiff.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.adadiff.metric.MetricRow;
import org.adadiff.train.Progress;
import org.adadiff.train.Recipe;

/**
 * How runs go, for an output of a notebook that is replaced again and again: where the present run stands, and the loss of
 * all runs so far. What stays at the end holds no times, so that a notebook executed twice has the same output.
 */
public final class LiveProgress implements Progress, DisplayDataRenderable {
    private static final Set<MIMEType> TYPES = Set.of(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN);
    private static final long INTERVAL_NANOS = 500_000_000L;

    private final int runs;
    private final Consumer<LiveProgress> shown;
    private final List<LossTrace> traces = new ArrayList<>();
    private final Map<String, LineStyle> styles = new LinkedHashMap<>();
    private Recipe recipe;
    private String headline;
    private String state = "";
    private double share; // of the present run, 0 to 1
    private double firstShare; // a run that is taken up again does not begin at 0
    private long started;
    private long lastShown;

    /**
     * Waits for runs.
     *
     * @param runs  how many are to come
     * @param shown is given this object whenever it is to be shown anew: at most twice a second, and at the ends
     */
    public LiveProgress(int runs, Consumer<LiveProgress> shown) {
        this.runs = runs;
        this.shown = shown;
        headline = runs == 0 ? "No runs to train" : "Starting";
    }

    @Override
    public void started(Recipe next, boolean sampleData) {
        recipe = next;
        String optimizer = next.optimizer().title();
        styles.computeIfAbsent(optimizer, name -> LineStyle.of(name).orElseGet(() -> LineStyle.other(
                (int) styles.keySet().stream().filter(other -> LineStyle.of(other).isEmpty()).count())));
        traces.add(new LossTrace(styles.get(optimizer).css()));
        headline = optimizer + ", seed " + next.seed() + " (run " + traces.size() + " of " + runs + ")";
        started = 0;
        show("starting", 0);
    }

    @Override
    public void stepped(Step step) {
        share = (step.epoch() - 1 + (double) step.step() / step.steps()) / step.epochs();
        traces.get(traces.size() - 1).add(share, step.loss());
        long now = System.nanoTime();
        if (started == 0) {
            started = now;
            firstShare = share;
            lastShown = now - INTERVAL_NANOS; // the next one tells how long it takes; an epoch may be shorter than the interval
        } else if (now - lastShown >= INTERVAL_NANOS) {
            show(String.format(Locale.ROOT, "epoch %d of %d, step %d of %d · loss %.3f · %s %.2f · learning rate %s · about %s left",
                    step.epoch(), step.epochs(), step.step(), step.steps(), step.meanLoss(), recipe.experiment().metric(),
                    step.metric(), Numbers.plain(step.learningRate()),
                    duration((now - started) * 1e-9 * (1 - share) / (share - firstShare))), share);
        }
    }

    @Override
    public void evaluated(List<MetricRow> rows) {
        MetricRow row = rows.get(rows.size() - 1);
        int epochs = recipe.schedule().epochs();
        show(String.format(Locale.ROOT, "epoch %d of %d done · %s %s %.2f", row.epoch(), epochs, row.split(),
                recipe.experiment().metric(), row.metric()), (double) row.epoch() / epochs);
    }

    @Override
    public void diverged(String reason) {
        show("diverged: " + reason, share);
    }

    /** Shows the last state. */
    void ended(String summary) {
        headline = summary;
        show("", 0);
    }

    private void show(String text, double done) {
        state = text;
        share = done;
        lastShown = System.nanoTime();
        shown.accept(this);
    }

    /** Hours and minutes, or minutes and seconds. */
    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole < 3600 ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }

    /** The state, and the loss so far. */
    String html() {
        String bar = state.isEmpty() ? "" : String.format(Locale.ROOT, "<div style=\"width:560px;max-width:100%%;height:4px;"
                + "margin:4px 0;background:rgba(128,128,128,.25)\"><div style=\"width:%.1f%%;height:4px;background:%s\"></div></div>",
                100 * share, traces.isEmpty() ? "" : traces.get(traces.size() - 1).colour());
        String legend = styles.entrySet().stream().map(style -> "<span style=\"color:" + style.getValue().css() + "\">━</span> "
                + Html.escape(style.getKey())).collect(Collectors.joining(" &nbsp; "));
        return "<div style=\"font:13px system-ui,sans-serif;font-variant-numeric:tabular-nums\"><b>" + Html.escape(headline) + "</b>"
                + (state.isEmpty() ? "" : "<br>" + Html.escape(state)) + bar
                + (traces.isEmpty() ? "" : LossTrace.svg(traces) + "<div>" + legend + "</div>") + "</div>";
    }

    /** The state in a line. */
    @Override
    public String toString() {
        return headline + (state.isEmpty() ? "" : ": " + state);
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return TYPES;
    }

    @Override
    public void render(RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, this::html);
        context.renderIfRequested(MIMEType.TEXT_PLAIN, this::toString);
    }
}
