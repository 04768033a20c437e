package org.adadiff.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.util.Arrays;
import java.util.Locale;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;

/** The one look of every static figure: white ground, light grid, title at the left, legend and caption below. */
final class StaticChart {
    /** Size in CSS pixels; the picture has twice as many in both directions. */
    static final int WIDTH = 760;
    static final int HEIGHT = 460;

    private static final int SCALE = 2;
    static final Color INK = new Color(0x1F2933);
    private static final Color FAINT_INK = new Color(0x616E7C);
    private static final Color GRID = new Color(0xE4E7EB);

    private StaticChart() {
    }

    /** A renderer's line sample in the legend, long enough to show the dash. */
    static void prepare(XYLineAndShapeRenderer renderer) {
        renderer.setLegendLine(new Line2D.Double(-17, 0, 17, 0));
        renderer.setAutoPopulateSeriesShape(false);
        renderer.setDefaultShape(new Ellipse2D.Double(-3, -3, 6, 6));
    }

    /** A chart in the common look; the caption's lines stand under the legend. */
    static JFreeChart chart(String title, String caption, XYDataset data, Axis x, Axis y, double[] xs, double[] ys,
            XYLineAndShapeRenderer renderer) {
        var plot = new XYPlot(data, axis(x, xs), axis(y, ys), renderer);
        // Room around a tick's label keeps the next one away
        plot.getDomainAxis().setTickLabelInsets(new RectangleInsets(3, 14, 3, 14));
        plot.getRangeAxis().setTickLabelInsets(new RectangleInsets(8, 4, 8, 4));
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);

        var chart = new JFreeChart(null, null, plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(10, 12, 10, 18));
        var heading = new TextTitle(title, new Font(Font.SANS_SERIF, Font.BOLD, 15));
        heading.setPaint(INK);
        heading.setHorizontalAlignment(HorizontalAlignment.LEFT);
        heading.setTextAlignment(HorizontalAlignment.LEFT);
        heading.setPadding(0, 4, 10, 0);
        chart.setTitle(heading);
        if (!caption.isBlank()) {
            // Titles at one edge are laid from the edge inwards: the caption first, then the legend above it
            var note = new TextTitle(caption, new Font(Font.SANS_SERIF, Font.PLAIN, 11));
            note.setPaint(FAINT_INK);
            note.setPosition(RectangleEdge.BOTTOM);
            note.setHorizontalAlignment(HorizontalAlignment.LEFT);
            note.setTextAlignment(HorizontalAlignment.LEFT);
            note.setPadding(6, 4, 0, 0);
            chart.addSubtitle(note);
        }
        var legend = new LegendTitle(plot);
        legend.setFrame(BlockBorder.NONE);
        legend.setPosition(RectangleEdge.BOTTOM);
        legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
        legend.setItemFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        legend.setItemPaint(INK);
        legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, 14));
        chart.addSubtitle(legend);
        return chart;
    }

    private static ValueAxis axis(Axis axis, double[] values) {
        ValueAxis drawn;
        double[] range = axis.fitted(values);
        if (axis.log()) {
            drawn = new DecadeAxis(axis.label(), range[0], range[1]);
        } else {
            var linear = new NumberAxis(axis.label());
            linear.setRange(range[0], range[1]);
            if (Arrays.stream(values).allMatch(value -> value == Math.rint(value))) {
                linear.setStandardTickUnits(NumberAxis.createIntegerTickUnits()); // no epoch 1.5
            }
            linear.setNumberFormatOverride(new TrueMinus());
            drawn = linear;
        }
        drawn.setLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        drawn.setLabelPaint(FAINT_INK);
        drawn.setTickLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        drawn.setTickLabelPaint(FAINT_INK);
        drawn.setAxisLinePaint(new Color(0x9AA5B1));
        drawn.setTickMarkPaint(new Color(0x9AA5B1));
        drawn.setLabelInsets(new RectangleInsets(5, 5, 5, 5));
        return drawn;
    }

    /** The picture of a chart, {@link #WIDTH} CSS pixels wide, at twice the resolution. */
    static byte[] png(JFreeChart chart, int height) {
        var image = new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.scale(SCALE, SCALE);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            chart.setTextAntiAlias(true);
            chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        } finally {
            graphics.dispose();
        }
        return png(image);
    }

    /** A picture as the bytes of a PNG file. */
    static byte[] png(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(0.25f); // within 4 % of the smallest file, in a third of its time
            try (var stream = new MemoryCacheImageOutputStream(bytes)) {
                writer.setOutput(stream);
                writer.write(null, new IIOImage(image, null, null), parameters);
            } finally {
                writer.dispose();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the figure could not be written as PNG", e);
        }
        return bytes.toByteArray();
    }

    /** Tick labels with a minus sign instead of a hyphen, in no locale but the root's. */
    private static final class TrueMinus extends DecimalFormat {
        private static final long serialVersionUID = 1L;

        TrueMinus() {
            super("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
            setGroupingUsed(false);
        }

        @Override
        public StringBuffer format(double value, StringBuffer to, FieldPosition position) {
            int start = to.length();
            super.format(value, to, position);
            if (to.length() > start && to.charAt(start) == '-') {
                to.setCharAt(start, '−');
            }
            return to;
        }
    }
}
