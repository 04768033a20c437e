package org.adadiff.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.adadiff.train.OptimizerName;
import tech.tablesaw.plotly.components.Line.Dash;

/**
 * Colour and dash of a line: the same for an optimizer in every figure. Colours are Okabe and Ito's and Tol's, told apart by
 * colour-blind readers too; the dash alone is enough in black and white.
 */
enum LineStyle {
    ADADIFF("AdaDiff", 0xD55E00, Dash.SOLID),
    ADABELIEF("AdaBelief", 0x0072B2, Dash.DASH, 7, 3.5f),
    ADAM("Adam", 0x009E73, Dash.DASH_DOT, 8, 3, 1.5f, 3),
    SGD("SGD", 0xAA4499, Dash.DOT, 1.5f, 2.5f),
    /** For what is not one of the four, in order of appearance. */
    FIRST_OTHER(null, 0xE69F00, Dash.LONG_DASH, 12, 4),
    SECOND_OTHER(null, 0x56B4E9, Dash.LONG_DASH_DOT, 12, 3, 1.5f, 3),
    THIRD_OTHER(null, 0x4D4D4D, Dash.SOLID),
    FOURTH_OTHER(null, 0x882255, Dash.DASH, 5, 5);

    /** The paper's optimizers, in its order. */
    static final List<String> OPTIMIZERS = List.of(ADADIFF.optimizer, ADABELIEF.optimizer, ADAM.optimizer, SGD.optimizer);

    private final String optimizer;
    private final Color color;
    private final Dash dash;
    private final float[] dashLengths; // in pixels, on and off in turn; empty: solid

    LineStyle(String optimizer, int rgb, Dash dash, float... dashLengths) {
        this.optimizer = optimizer;
        this.color = new Color(rgb);
        this.dash = dash;
        this.dashLengths = dashLengths;
    }

    /** The fixed style of one of the four optimizers, its name in any case. */
    static Optional<LineStyle> of(String optimizer) {
        for (LineStyle style : values()) {
            if (optimizer.equalsIgnoreCase(style.optimizer)) {
                return Optional.of(style);
            }
        }
        return Optional.empty();
    }

    /** The style of the {@code index}-th line that is none of the four optimizers; they repeat after four. */
    static LineStyle other(int index) {
        return values()[FIRST_OTHER.ordinal() + index % 4];
    }

    /** The name as people write it, so that {@code adadiff} and {@code AdaDiff} are one line. */
    static String canonicalName(String optimizer) {
        return Arrays.stream(OptimizerName.values()).filter(name -> name.id().equalsIgnoreCase(optimizer)).findFirst()
                .map(OptimizerName::title).orElse(optimizer);
    }

    Color color() {
        return color;
    }

    Dash dash() {
        return dash;
    }

    String css() {
        return String.format("#%06X", color.getRGB() & 0xFFFFFF);
    }

    /** The colour with an opacity between 0 and 1, as CSS. */
    String css(double opacity) {
        return "rgba(" + color.getRed() + "," + color.getGreen() + "," + color.getBlue() + "," + opacity + ")";
    }

    BasicStroke stroke(float width) {
        return dashLengths.length == 0
                ? new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, dashLengths, 0f);
    }
}
