package org.adadiff.report;

import java.util.ArrayList;
import java.util.List;

import tech.tablesaw.plotly.components.Axis.Type;
import tech.tablesaw.plotly.components.Config;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.components.Line;
import tech.tablesaw.plotly.components.Margin;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.Trace;

/** The interactive form of a figure, made by tablesaw-jsplot from the same data and styles as the picture. */
final class LivePlot {
    private static final int TOP = 48;
    private static final int BOTTOM = 96;
    /** Above and below the plot's area, in CSS pixels. */
    static final int MARGINS = TOP + BOTTOM;
    /** How much less high than the picture the plot is: its caption stands outside. */
    static final int CAPTION = 30;

    private LivePlot() {
    }

    /** Bands first, then references, then lines, the first curve last and so on top. */
    static Figure of(List<Curve> curves, List<LineStyle> styles, List<LineFigure.Reference> references, Axis x, Axis y) {
        var traces = new ArrayList<Trace>();
        for (int i = curves.size() - 1; i >= 0; i--) {
            if (curves.get(i).hasSpread()) {
                traces.add(band(curves.get(i), styles.get(i), y));
            }
        }
        float published = LineFigure.publishedWidth(curves);
        double left = curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Curve.Point::x).min().orElse(0);
        double right = curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Curve.Point::x).max().orElse(1);
        for (LineFigure.Reference reference : references) {
            LineStyle style = LineStyle.of(reference.optimizer()).orElse(LineStyle.THIRD_OTHER);
            traces.add(ScatterTrace.builder(new double[] {left, right}, new double[] {reference.value(), reference.value()})
                    .name(FigureBundle.label(reference.optimizer() + ", paper")).showLegend(false).mode(ScatterTrace.Mode.LINE)
                    .line(Line.builder().color(style.css()).width(1).dash(style.dash()).build()).build());
        }
        for (int i = curves.size() - 1; i >= 0; i--) {
            Curve curve = curves.get(i);
            traces.add(ScatterTrace.builder(curve.points().stream().mapToDouble(Curve.Point::x).toArray(),
                    curve.points().stream().mapToDouble(Curve.Point::mean).toArray())
                    .name(FigureBundle.label(curve.name())).showLegend(LineFigure.inLegend(curve, curves))
                    .mode(curve.points().size() <= 12 ? ScatterTrace.Mode.LINE_AND_MARKERS : ScatterTrace.Mode.LINE)
                    .line(Line.builder().color(styles.get(i).css())
                            .width(curve.published() ? published : 2.2).dash(styles.get(i).dash()).build())
                    .build());
        }
        return figure(traces, x, y, StaticChart.HEIGHT - CAPTION);
    }

    /** The figure around traces. */
    static Figure figure(List<Trace> traces, Axis x, Axis y, int height) {
        Layout layout = Layout.builder().height(height).autosize(true).showLegend(true)
                .margin(Margin.builder().left(64).right(24).top(TOP).bottom(BOTTOM).build())
                .hoverMode(Layout.HoverMode.CLOSEST).xAxis(axis(x, false)).yAxis(axis(y, true)).build();
        Config config = Config.builder().responsive(true).displayLogo(false).build();
        return new Figure(layout, config, traces.toArray(Trace[]::new));
    }


    private static ScatterTrace band(Curve curve, LineStyle style, Axis y) {
        var outline = new ArrayList<double[]>();
        curve.points().forEach(p -> outline.add(new double[] {p.x(), p.max()}));
        for (int i = curve.points().size() - 1; i >= 0; i--) {
            outline.add(new double[] {curve.points().get(i).x(), curve.points().get(i).min()});
        }
        // A gap would cut the outline into two closed shapes
        outline.removeIf(point -> Double.isNaN(y.drawable(point[1])));
        return ScatterTrace.builder(outline.stream().mapToDouble(p -> p[0]).toArray(), outline.stream().mapToDouble(p -> p[1]).toArray())
                .name(FigureBundle.label(curve.name())).showLegend(false).mode(ScatterTrace.Mode.LINE)
                .line(Line.builder().color(style.css()).width(0).build())
                .fill(ScatterTrace.Fill.TO_SELF).fillColor(style.css(0.16)).build();
    }

    private static tech.tablesaw.plotly.components.Axis axis(Axis axis, boolean grid) {
        var builder = tech.tablesaw.plotly.components.Axis.builder().title(FigureBundle.label(axis.label()))
                .type(axis.log() ? Type.LOG : Type.LINEAR)
                .showGrid(grid).gridColor("#E4E7EB").zeroLineColor("#E4E7EB").lineColor("#9AA5B1").showLine(true);
        if (axis.isFixed()) {
            builder.range(axis.log() ? Math.log10(axis.low()) : axis.low(), axis.log() ? Math.log10(axis.high()) : axis.high());
        }
        return builder.build();
    }
}
