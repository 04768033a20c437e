package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.util.PairList;

/**
 * Elementwise operations that write into an array that exists already, so that an update needs no temporaries of its
 * own. {@link NDArray} itself offers addi, subi, muli and divi alone.
 */
final class InPlace {

    private InPlace() {}

    /** out = a * factor. */
    static void scale(NDArray a, double factor, NDArray out) {
        PairList<String, Object> options = new PairList<>();
        options.add("scalar", Double.toString(factor));
        invoke("_npi_multiply_scalar", out, options, a);
    }

    /** out = a - b. */
    static void subtract(NDArray a, NDArray b, NDArray out) {
        invoke("_npi_subtract", out, null, a, b);
    }

    /** out = a / b. */
    static void divide(NDArray a, NDArray b, NDArray out) {
        invoke("_npi_true_divide", out, null, a, b);
    }

    /** out = max(a, b), NaN where either is NaN. */
    static void maximum(NDArray a, NDArray b, NDArray out) {
        invoke("_npi_maximum", out, null, a, b);
    }

    /** out = a^2. */
    static void square(NDArray a, NDArray out) {
        invoke("_npi_square", out, null, a);
    }

    /** out = sqrt(a). */
    static void sqrt(NDArray a, NDArray out) {
        invoke("_npi_sqrt", out, null, a);
    }

    /** a = max(-limit, min(limit, a)). */
    static void clip(NDArray a, double limit) {
        PairList<String, Object> options = new PairList<>();
        options.add("a_min", Double.toString(-limit));
        options.add("a_max", Double.toString(limit));
        invoke("_npi_clip", a, options, a);
    }

    /** out = a. */
    static void copy(NDArray a, NDArray out) {
        a.copyTo(out);
    }

    private static void invoke(String operation, NDArray out, PairList<String, ?> options, NDArray... in) {
        out.getManager().invoke(operation, in, new NDArray[] {out}, options);
    }
}
