package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

class PathFigureTest {
    private static final DoubleBinaryOperator BOWL = (x, y) -> x * x + y * y;
    private static final Axis WINDOW = new Axis("w", false, -2, 2);

    @Test
    void levelLinesOfABowlAreClosedCircles() {
        var lines = new LevelLines(BOWL, WINDOW, WINDOW, 10);
        List<List<double[]>> circles = lines.lines(1);
        assertEquals(1, circles.size(), "one line for one circle");
        List<double[]> circle = circles.get(0);
        for (double[] point : circle) {
            assertEquals(1, Math.hypot(point[0], point[1]), 1e-3);
        }
        assertEquals(0, Math.hypot(circle.get(0)[0] - circle.get(circle.size() - 1)[0], circle.get(0)[1] - circle.get(circle.size() - 1)[1]));
    }

    @Test
    void levelLinesOfASaddleAreTwoBranchesThatEndAtTheEdge() {
        List<List<double[]>> branches = new LevelLines((x, y) -> x * y, WINDOW, WINDOW, 5).lines(0.5);
        assertEquals(2, branches.size());
        for (List<double[]> branch : branches) {
            branch.forEach(point -> assertEquals(0.5, point[0] * point[1], 1e-3));
            double[] end = branch.get(branch.size() - 1);
            assertEquals(2, Math.max(Math.abs(end[0]), Math.abs(end[1])), 1e-9, "the last point is on the window's edge");
        }
    }

    @Test
    void equalAreasLieBetweenTheLevels() {
        double[] levels = new LevelLines((x, y) -> Math.exp(9 * x), WINDOW, WINDOW, 3).levels();
        for (int i = 0; i < 3; i++) {
            assertEquals(i - 1, Math.log(levels[i]) / 9, 0.03, "quarters of the window, whatever the scale");
        }
    }

    @Test
    void thePathAndItsEndAreShown() throws Exception {
        var figure = PathFigure.builder("Bowl", BOWL).x("w₁", -2, 2).y("w₂", -2, 2)
                .path("adam", new double[][] {{-1.5, 1}, {-0.5, 0.5}, {0.5, 0}}).minimum(0, 0).build();
        var image = ImageIO.read(new ByteArrayInputStream(figure.png()));
        var colours = new HashSet<Integer>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertTrue(colours.contains(LineStyle.ADAM.color().getRGB()), "Adam's colour is in the picture");
        assertTrue(figure.toString().contains("Adam  (0.5, 0), f = 0.25 after 2 steps"), figure::toString);
        String html = LineFigureTest.html(figure);
        assertTrue(html.contains("x: [\"-1.5\",\"-0.5\",\"0.5\"]") && html.contains("y: [\"1.0\",\"0.5\",\"0.0\"]"), "the live plot has the path");
    }

    @Test
    void aFunctionThatIsNotFiniteInTheWindowIsRefused() {
        var builder = PathFigure.builder("Pole", (x, y) -> 1 / x).path("Adam", new double[][] {{1, 1}});
        var error = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(error.getMessage().contains("expected finite values, found Infinity at (0.0, -1.0)"), error::getMessage);
    }
}
