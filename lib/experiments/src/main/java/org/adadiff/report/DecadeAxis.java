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

/** A logarithmic axis with a label at 1, 2 and 5 of each decade, where JFreeChart's own labels only powers of ten. */
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

    private List<NumberTick> ticks(TextAnchor anchor) {
        double low = getRange().getLowerBound();
        double high = getRange().getUpperBound();
        double decades = Math.log10(high / low);
        // Few labels on many decades, all digits within one
        double[] digits = decades > 5 ? new double[] {1} : decades > 1 ? new double[] {1, 2, 5} : new double[] {1, 1.5, 2, 3, 4, 5, 6, 8};
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
