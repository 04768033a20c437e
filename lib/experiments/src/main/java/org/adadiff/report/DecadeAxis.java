package org.adadiff.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A logarithmic axis labelled between the powers of ten too, where JFreeChart's own labels only those. */
final class DecadeAxis extends LogAxis {
    private static final long serialVersionUID = 1L;

    DecadeAxis(String label, double low, double high) {
        super(label);
        setRange(low, high);
        setSmallestValue(Double.MIN_NORMAL);
    }

    @Override
    protected List<NumberTick> refreshTicksHorizontal(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.TOP_CENTER);
    }

    @Override
    protected List<NumberTick> refreshTicksVertical(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.CENTER_RIGHT);
    }

    /** Few labels on many decades, many within one: a range such as 100 to 170 has to get more than a single one. */
    private static double[] digits(double decades) {
        if (decades > 5) {
            return new double[] {1};
        }
        if (decades > 1) {
            return new double[] {1, 2, 5};
        }
        return decades > 0.5 ? new double[] {1, 1.5, 2, 3, 4, 5, 6, 8}
                : new double[] {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9};
    }

    private List<NumberTick> ticks(TextAnchor anchor) {
        double low = getRange().getLowerBound();
        double high = getRange().getUpperBound();
        double decades = Math.log10(high / low);
        double[] digits = digits(decades);
        int step = Math.max(1, (int) Math.ceil(decades / 8));
        var ticks = new ArrayList<NumberTick>();
        for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
            for (double digit : digits) {
                double value = digit * Math.pow(10, power);
                if (value >= low && value <= high && Math.floorMod(power, step) == 0) {
                    ticks.add(new NumberTick(TickType.MAJOR, value, Numbers.plain(value), anchor, TextAnchor.CENTER, 0));
                }
            }
        }
        return ticks;
    }
}
