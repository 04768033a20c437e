package org.adadiff.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

import org.jfree.chart.annotations.XYShapeAnnotation;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Marker;
import tech.tablesaw.plotly.components.Symbol;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** The paths of optimizers over the level lines of a function of two variables; it displays as {@link LineFigure} does. */
public final class PathFigure implements DisplayDataRenderable {
    private static final int HEIGHT = 560; // CSS pixels
    private static final int LEVELS = 14;
    private static final int SHADE_PIXELS = 800; // along each side of the shaded ground, which is stretched to the plot
    private static final int LOW = 0xFFFFFF;
    private static final int HIGH = 0xD3DBE4;

    private final Builder figure;
    private final LevelLines lines;

    private PathFigure(Builder builder) {
        this.figure = builder;
        this.lines = new LevelLines(builder.function, builder.x, builder.y, LEVELS);
    }

    /**
     * Starts a figure.
     *
     * @param title    the one question that it answers, in a line
     * @param function the function that is minimised, finite in the whole window
     * @return a builder
     */
    public static Builder builder(String title, DoubleBinaryOperator function) {
        return new Builder(title, function);
    }

    /**
     * The picture, {@value StaticChart#WIDTH} CSS pixels wide at twice the resolution.
     *
     * @return the bytes of a PNG file
     */
    public byte[] png() {
        var data = new XYSeriesCollection();
        var renderer = new XYLineAndShapeRenderer(true, false);
        StaticChart.prepare(renderer);
        renderer.setDrawSeriesLineAsPath(true);
        for (Path path : figure.paths) {
            int i = data.getSeriesCount();
            var series = new XYSeries(path.optimizer, false, true);
            path.points.forEach(point -> series.add(figure.x.drawable(point[0]), figure.y.drawable(point[1])));
            data.addSeries(series);
            renderer.setSeriesPaint(i, path.style.color());
            renderer.setSeriesStroke(i, path.style.stroke(2.2f));
        }
        var chart = StaticChart.chart(figure.title, caption(), data, figure.x, figure.y, new double[] {0.5}, new double[] {0.5}, renderer);
        var plot = chart.getXYPlot();
        plot.setRangeGridlinesVisible(false);
        plot.setBackgroundImage(shade());
        plot.setBackgroundImageAlpha(1f);
        for (double level : lines.levels()) {
            renderer.addAnnotation(new XYShapeAnnotation(lines.path(level), new BasicStroke(0.8f), new Color(0xB4BEC9)), Layer.BACKGROUND);
        }
        for (Path path : figure.paths) {
            dot(renderer, path.points.get(path.points.size() - 1), path.style.color(), 5);
        }
        dot(renderer, figure.paths.get(0).points.get(0), new Color(0x1F2933), 5);
        if (figure.minimum != null) {
            star(renderer, figure.minimum);
        }
        return StaticChart.png(chart, HEIGHT);
    }

    /** The ground in bands between the levels, darker where the function is higher. */
    private BufferedImage shade() {
        var image = new BufferedImage(SHADE_PIXELS, SHADE_PIXELS, BufferedImage.TYPE_INT_RGB);
        double[] levels = lines.levels();
        for (int row = 0; row < SHADE_PIXELS; row++) {
            double y = figure.y.high() - (figure.y.high() - figure.y.low()) * (row + 0.5) / SHADE_PIXELS;
            for (int column = 0; column < SHADE_PIXELS; column++) {
                double x = figure.x.low() + (figure.x.high() - figure.x.low()) * (column + 0.5) / SHADE_PIXELS;
                double value = figure.function.applyAsDouble(x, y);
                int band = 0;
                while (band < levels.length && value >= levels[band]) {
                    band++;
                }
                image.setRGB(column, row, between(LOW, HIGH, (double) band / levels.length));
            }
        }
        return image;
    }

    private static int between(int from, int to, double part) {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int a = from >> shift & 0xFF;
            int b = to >> shift & 0xFF;
            mixed |= (int) Math.round(a + (b - a) * part) << shift;
        }
        return mixed;
    }

    /** A round mark of some pixels, whatever the axes' scales. */
    private void dot(XYLineAndShapeRenderer renderer, double[] point, Color color, double radius) {
        double w = radius * pixel(figure.x, StaticChart.WIDTH - 110);
        double h = radius * pixel(figure.y, HEIGHT - 170);
        var shape = new Ellipse2D.Double(point[0] - w, point[1] - h, 2 * w, 2 * h);
        renderer.addAnnotation(new XYShapeAnnotation(shape, new BasicStroke(1.4f), Color.WHITE, color), Layer.FOREGROUND);
    }

    private void star(XYLineAndShapeRenderer renderer, double[] point) {
        double w = 6 * pixel(figure.x, StaticChart.WIDTH - 110);
        double h = 6 * pixel(figure.y, HEIGHT - 170);
        var cross = new Path2D.Double();
        cross.moveTo(point[0] - w, point[1] - h);
        cross.lineTo(point[0] + w, point[1] + h);
        cross.moveTo(point[0] - w, point[1] + h);
        cross.lineTo(point[0] + w, point[1] - h);
        renderer.addAnnotation(new XYShapeAnnotation(cross, new BasicStroke(2.2f), new Color(0x1F2933)), Layer.FOREGROUND);
    }

    private static double pixel(Axis axis, int pixels) {
        return (axis.high() - axis.low()) / pixels;
    }

    private String caption() {
        String marks = "Black dot: the start" + (figure.minimum == null ? "" : "; cross: the minimum")
                + "; coloured dots: where each path ends. Equal areas lie between the level lines.";
        return figure.caption.isBlank() ? marks : figure.caption + "\n" + marks;
    }

    /** Title, where each path ends and the function's value there, caption. */
    @Override
    public String toString() {
        var text = new StringBuilder(figure.title).append('\n');
        int width = figure.paths.stream().mapToInt(path -> path.optimizer.length()).max().orElse(0);
        for (Path path : figure.paths) {
            double[] end = path.points.get(path.points.size() - 1);
            text.append("  ").append(path.optimizer).append(" ".repeat(width - path.optimizer.length())).append("  (")
                    .append(Numbers.plain(end[0])).append(", ").append(Numbers.plain(end[1])).append("), f = ")
                    .append(Numbers.plain(figure.function.applyAsDouble(end[0], end[1]))).append(" after ")
                    .append(path.points.size() - 1).append(" steps\n");
        }
        return text.append(caption()).toString();
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return FigureBundle.TYPES;
    }

    @Override
    public void render(RenderContext context) {
        var traces = new ArrayList<Trace>();
        for (double level : lines.levels()) {
            traces.add(levelTrace(level));
        }
        for (int i = figure.paths.size() - 1; i >= 0; i--) {
            Path path = figure.paths.get(i);
            traces.add(trace(path.points).name(FigureBundle.label(path.optimizer)).mode(ScatterTrace.Mode.LINE)
                    .line(Line.builder().color(path.style.css()).width(2.2).dash(path.style.dash()).build()).build());
        }
        traces.add(mark(figure.paths.get(0).points.get(0), "start", Symbol.CIRCLE));
        if (figure.minimum != null) {
            traces.add(mark(figure.minimum, "minimum", Symbol.X));
        }
        new FigureBundle(figure.title, caption(), toString(), png(), HEIGHT,
                LivePlot.figure(traces, figure.x, figure.y, HEIGHT - LivePlot.CAPTION),
                FigureBundle.layout(figure.title, HEIGHT - LivePlot.CAPTION)).render(context);
    }

    /** All lines of a level as one trace without a name, which hovering passes over; NaN is the gap between two lines. */
    private ScatterTrace levelTrace(double level) {
        var points = new ArrayList<double[]>();
        for (List<double[]> line : lines.lines(level)) {
            points.addAll(line);
            points.add(new double[] {Double.NaN, Double.NaN});
        }
        return trace(points).name("").showLegend(false).mode(ScatterTrace.Mode.LINE)
                .line(Line.builder().color("#B4BEC9").width(0.8).build()).build();
    }

    private static ScatterTrace mark(double[] point, String name, Symbol symbol) {
        return trace(List.of(point)).name(name).showLegend(false).mode(ScatterTrace.Mode.MARKERS)
                .marker(Marker.builder().color("#1F2933").size(10).symbol(symbol).build()).build();
    }

    private static ScatterTrace.ScatterBuilder trace(List<double[]> points) {
        return ScatterTrace.builder(points.stream().mapToDouble(p -> p[0]).toArray(), points.stream().mapToDouble(p -> p[1]).toArray());
    }

    /** The steps of one optimizer; each point is (x, y). */
    private record Path(String optimizer, LineStyle style, List<double[]> points) {
    }

    /** Collects what a figure shows; {@link #build} checks it. */
    public static final class Builder {
        private final String title;
        private final DoubleBinaryOperator function;
        private final List<Path> paths = new ArrayList<>();
        private Axis x = new Axis("x", false, -1, 1);
        private Axis y = new Axis("y", false, -1, 1);
        private double[] minimum; // (x, y), or null
        private String caption = "";

        private Builder(String title, DoubleBinaryOperator function) {
            this.title = Objects.requireNonNull(title, "title");
            this.function = Objects.requireNonNull(function, "function");
        }

        /**
         * Sets the horizontal axis; without it, it is x from -1 to 1.
         *
         * @param label its name
         * @param low   left end
         * @param high  right end
         * @return this
         * @throws IllegalArgumentException unless low is below high
         */
        public Builder x(String label, double low, double high) {
            x = new Axis(label, false, low, high);
            return this;
        }

        /**
         * Sets the vertical axis; without it, it is y from -1 to 1.
         *
         * @param label its name
         * @param low   lower end
         * @param high  upper end
         * @return this
         * @throws IllegalArgumentException unless low is below high
         */
        public Builder y(String label, double low, double high) {
            y = new Axis(label, false, low, high);
            return this;
        }

        /**
         * Adds an optimizer's path.
         *
         * @param optimizer its name
         * @param points    (steps + 1, 2): the start, then the point after each step; the values are copied
         * @return this
         * @throws IllegalArgumentException if there is no point, or a point has not two coordinates
         */
        public Builder path(String optimizer, double[][] points) {
            if (points.length == 0) {
                throw new IllegalArgumentException("path of " + optimizer + ": expected at least the start, found no point");
            }
            var copy = new ArrayList<double[]>(points.length);
            for (int i = 0; i < points.length; i++) {
                if (points[i].length != 2) {
                    throw new IllegalArgumentException("path of " + optimizer + ", point " + i + ": expected 2 coordinates, found "
                            + points[i].length);
                }
                copy.add(points[i].clone());
            }
            long others = paths.stream().filter(path -> LineStyle.of(path.optimizer).isEmpty()).count();
            LineStyle style = LineStyle.of(optimizer).orElseGet(() -> LineStyle.other((int) others));
            paths.add(new Path(LineStyle.canonicalName(optimizer), style, List.copyOf(copy)));
            return this;
        }

        /**
         * Marks the function's minimum.
         *
         * @param minimumX its first coordinate
         * @param minimumY its second coordinate
         * @return this
         */
        public Builder minimum(double minimumX, double minimumY) {
            minimum = new double[] {minimumX, minimumY};
            return this;
        }

        /**
         * Adds a sentence below the figure.
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
         * @throws IllegalStateException    if there is no path, for an empty figure tells nothing
         * @throws IllegalArgumentException if the function is not finite somewhere in the window
         */
        public PathFigure build() {
            if (paths.isEmpty()) {
                throw new IllegalStateException("figure '" + title + "': expected at least one path, found none");
            }
            var copy = new Builder(title, function);
            copy.paths.addAll(paths);
            copy.x = x;
            copy.y = y;
            copy.minimum = minimum;
            copy.caption = caption;
            return new PathFigure(copy);
        }
    }
}
