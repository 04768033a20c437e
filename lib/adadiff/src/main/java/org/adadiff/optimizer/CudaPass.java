package org.adadiff.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.adadiff.engine.CudaKernel;

/**
 * Applies a rule to a parameter on a GPU in one kernel, which reads and writes each number once. Where the CPU's pass works on
 * arrays, the kernel has one element of each in a register: {@code w}, {@code g} and the slots by their names, with underscores.
 */
final class CudaPass {

    private static final String NAME = "update";

    /** By source: optimizers of the same settings share one. */
    private static final Map<String, CudaKernel> KERNELS = new ConcurrentHashMap<>();

    private final CudaKernel kernel;

    /**
     * Compiles a kernel, unless that has been done before.
     *
     * @param source from {@link #source}
     * @param slots how many arrays of state there are
     * @param rates how many numbers change from step to step
     */
    CudaPass(String source, int slots, int rates) {
        kernel = KERNELS.computeIfAbsent(source, text -> new CudaKernel(NAME, text, 2 + slots, rates));
    }

    /**
     * Writes a kernel.
     *
     * @param step what changes g, w and the slots, in CUDA C++
     * @param slots the names of the arrays of state
     * @param rates the names of what changes from step to step
     */
    static String source(String step, List<String> slots, List<String> rates) {
        List<String> names = slots.stream().map(slot -> slot.replace(' ', '_')).toList();
        return """
                __device__ float larger(float a, float b) { // NaN where either is NaN, unlike fmaxf
                  return a > b || a != a ? a : b;
                }

                extern "C" __global__ void %s(float* weight, const float* gradient,%s%s long long n) {
                  long long i = blockIdx.x * (long long) blockDim.x + threadIdx.x;
                  if (i >= n) return;
                  float w = weight[i], g = gradient[i];
                  %s
                %s
                  weight[i] = w;
                  %s
                }
                """.formatted(NAME, each(names, " float* %1$s_array,"), each(rates, " float %1$s,"),
                each(names, "float %1$s = %1$s_array[i]; "), step, each(names, "%1$s_array[i] = %1$s; "));
    }

    void run(float[] rates, NDArray weight, NDArray gradient, ParameterState state) {
        NDArray[] arrays = new NDArray[2 + state.slots()];
        arrays[0] = weight;
        arrays[1] = gradient;
        for (int i = 0; i < state.slots(); i++) {
            arrays[2 + i] = state.slot(i);
        }
        kernel.launch(rates, arrays);
    }

    private static String each(List<String> names, String text) {
        return names.stream().map(text::formatted).collect(Collectors.joining());
    }

    /** A float32 as CUDA C++ takes it, to the last bit. */
    static String constant(String name, double value) {
        return "const float %s = __int_as_float(%#010x); // %s\n".formatted(name, Float.floatToIntBits((float) value), (float) value);
    }
}
