package org.adadiff.report;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Level lines of a function of two variables, by marching squares on a regular grid.
 *
 * <p>The levels are quantiles of the values on the grid, so that equal areas lie between them whatever the function's
 * scale: a valley as deep as Rosenbrock's shows as well as a quadratic.
 */
final class LevelLines {
    private static final int CELLS = 160; // along each axis

    private final double[] xs = new double[CELLS + 1];
    private final double[] ys = new double[CELLS + 1];
    private final double[][] values = new double[CELLS + 1][CELLS + 1]; // [row of y][column of x]
    private final double[] levels;

    LevelLines(DoubleBinaryOperator function, Axis x, Axis y, int count) {
        for (int i = 0; i <= CELLS; i++) {
            xs[i] = x.low() + (x.high() - x.low()) * i / CELLS;
            ys[i] = y.low() + (y.high() - y.low()) * i / CELLS;
        }
        var sorted = new double[(CELLS + 1) * (CELLS + 1)];
        for (int row = 0; row <= CELLS; row++) {
            for (int column = 0; column <= CELLS; column++) {
                double value = function.applyAsDouble(xs[column], ys[row]);
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("level lines: expected finite values, found " + value + " at ("
                            + xs[column] + ", " + ys[row] + ")");
                }
                values[row][column] = value;
                sorted[row * (CELLS + 1) + column] = value;
            }
        }
        Arrays.sort(sorted);
        levels = new double[count];
        for (int i = 0; i < count; i++) {
            levels[i] = sorted[(int) Math.round((i + 1.0) / (count + 1) * (sorted.length - 1))];
        }
    }

    double[] levels() {
        return levels.clone();
    }

    /** The lines of one level, each from end to end, closed ones with their first point again at the end. */
    List<List<double[]>> lines(double level) {
        // Each grid edge is crossed at most once, so that an edge's number names the crossing
        var neighbours = new HashMap<Integer, List<Integer>>();
        for (int row = 0; row < CELLS; row++) {
            for (int column = 0; column < CELLS; column++) {
                connect(row, column, level, neighbours);
            }
        }
        var lines = new ArrayList<List<double[]>>();
        // Open lines first, from their ends; what is left are closed ones
        List<Integer> ends = neighbours.entrySet().stream().filter(e -> e.getValue().size() == 1).map(Map.Entry::getKey).sorted().toList();
        for (int end : ends) {
            follow(end, level, neighbours, lines);
        }
        for (int start : neighbours.keySet().stream().sorted().toList()) {
            follow(start, level, neighbours, lines);
        }
        return lines;
    }

    /** All lines of one level as one shape, in the function's coordinates. */
    Path2D path(double level) {
        var path = new Path2D.Double();
        for (List<double[]> line : lines(level)) {
            path.moveTo(line.get(0)[0], line.get(0)[1]);
            line.subList(1, line.size()).forEach(point -> path.lineTo(point[0], point[1]));
        }
        return path;
    }

    private void connect(int row, int column, double level, Map<Integer, List<Integer>> neighbours) {
        boolean a = values[row][column] >= level;
        boolean b = values[row][column + 1] >= level;
        boolean c = values[row + 1][column + 1] >= level;
        boolean d = values[row + 1][column] >= level;
        int bottom = edge(row, column, false);
        int top = edge(row + 1, column, false);
        int left = edge(row, column, true);
        int right = edge(row, column + 1, true);
        if (a == c && b == d && a != b) {
            // A saddle: the value in the middle tells which corners hang together
            boolean middle = (values[row][column] + values[row][column + 1]
                    + values[row + 1][column + 1] + values[row + 1][column]) / 4 >= level;
            join(bottom, middle == a ? right : left, neighbours);
            join(top, middle == a ? left : right, neighbours);
            return;
        }
        var crossed = new ArrayList<Integer>(2);
        if (a != b) {
            crossed.add(bottom);
        }
        if (b != c) {
            crossed.add(right);
        }
        if (c != d) {
            crossed.add(top);
        }
        if (d != a) {
            crossed.add(left);
        }
        if (crossed.size() == 2) {
            join(crossed.get(0), crossed.get(1), neighbours);
        }
    }

    private static void join(int one, int other, Map<Integer, List<Integer>> neighbours) {
        neighbours.computeIfAbsent(one, key -> new ArrayList<>(2)).add(other);
        neighbours.computeIfAbsent(other, key -> new ArrayList<>(2)).add(one);
    }

    /** Walks from one crossing to the next, taking away each step, until there is none left. */
    private void follow(int start, double level, Map<Integer, List<Integer>> neighbours, List<List<double[]>> lines) {
        if (neighbours.get(start).isEmpty()) {
            return;
        }
        var line = new ArrayList<double[]>();
        int here = start;
        line.add(crossing(here, level));
        while (!neighbours.get(here).isEmpty()) {
            Integer next = neighbours.get(here).remove(0);
            neighbours.get(next).remove((Integer) here);
            here = next;
            line.add(crossing(here, level));
        }
        lines.add(line);
    }

    /** Numbers the edge that starts at a grid point and goes up (vertical) or right. */
    private static int edge(int row, int column, boolean vertical) {
        return 2 * (row * (CELLS + 1) + column) + (vertical ? 1 : 0);
    }

    private double[] crossing(int edge, double level) {
        int row = edge / 2 / (CELLS + 1);
        int column = edge / 2 % (CELLS + 1);
        boolean vertical = edge % 2 == 1;
        double from = values[row][column];
        double to = vertical ? values[row + 1][column] : values[row][column + 1];
        double part = (level - from) / (to - from);
        return vertical ? new double[] {xs[column], ys[row] + part * (ys[row + 1] - ys[row])}
                : new double[] {xs[column] + part * (xs[column + 1] - xs[column]), ys[row]};
    }
}
