package org.adadiff.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them, the same on every machine. */
final class Numbers {
    static final String MISSING = "–";

    private Numbers() {
    }

    /** At most five significant digits, without trailing zeros; scientific only where plain digits would be unreadable. */
    static String plain(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e7)) {
            return scientific(value);
        }
        var rounded = size >= 10_000 ? BigDecimal.valueOf(Math.round(value)) : new BigDecimal(value).round(new MathContext(5));
        // 100 would be stripped to 1E+2
        return minus(rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString());
    }

    private static String scientific(double value) {
        String[] parts = String.format(Locale.ROOT, "%.2e", value).split("e");
        String mantissa = new BigDecimal(parts[0]).stripTrailingZeros().toPlainString();
        String power = "10" + superscript(Integer.parseInt(parts[1]));
        return switch (mantissa) {
            case "1" -> power;
            case "-1" -> "−" + power;
            default -> minus(mantissa) + "×" + power;
        };
    }

    private static String superscript(int exponent) {
        var text = new StringBuilder();
        for (char c : Integer.toString(exponent).toCharArray()) {
            text.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
        }
        return text.toString();
    }

    /** A fixed number of decimals; what is not finite as {@link #plain} gives it. */
    static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? minus(String.format(Locale.ROOT, "%." + decimals + "f", value)) : plain(value);
    }

    /** A fixed number of decimals with its sign, for differences. */
    static String signed(double value, int decimals) {
        return Double.isFinite(value) ? minus(String.format(Locale.ROOT, "%+." + decimals + "f", value)) : plain(value);
    }

    private static String minus(String digits) {
        return digits.replace('-', '−');
    }
}
