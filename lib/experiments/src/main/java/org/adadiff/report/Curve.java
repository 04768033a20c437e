package org.adadiff.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One line of a figure: a value over epochs (or steps), averaged over runs.
 *
 * @param name      what the legend says
 * @param optimizer whose colour and dash the line has
 * @param published true for the paper's numbers, which are drawn as a thin line
 * @param points    the line from left to right
 */
public record Curve(String name, String optimizer, boolean published, List<Point> points) {
    /**
     * One point of a curve.
     *
     * @param x    epoch or step
     * @param mean mean over the runs
     * @param min  smallest value of a run
     * @param max  largest value of a run
     * @param n    runs averaged here
     */
    public record Point(double x, double mean, double min, double max, int n) {
        /**
         * A point of a single run.
         *
         * @param x     epoch or step
         * @param value the run's value
         * @return the point, with n = 1
         */
        public static Point of(double x, double value) {
            return new Point(x, value, value, value, 1);
        }
    }

    /**
     * Makes a curve; the list is copied.
     *
     * @param name      what the legend says
     * @param optimizer whose colour and dash the line has
     * @param published true for the paper's numbers
     * @param points    the line from left to right
     * @throws IllegalArgumentException if there is no point
     */
    public Curve {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(optimizer, "optimizer");
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("curve '" + name + "': expected at least one point, found none");
        }
    }

    /**
     * A curve of one run or of values without spread.
     *
     * @param optimizer whose line it is, and its name
     * @param values    values at x = 1, 2, …
     * @return the curve, with n = 1
     */
    public static Curve of(String optimizer, double... values) {
        var points = new ArrayList<Point>(values.length);
        for (int i = 0; i < values.length; i++) {
            points.add(Point.of(i + 1, values[i]));
        }
        return new Curve(LineStyle.canonicalName(optimizer), optimizer, false, points);
    }

    /**
     * The most runs that a point is averaged over.
     *
     * @return n, at least 1
     */
    public int n() {
        return points.stream().mapToInt(Point::n).max().orElseThrow();
    }

    /**
     * The last point: the final value, where training ran to its end.
     *
     * @return the right-most point
     */
    public Point last() {
        return points.get(points.size() - 1);
    }

    /** How many runs are averaged, and from where on it is fewer: {@code n = 3 (2 from epoch 151 on)}. */
    String coverage(String xName) {
        var changes = new ArrayList<String>();
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).n() != points.get(i - 1).n()) {
                changes.add(points.get(i).n() + " from " + xName + " " + Numbers.plain(points.get(i).x()) + " on");
            }
        }
        return "n = " + points.get(0).n() + (changes.isEmpty() ? "" : " (" + String.join(", ", changes) + ")");
    }

    boolean hasSpread() {
        return points.stream().anyMatch(point -> point.max() > point.min());
    }
}
