package org.adadiff.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import javax.imageio.ImageIO;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.adadiff.dataset.Cifar;

/** Small pictures of a data set in rows of ten, each with its class below; it displays as a picture. */
public final class PictureSheet implements DisplayDataRenderable {
    private static final int COLUMNS = 10;
    private static final int SIDE = 32;   // pixels of a stored picture
    private static final int PICTURE = 64; // CSS pixels of a shown one
    private static final int CELL_WIDTH = 76;
    private static final int CELL_HEIGHT = 88;
    private static final int SCALE = 2; // image pixels per CSS pixel

    private final Cifar images;
    private final List<Integer> shown;

    private PictureSheet(Cifar images, List<Integer> shown) {
        this.images = images;
        this.shown = shown;
    }

    /**
     * Shows the first picture of each class, as it is stored: neither cropped nor normalised.
     *
     * @param images the data set
     * @return the sheet; classes without a picture are left out
     */
    public static PictureSheet firstOfEachClass(Cifar images) {
        var first = new Integer[images.classes()];
        for (int i = images.size() - 1; i >= 0; i--) {
            first[images.label(i)] = i;
        }
        var shown = new ArrayList<Integer>();
        for (Integer index : first) {
            if (index != null) {
                shown.add(index);
            }
        }
        return new PictureSheet(images, List.copyOf(shown));
    }

    private int width() {
        return CELL_WIDTH * Math.min(COLUMNS, shown.size());
    }

    private int height() {
        return CELL_HEIGHT * ((shown.size() + COLUMNS - 1) / COLUMNS);
    }

    /**
     * The pictures at twice their size on the page.
     *
     * @return the bytes of a PNG file
     */
    public byte[] png() {
        var sheet = new BufferedImage(width() * SCALE, height() * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            graphics.scale(SCALE, SCALE);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
            graphics.setColor(new Color(0x1F2933));
            for (int i = 0; i < shown.size(); i++) {
                int x = i % COLUMNS * CELL_WIDTH;
                int y = i / COLUMNS * CELL_HEIGHT;
                graphics.drawImage(picture(shown.get(i)), x + 6, y + 2, PICTURE, PICTURE, null);
                String name = name(shown.get(i));
                graphics.drawString(name, x + (CELL_WIDTH - graphics.getFontMetrics().stringWidth(name)) / 2, y + PICTURE + 16);
            }
        } finally {
            graphics.dispose();
        }
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(sheet, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("the pictures could not be written as PNG", e);
        }
        return bytes.toByteArray();
    }

    private BufferedImage picture(int index) {
        var picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                picture.setRGB(x, y, images.pixel(index, 0, y, x) << 16 | images.pixel(index, 1, y, x) << 8 | images.pixel(index, 2, y, x));
            }
        }
        return picture;
    }

    private String name(int index) {
        return images.name(images.label(index));
    }

    /** The classes, in order. */
    @Override
    public String toString() {
        return "The first picture of each class: " + shown.stream().map(this::name).collect(Collectors.joining(", "));
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return Set.of(MIMEType.IMAGE_PNG, MIMEType.TEXT_PLAIN);
    }

    @Override
    public void render(RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, (type, out) -> out.putData(type, Base64.getEncoder().encodeToString(png()),
                Map.of("width", width(), "height", height())));
        context.renderIfRequested(MIMEType.TEXT_PLAIN, this::toString);
    }
}
