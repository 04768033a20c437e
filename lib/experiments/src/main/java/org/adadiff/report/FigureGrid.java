package org.adadiff.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A figure of several panels, two side by side. In a notebook each panel turns interactive by itself.
 *
 * @param title  what all panels show
 * @param panels from left to right, from top to bottom
 */
public record FigureGrid(String title, List<LineFigure> panels) implements DisplayDataRenderable {
    private static final int COLUMNS = 2;
    private static final int HEADING = 84; // pixels of the picture, which has two for each CSS pixel

    /**
     * Makes the figure; the list is copied.
     *
     * @param title  what all panels show
     * @param panels from left to right, from top to bottom
     * @throws IllegalArgumentException if there is none, for an empty figure tells nothing
     */
    public FigureGrid {
        panels = List.copyOf(panels);
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("figure '" + title + "': expected at least one panel, found none");
        }
    }

    /**
     * The picture of all panels.
     *
     * @return the bytes of a PNG file
     */
    public byte[] png() {
        List<BufferedImage> pictures = panels.stream().map(panel -> decode(panel.png())).toList();
        int width = pictures.get(0).getWidth();
        int height = pictures.get(0).getHeight();
        var image = new BufferedImage(width * Math.min(COLUMNS, panels.size()),
                HEADING + height * ((panels.size() + COLUMNS - 1) / COLUMNS), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(StaticChart.INK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 38));
            graphics.drawString(title, 32, 60);
            for (int i = 0; i < pictures.size(); i++) {
                graphics.drawImage(pictures.get(i), i % COLUMNS * width, HEADING + i / COLUMNS * height, null);
            }
        } finally {
            graphics.dispose();
        }
        return StaticChart.png(image);
    }

    private static BufferedImage decode(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException e) {
            throw new UncheckedIOException("a panel's picture could not be read", e);
        }
    }

    /** Every point, for programs. */
    Table numbers() {
        var texts = Stream.of("panel", "optimizer", "source", "x_is").map(StringColumn::create).toList();
        var numbers = Stream.of("x", "mean", "min", "max", "n").map(DoubleColumn::create).toList();
        for (LineFigure panel : panels) {
            for (Curve curve : panel.curves()) {
                for (Curve.Point point : curve.points()) {
                    texts.get(0).append(panel.title());
                    texts.get(1).append(curve.optimizer());
                    texts.get(2).append(curve.published() ? "paper" : "ours");
                    texts.get(3).append(panel.xLabel());
                    numbers.get(0).append(point.x());
                    numbers.get(1).append(point.mean());
                    numbers.get(2).append(point.min());
                    numbers.get(3).append(point.max());
                    numbers.get(4).append(point.n());
                }
            }
        }
        return Table.create(title).addColumns(texts.toArray(StringColumn[]::new)).addColumns(numbers.toArray(DoubleColumn[]::new));
    }

    /** Title, caption and last values of each panel. */
    @Override
    public String toString() {
        return title + "\n" + panels.stream().map(LineFigure::toString).collect(Collectors.joining("\n\n"));
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return FigureBundle.TYPES;
    }

    @Override
    public void render(RenderContext context) {
        context.renderIfRequested(MIMEType.TEXT_HTML, this::html);
        context.renderIfRequested(MIMEType.IMAGE_PNG, () -> Base64.getEncoder().encodeToString(png()));
        context.renderIfRequested(MIMEType.TEXT_PLAIN, this::toString);
    }

    private String html() {
        return "<p style=\"font-weight:600\">" + Html.escape(title) + "</p>\n"
                + "<div style=\"display:grid;grid-template-columns:repeat(auto-fit,minmax(min(560px,100%),1fr));gap:8px\">\n"
                + panels.stream().map(panel -> "<div style=\"min-width:0\">" + panel.bundle().html() + "</div>\n")
                        .collect(Collectors.joining()) + "</div>\n";
    }
}
