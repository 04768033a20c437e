package org.adadiff.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;

/**
 * A line figure: for each optimizer the mean over runs with its min–max band, the paper's numbers as thin lines.
 *
 * <p>As the last value of a notebook cell, or given to {@code display}, it shows as a picture that turns interactive
 * where Plotly can load.
 */
public final class LineFigure implements DisplayDataRenderable {
    // Beyond this many points a marker on each hides the line; a single point needs one to be seen at all
    private static final int MOST_POINTS_MARKED = 12;

    private final Builder figure;
    private final List<LineStyle> styles;
    private byte[] picture; // drawn when it is first asked for: a page and a grid of panels want the same

    private LineFigure(Builder builder) {
        this.figure = builder;
        var others = new ArrayList<String>();
        this.styles = builder.curves.stream().map(curve -> LineStyle.of(curve.optimizer()).orElseGet(() -> {
            if (!others.contains(curve.optimizer())) {
                others.add(curve.optimizer());
            }
            return LineStyle.other(others.indexOf(curve.optimizer()));
        })).toList();
    }

    /**
     * Starts a figure.
     *
     * @param title the one question that it answers, in a line
     * @return a builder
     */
    public static Builder builder(String title) {
        return new Builder(title);
    }

    /**
     * The curves, in the order of the legend.
     *
     * @return an unmodifiable list
     */
    public List<Curve> curves() {
        return figure.curves;
    }

    String title() {
        return figure.title;
    }

    String xLabel() {
        return figure.x.label();
    }

    /**
     * The picture, {@value StaticChart#WIDTH} CSS pixels wide at twice the resolution.
     *
     * @return the bytes of a PNG file
     */
    public byte[] png() {
        if (picture == null) {
            picture = draw();
        }
        return picture.clone();
    }

    private byte[] draw() {
        var data = new YIntervalSeriesCollection();
        var renderer = new DeviationRenderer(true, false);
        float published = publishedWidth(figure.curves);
        StaticChart.prepare(renderer);
        renderer.setAlpha(0.16f);
        for (int i = 0; i < styles.size(); i++) {
            Curve curve = figure.curves.get(i);
            var series = new YIntervalSeries(curve.name() + " ".repeat(i), false, true); // keys must differ, names need not
            curve.points().forEach(p -> series.add(figure.x.drawable(p.x()), figure.y.drawable(p.mean()),
                    figure.y.drawable(p.min()), figure.y.drawable(p.max())));
            data.addSeries(series);
            renderer.setSeriesPaint(i, styles.get(i).color());
            renderer.setSeriesFillPaint(i, styles.get(i).color());
            renderer.setSeriesStroke(i, styles.get(i).stroke(curve.published() ? published : 2.2f));
            renderer.setSeriesVisibleInLegend(i, inLegend(curve, figure.curves));
            renderer.setSeriesShapesVisible(i, curve.points().size() <= MOST_POINTS_MARKED);
        }
        var chart = StaticChart.chart(figure.title, caption(), data, figure.x, figure.y, xs(), ys(), renderer);
        var plot = chart.getXYPlot();
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.REVERSE); // the first curve on top
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        for (Reference reference : figure.references) {
            LineStyle style = LineStyle.of(reference.optimizer).orElse(LineStyle.THIRD_OTHER);
            plot.addRangeMarker(new ValueMarker(reference.value, style.color(), style.stroke(0.9f)), Layer.BACKGROUND);
        }
        return StaticChart.png(chart, StaticChart.HEIGHT);
    }

    /** A paper's curve beside the measured one of the same optimizer differs in width alone, which the caption says. */
    static boolean inLegend(Curve curve, List<Curve> curves) {
        return !curve.published() || curves.stream().noneMatch(other -> !other.published() && other.optimizer().equals(curve.optimizer()));
    }

    /** The paper's curves are thin beside measured ones, in pixels. */
    static float publishedWidth(List<Curve> curves) {
        return curves.stream().allMatch(Curve::published) ? 1.8f : 1f;
    }

    private double[] xs() {
        return figure.curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(Curve.Point::x).toArray();
    }

    private double[] ys() {
        return DoubleStream.concat(figure.references.stream().mapToDouble(Reference::value),
                figure.curves.stream().flatMap(curve -> curve.points().stream())
                        .flatMapToDouble(point -> DoubleStream.of(point.min(), point.max()))).toArray();
    }

    /** The given caption, then n, then which lines are the paper's. */
    private String caption() {
        var lines = new ArrayList<String>();
        if (!figure.caption.isBlank()) {
            lines.add(figure.caption);
        }
        lines.add(coverage());
        if (!figure.references.isEmpty()) {
            lines.add("Thin horizontal lines: the paper, " + figure.references.stream()
                    .map(r -> r.optimizer + " " + Numbers.plain(r.value)).collect(Collectors.joining(", ")) + ".");
        }
        if (figure.curves.stream().anyMatch(Curve::published) && figure.curves.stream().anyMatch(c -> !c.published())) {
            lines.add("Thin curves: the paper.");
        }
        return lines.stream().filter(line -> !line.isBlank()).collect(Collectors.joining("\n"));
    }

    private String coverage() {
        var measured = figure.curves.stream().filter(c -> !c.published()).toList();
        var shown = measured.isEmpty() ? figure.curves : measured;
        if (shown.stream().allMatch(curve -> curve.n() == 1)) {
            return measured.isEmpty() ? "" : "One run each (n = 1)."; // of curves read off a figure, n is not known
        }
        boolean spread = shown.stream().anyMatch(Curve::hasSpread);
        String what = spread ? "Mean and min–max band over runs, " : "";
        Set<String> coverages = shown.stream().map(c -> c.coverage(figure.x.label())).collect(Collectors.toSet());
        String n = coverages.size() == 1 ? coverages.iterator().next()
                : shown.stream().map(c -> c.name() + " " + c.coverage(figure.x.label())).collect(Collectors.joining(", "));
        return what + n + ".";
    }

    /** Title, caption and the last value of each curve. */
    @Override
    public String toString() {
        var text = new StringBuilder(figure.title).append('\n');
        int width = figure.curves.stream().mapToInt(curve -> curve.name().length()).max().orElse(0);
        for (Curve curve : figure.curves) {
            Curve.Point last = curve.last();
            text.append("  ").append(curve.name()).append(" ".repeat(width - curve.name().length())).append("  ")
                    .append(figure.y.label()).append(' ').append(Numbers.plain(last.mean()));
            if (last.n() > 1) {
                text.append(" (").append(Numbers.plain(last.min())).append(" to ").append(Numbers.plain(last.max()))
                        .append(", n = ").append(last.n()).append(')');
            }
            text.append(" at ").append(figure.x.label()).append(' ').append(Numbers.plain(last.x())).append('\n');
        }
        return text.append(caption()).toString();
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return FigureBundle.TYPES;
    }

    @Override
    public void render(RenderContext context) {
        bundle().render(context);
    }

    /** The figure as a part of a page. */
    FigureBundle bundle() {
        return new FigureBundle(figure.title, caption(), toString(), png(), StaticChart.HEIGHT,
                LivePlot.of(figure.curves, styles, figure.references, figure.x, figure.y),
                FigureBundle.layout(figure.title, StaticChart.HEIGHT - LivePlot.CAPTION));
    }

    /**
     * A thin horizontal line.
     *
     * @param optimizer whose colour it has
     * @param value     its height
     */
    record Reference(String optimizer, double value) {
    }

    /** Collects what a figure shows; {@link #build} checks it. */
    public static final class Builder {
        private final String title;
        private final List<Reference> references = new ArrayList<>();
        private List<Curve> curves = new ArrayList<>();
        private Axis x = Axis.linear("epoch");
        private Axis y = Axis.linear("value");
        private String caption = "";

        private Builder(String title) {
            this.title = Objects.requireNonNull(title, "title");
        }

        /**
         * Names the horizontal axis; without it, it is the epoch.
         *
         * @param label what it shows, with the unit
         * @return this
         */
        public Builder x(String label) {
            x = new Axis(label, x.log(), x.low(), x.high());
            return this;
        }

        /**
         * Names the vertical axis.
         *
         * @param label what it shows, with the unit, as in {@code test accuracy (%)}
         * @return this
         */
        public Builder y(String label) {
            y = new Axis(label, y.log(), y.low(), y.high());
            return this;
        }

        /**
         * Makes the horizontal axis logarithmic.
         *
         * @return this
         */
        public Builder logX() {
            x = x.asLog();
            return this;
        }

        /**
         * Makes the vertical axis logarithmic.
         *
         * @return this
         */
        public Builder logY() {
            y = y.asLog();
            return this;
        }

        /**
         * Shows only a part of the vertical axis.
         *
         * @param low  lower end
         * @param high upper end
         * @return this
         * @throws IllegalArgumentException unless low is below high, and above 0 on a logarithmic axis
         */
        public Builder yRange(double low, double high) {
            y = y.within(low, high);
            return this;
        }

        /**
         * Adds curves; the first is drawn on top.
         *
         * @param more curves
         * @return this
         */
        public Builder curves(List<Curve> more) {
            curves.addAll(more);
            return this;
        }

        /**
         * Adds curves; the first is drawn on top.
         *
         * @param more curves
         * @return this
         */
        public Builder curves(Curve... more) {
            return curves(Arrays.asList(more));
        }

        /**
         * Adds the paper's number as a thin horizontal line in the optimizer's colour.
         *
         * @param optimizer whose number it is
         * @param value     in the unit of the vertical axis
         * @return this
         */
        public Builder reference(String optimizer, double value) {
            references.add(new Reference(LineStyle.canonicalName(optimizer), value));
            return this;
        }

        /**
         * Adds a sentence below the figure; how many runs were averaged is said there anyway.
         *
         * @param text what a reader has to know
         * @return this
         */
        public Builder caption(String text) {
            caption = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * Makes the figure.
         *
         * @return the figure
         * @throws IllegalStateException if there is no curve, for an empty figure tells nothing
         */
        public LineFigure build() {
            if (curves.isEmpty()) {
                throw new IllegalStateException("figure '" + title + "': expected at least one curve, found none");
            }
            var copy = new Builder(title);
            copy.curves = List.copyOf(curves);
            copy.references.addAll(references);
            copy.x = x;
            copy.y = y;
            copy.caption = caption;
            return new LineFigure(copy);
        }
    }
}
