package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;

class LineFigureTest {
    private static final Curve ADADIFF = new Curve("AdaDiff", "AdaDiff", false,
            List.of(new Curve.Point(1, 300, 290, 310, 3), new Curve.Point(2, 200.5, 190, 210, 3), new Curve.Point(3, 150.25, 150, 150.5, 2)));
    private static final Curve SGD = Curve.of("sgd", 280, 240, 220);

    private static LineFigure.Builder figure() {
        return LineFigure.builder("Test perplexity").y("test perplexity").curves(ADADIFF, SGD);
    }

    private static BufferedImage picture(LineFigure figure) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure.png()));
    }

    private static long pixels(BufferedImage image, LineStyle style) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()) == style.color().getRGB()).count();
    }

    static DisplayData shown(Object value) {
        return new Renderer().render(value);
    }

    static String html(Object value) {
        return (String) shown(value).getData(MIMEType.TEXT_HTML);
    }

    @Test
    void everyKernelOnTheBaseLibraryShowsItInThreeForms() throws IOException {
        DisplayData data = shown(figure().build());
        byte[] png = Base64.getDecoder().decode((String) data.getData(MIMEType.IMAGE_PNG));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertEquals(1520, image.getWidth(), "twice the CSS pixels");
        assertEquals(920, image.getHeight());
        assertTrue(data.hasDataForType(MIMEType.TEXT_HTML));
        assertEquals("""
                Test perplexity
                  AdaDiff  test perplexity 150.25 (150 to 150.5, n = 2) at epoch 3
                  SGD      test perplexity 220 at epoch 3
                Mean and min–max band over runs, AdaDiff n = 3 (2 from epoch 3 on), SGD n = 1.""", data.getData(MIMEType.TEXT_PLAIN));
    }

    @Test
    void anOptimizersLineHasItsColourAndOnlyItsOwn() throws IOException {
        BufferedImage image = picture(figure().build());
        assertTrue(pixels(image, LineStyle.ADADIFF) > 500, "AdaDiff is drawn");
        assertTrue(pixels(image, LineStyle.SGD) > 100, "SGD is drawn");
        assertEquals(0, pixels(image, LineStyle.ADAM), "Adam is not there");
        assertEquals(0xFFFFFFFF, image.getRGB(0, 0), "the ground is white");
    }

    @Test
    void aRunOfOneEpochIsSeen() throws IOException {
        assertTrue(pixels(picture(LineFigure.builder("One").curves(Curve.of("Adam", 5)).build()), LineStyle.ADAM) > 50);
    }

    @Test
    void theInteractivePlotHasExactlyTheGivenNumbers() {
        String html = html(figure().build());
        assertArrayEquals(new double[] {300, 200.5, 150.25}, values(html, "y", "AdaDiff"));
        assertArrayEquals(new double[] {1, 2, 3}, values(html, "x", "AdaDiff"));
        assertArrayEquals(new double[] {280, 240, 220}, values(html, "y", "SGD"));
    }

    /** The numbers of the last trace of that name: its line, which follows its band. */
    private static double[] values(String html, String axis, String name) {
        String trace = Arrays.stream(html.split("var trace\\d+ =")).filter(t -> t.contains("name: '" + name + "'")).reduce((a, b) -> b).orElseThrow();
        Matcher numbers = Pattern.compile("(?m)^" + axis + ": \\[(.*)]").matcher(trace);
        assertTrue(numbers.find(), "no " + axis + " in " + trace);
        return Arrays.stream(numbers.group(1).replace("\"", "").split(",")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void theFragmentIsVisibleWithoutScriptAndNetwork() {
        String html = html(figure().build());
        String withoutScript = html.replaceAll("(?s)<script>.*</script>", "");
        assertTrue(withoutScript.contains("<img ") && withoutScript.contains("src=\"data:image/png;base64,"), "the picture stands in the page");
        assertFalse(withoutScript.contains("http"), "nothing is fetched for it");
        assertFalse(withoutScript.substring(0, withoutScript.indexOf("<img")).contains("display:none"), "nor is it hidden");
        assertFalse(html.contains("<script src"), "a script that cannot load must not hold up the page");
    }

    @Test
    void theSameFigureIsTheSameBytes() {
        assertEquals(html(figure().build()), html(figure().build()));
    }

    @Test
    void namesCannotBreakOutOfHtmlOrScript() {
        String evil = "</script><b a='x' \\u0027 \"q\">";
        String html = html(LineFigure.builder(evil).y(evil).caption(evil).curves(new Curve(evil, "Adam", false, List.of(Curve.Point.of(1, 2)))).build());
        assertEquals(1, html.split("</script>", -1).length - 1, "only the fragment's own script ends");
        assertFalse(html.contains("<b a="), "no element comes from a name");
        String script = html.substring(html.indexOf("<script>"));
        assertFalse(Pattern.compile("(?<!\\\\)\\\\u0027").matcher(script).find(), "no backslash of a name starts an escape in a script");
    }

    @Test
    void aDivergedRunLeavesAGapAndDoesNotHideTheOthers() throws IOException {
        var figure = LineFigure.builder("Loss").y("loss (nats)").logY()
                .curves(Curve.of("Adam", 3, Double.POSITIVE_INFINITY, Double.NaN, 0), Curve.of("AdaDiff", 3, 2, 1, 0.5)).build();
        assertTrue(pixels(picture(figure), LineStyle.ADADIFF) > 500);
        assertTrue(figure.toString().contains("Adam     loss (nats) 0 at epoch 4"), figure::toString);
    }

    @Test
    void thePapersNumberIsAThinLineAndSaidInTheCaption() throws IOException {
        var figure = LineFigure.builder("One").curves(Curve.of("AdaDiff", 70, 66)).reference("adam", 67.06).build();
        assertTrue(figure.toString().contains("Thin horizontal lines: the paper, Adam 67.06."), figure::toString);
        assertTrue(pixels(picture(figure), LineStyle.ADAM) > 50);
    }

    @Test
    void thePapersNumberIsInThePictureHoweverFarOff() throws IOException {
        var figure = LineFigure.builder("Far").curves(Curve.of("AdaDiff", 30, 35)).reference("SGD", 94.8).build();
        assertTrue(pixels(picture(figure), LineStyle.SGD) > 50);
    }

    @Test
    void aFigureWithoutCurvesIsRefused() {
        var error = assertThrows(IllegalStateException.class, () -> LineFigure.builder("Empty").build());
        assertEquals("figure 'Empty': expected at least one curve, found none", error.getMessage());
    }
}
