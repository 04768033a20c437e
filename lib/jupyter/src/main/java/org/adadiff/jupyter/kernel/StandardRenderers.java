package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.common.Text;
import io.github.spencerpark.jupyter.kernel.display.common.Url;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * What the base library's renderer shows of texts, pictures and addresses. Its pictures lack the last bytes, and its links are no
 * links. All that is registered for a type is run, so these cannot be added to a renderer that has the others.
 */
final class StandardRenderers {
    private StandardRenderers() {}

    static Renderer create() {
        Renderer renderer = new Renderer();
        renderer.createRegistration(RenderedImage.class)
                .preferring(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.IMAGE_JPEG, MIMEType.IMAGE_GIF)
                .register(StandardRenderers::renderImage);
        renderer.createRegistration(InputStream.class)
                .preferring(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.IMAGE_JPEG, MIMEType.IMAGE_GIF)
                .register(StandardRenderers::renderStream);
        renderer.createRegistration(URL.class).supporting(MIMEType.ANY).register(StandardRenderers::renderAddress);
        renderer.createRegistration(URLConnection.class)
                .supporting(MIMEType.ANY)
                .register((connection, context) -> renderAddress(connection.getURL(), context));
        Text.registerAll(renderer);
        return renderer;
    }

    private static void renderImage(RenderedImage image, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, () -> base64(image, "png"));
        context.renderIfRequested(MIMEType.IMAGE_JPEG, () -> base64(image, "jpeg"));
        context.renderIfRequested(MIMEType.IMAGE_GIF, () -> base64(image, "gif"));
    }

    private static void renderStream(InputStream stream, RenderContext context) {
        try {
            RenderedImage image = ImageIO.read(stream);
            if (image != null) {
                renderImage(image, context);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a picture from " + stream, e);
        }
    }

    private static String base64(RenderedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                // JPEG has no transparency
                ImageIO.write(opaque(image), format, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a picture as " + format, e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static RenderedImage opaque(RenderedImage image) {
        BufferedImage opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.drawRenderedImage(image, new AffineTransform());
        graphics.dispose();
        return opaque;
    }

    private static void renderAddress(URL address, RenderContext context) {
        if (context.getParameterAsBoolean(Url.EMBED_KEY, false)) {
            Url.renderUrl(address, context);
        } else {
            String tag = context.getParameterAsString(Url.HTML_TAG_KEY, "a");
            boolean link = tag.equals("a");
            String attribute = context.getParameterAsString(Url.HTML_SRC_ATTR_KEY, link ? "href" : "src");
            String text = escaped(address.toExternalForm());
            String start = "<" + tag + " " + attribute + "=\"" + text + "\">";
            context.renderIfRequested(MIMEType.TEXT_HTML, () -> link ? start + text + "</a>" : start);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
