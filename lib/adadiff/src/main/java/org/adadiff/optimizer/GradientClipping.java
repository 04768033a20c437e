package org.adadiff.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.PairList;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Clipping by global norm, between backward and update: if the L2 norm of all gradients taken together exceeds a limit,
 * all are scaled by the same factor, limit / (norm + 1e-6), as PyTorch's clip_grad_norm_ does (Pascanu et al. 2013).
 *
 * <p>A norm that is NaN or infinite, because some element is, leaves the gradients as they are and is returned: scaling
 * would turn every finite element into 0 or NaN as well. The caller sees it in the result.
 */
public final class GradientClipping {

    private GradientClipping() {}

    /**
     * Clips the gradients of all trainable parameters, each once however many names it has.
     *
     * @param parameters initialized parameters; those frozen are left out of the norm
     * @param maxNorm the limit, above 0
     * @return the norm before clipping
     * @throws IllegalArgumentException if maxNorm is not above 0, or a gradient is not dense float32
     */
    public static double clipByGlobalNorm(ParameterList parameters, double maxNorm) {
        try (NDList gradients = new NDList()) {
            Set<String> seen = new HashSet<>(); // tied weights stand in the list under several names
            for (Parameter parameter : parameters.values()) {
                if (parameter.requiresGradient() && seen.add(parameter.getId())) {
                    gradients.add(parameter.getArray().getGradient());
                }
            }
            return clipByGlobalNorm(gradients, maxNorm);
        }
    }

    /**
     * Clips the given gradients, in place.
     *
     * @param gradients dense float32 arrays of any shapes, on any devices
     * @param maxNorm the limit, above 0; infinity only measures
     * @return the norm before clipping, 0 for no gradients
     * @throws IllegalArgumentException if maxNorm is not above 0, or a gradient is not dense float32
     */
    public static double clipByGlobalNorm(Collection<NDArray> gradients, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("maxNorm: expected a number above 0, found " + maxNorm);
        }
        double norm = globalNorm(gradients);
        if (Double.isFinite(norm)) {
            // coefficient = min(1, max_norm / (norm + 1e-6))
            double coefficient = maxNorm / (norm + 1e-6);
            if (coefficient < 1) {
                gradients.forEach(gradient -> gradient.muli(coefficient));
            }
        }
        return norm;
    }

    /**
     * Measures the L2 norm of all elements of the given arrays taken together. MXNet sums the squares of each array in
     * float32, which is good to about 1e-4 for arrays of millions of elements.
     *
     * @param gradients dense float32 arrays of any shapes, on any devices
     * @return the norm, 0 for no arrays; NaN or infinite if an element is
     * @throws IllegalArgumentException if an array is not dense float32
     */
    public static double globalNorm(Collection<NDArray> gradients) {
        Map<Device, NDList> byDevice = new LinkedHashMap<>();
        for (NDArray gradient : gradients) {
            if (gradient.isSparse() || gradient.getDataType() != DataType.FLOAT32) {
                throw new IllegalArgumentException(
                        "Gradient " + gradient.getShape() + ": expected dense float32, found "
                                + gradient.getSparseFormat() + " " + gradient.getDataType());
            }
            byDevice.computeIfAbsent(gradient.getDevice(), device -> new NDList()).add(gradient);
        }
        double sum = 0;
        for (NDList onDevice : byDevice.values()) {
            sum += sumOfSquares(onDevice);
        }
        if (!Double.isFinite(sum)) {
            // The square of a finite float32 above 1.8e19 is infinite: only float64 can tell it from an infinite element.
            sum = gradients.stream().mapToDouble(GradientClipping::sumOfSquaresInDouble).sum();
        }
        return Math.sqrt(sum);
    }

    private static double sumOfSquares(NDList arrays) {
        PairList<String, Object> options = new PairList<>();
        options.add("num_arrays", Integer.toString(arrays.size()));
        NDList flat = new NDList();
        NDList views = new NDList();
        for (NDArray array : arrays) {
            NDArray vector = array;
            if (array.getShape().isScalar()) { // multi_sum_sq does not take scalars
                vector = array.reshape(1);
                views.add(vector);
            }
            flat.add(vector);
        }
        try (views;
                NDList sums = arrays.head().getManager().invoke("multi_sum_sq", flat, options)) {
            double sum = 0;
            for (float square : sums.singletonOrThrow().toFloatArray()) {
                sum += square;
            }
            return sum;
        }
    }

    private static double sumOfSquaresInDouble(NDArray array) {
        FloatBuffer values = array.toByteBuffer().asFloatBuffer();
        double sum = 0;
        while (values.hasRemaining()) {
            double value = values.get();
            sum += value * value;
        }
        return sum;
    }
}
