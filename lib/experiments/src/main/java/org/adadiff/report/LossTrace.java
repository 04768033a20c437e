package org.adadiff.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The training loss of one run over its length, as a small line that is cheap enough to draw while the run goes on. */
final class LossTrace {
    private static final int PARTS = 150; // of a run's length; each is one point of the line
    private static final int WIDTH = 560; // CSS pixels
    private static final int HEIGHT = 170;
    private static final int LEFT = 44;
    private static final int BOTTOM = 22;
    private static final int EDGE = 6;

    private final String colour;
    private final double[] sums = new double[PARTS];
    private final int[] counts = new int[PARTS];

    LossTrace(String colour) {
        this.colour = colour;
    }

    String colour() {
        return colour;
    }

    /** Adds a step's loss, in nats, at a share of the run's length between 0 and 1. */
    void add(double share, double loss) {
        int part = Math.min(PARTS - 1, (int) (share * PARTS));
        sums[part] += loss;
        counts[part]++;
    }

    private DoubleStream losses() {
        return IntStream.range(0, PARTS).filter(part -> counts[part] > 0).mapToDouble(part -> sums[part] / counts[part]);
    }

    /** All lines in one drawing; the horizontal axis is the share of a run. */
    static String svg(List<LossTrace> traces) {
        var range = traces.stream().flatMapToDouble(LossTrace::losses).filter(Double::isFinite).summaryStatistics();
        if (range.getCount() == 0) {
            return "";
        }
        double low = range.getMin();
        double height = Math.max(range.getMax() - low, 1e-9);
        var svg = new StringBuilder(String.format(Locale.ROOT, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\" "
                + "style=\"display:block;max-width:100%%\" role=\"img\" aria-label=\"training loss so far\">"
                + "<g fill=\"none\" stroke=\"#808080\" stroke-width=\".6\"><path d=\"M%3$d %4$dV%5$dH%6$d\"/></g>"
                + "<g fill=\"#808080\" font-size=\"11\"><text x=\"%7$d\" y=\"%8$d\" text-anchor=\"end\">%9$.2f</text>"
                + "<text x=\"%7$d\" y=\"%5$d\" text-anchor=\"end\">%10$.2f</text>"
                + "<text x=\"%3$d\" y=\"%11$d\">start</text><text x=\"%6$d\" y=\"%11$d\" text-anchor=\"end\">end of the run</text>"
                + "<text x=\"%6$d\" y=\"%8$d\" text-anchor=\"end\">training loss (nats)</text></g>",
                WIDTH, HEIGHT, LEFT, EDGE, HEIGHT - BOTTOM, WIDTH - EDGE, LEFT - EDGE, EDGE + 10, range.getMax(), low, HEIGHT - EDGE));
        for (LossTrace trace : traces) {
            svg.append("<polyline fill=\"none\" stroke-width=\"1.6\" stroke=\"").append(trace.colour).append("\" points=\"");
            for (int part = 0; part < PARTS; part++) {
                double loss = trace.sums[part] / trace.counts[part];
                if (Double.isFinite(loss)) { // not where there was no step yet
                    svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", LEFT + (part + 0.5) / PARTS * (WIDTH - EDGE - LEFT),
                            EDGE + (1 - (loss - low) / height) * (HEIGHT - BOTTOM - EDGE)));
                }
            }
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }
}
