package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.util.PairList;
import java.math.BigDecimal;
import java.util.function.Supplier;

/**
 * Elementwise operations that write into an array that exists already: on MXNet one operation of its engine each, on a GPU
 * one kernel launch. On another engine, whose operations have other names, the result takes the array's place. Factors are
 * given to those as float32: to PyTorch the product of a scalar and a float64 number is float64.
 */
final class InPlace {

    private InPlace() {}

    /** out = a * factor. */
    static void scale(NDArray a, double factor, NDArray out) {
        run("_npi_multiply_scalar", options("scalar", factor), () -> a.mul((float) factor), out, a);
    }

    /** out = a - b. */
    static void subtract(NDArray a, NDArray b, NDArray out) {
        run("_npi_subtract", null, () -> a.sub(b), out, a, b);
    }

    /** out = a / b. */
    static void divide(NDArray a, NDArray b, NDArray out) {
        run("_npi_true_divide", null, () -> a.div(b), out, a, b);
    }

    /** out = max(a, b), NaN where either is NaN. */
    static void maximum(NDArray a, NDArray b, NDArray out) {
        run("_npi_maximum", null, () -> a.maximum(b), out, a, b);
    }

    /** out = a^2. */
    static void square(NDArray a, NDArray out) {
        run("_npi_square", null, a::square, out, a);
    }

    /** out = sqrt(a). */
    static void sqrt(NDArray a, NDArray out) {
        run("_npi_sqrt", null, a::sqrt, out, a);
    }

    /** out = max(-limit, min(limit, a)). */
    static void clip(NDArray a, double limit, NDArray out) {
        PairList<String, Object> options = options("a_min", -limit);
        options.add("a_max", digits(limit));
        run("_npi_clip", options, () -> a.clip(-limit, limit), out, a);
    }

    /** out = a. */
    static void copy(NDArray a, NDArray out) {
        run("_npi_copyto", null, a::duplicate, out, a);
    }

    /** out = a + factor * b, as a step of plain SGD. */
    static void addScaled(NDArray a, double factor, NDArray b, NDArray out) {
        if (hasFusedSteps(a)) {
            invoke("sgd_update", options("lr", -factor), out, a, b);
        } else {
            if (out != a) {
                copy(a, out);
            }
            try (NDArray scaled = unscoped(b.mul((float) factor))) {
                out.addi(scaled); // and not another array in its place: a weight is known to its engine's autograd
            }
        }
    }

    /** mean = beta * mean + factor * x, as the momentum of an SGD step whose weights are of no use. Scratch may be x. */
    static void average(NDArray mean, double beta, NDArray x, double factor, NDArray scratch) {
        if (hasFusedSteps(mean)) {
            PairList<String, Object> options = options("lr", -factor);
            options.add("momentum", digits(beta));
            invoke("sgd_mom_update", options, scratch, x, x, mean);
        } else {
            scale(x, factor, scratch);
            mean.muli(beta).addi(scratch);
        }
    }

    /** MXNet's optimizer steps take no scalars, in its sense of arrays without dimensions. */
    private static boolean hasFusedSteps(NDArray array) {
        return isMxnet(array) && !array.getShape().isScalar();
    }

    private static boolean isMxnet(NDArray array) {
        return array.getManager().getEngine().getEngineName().equals("MXNet");
    }

    private static PairList<String, Object> options(String name, double value) {
        PairList<String, Object> options = new PairList<>();
        options.add(name, digits(value));
        return options;
    }

    /** A float32 for MXNet to read: it rounds once more where there is an exponent, and reads no more than 19 digits. */
    private static String digits(double value) {
        String text = Float.toString((float) value);
        return Math.abs(value) >= 1e-9 ? new BigDecimal(text).toPlainString() : text;
    }

    private static void run(
            String mxnet, PairList<String, ?> options, Supplier<NDArray> other, NDArray out, NDArray... in) {
        if (isMxnet(out)) {
            invoke(mxnet, options, out, in);
        } else {
            out.intern(unscoped(other.get()));
        }
    }

    private static NDArray unscoped(NDArray array) {
        NDScope.unregister(array);
        return array;
    }

    private static void invoke(String operation, PairList<String, ?> options, NDArray out, NDArray... in) {
        out.getManager().invoke(operation, in, new NDArray[] {out}, options);
    }
}
