package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels for GPUs, compiled for the processor by the system's C++ compiler where there is one: what they compute is what the
 * pass over memory computes, to the last bit.
 */
class CudaSourceTest {
    private static final int SIZE = 1000;

    private static final String CUDA_ON_THE_PROCESSOR = """
            #include <cmath>
            #include <cstring>
            #define __device__ static
            #define __global__
            struct Index { long long x; };
            static Index blockIdx, threadIdx, blockDim{1};
            static float __int_as_float(int bits) { float value; std::memcpy(&value, &bits, 4); return value; }
            """;

    private static final List<FusedUpdateTest.Rule> RULES = FusedUpdateTest.rules();

    @TempDir
    static Path folder;

    private static NativeLibrary kernels;

    static List<FusedUpdateTest.Rule> rules() {
        return RULES;
    }

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        assumeTrue(run("c++", "--version") == 0, "no C++ compiler");
        StringBuilder text = new StringBuilder(CUDA_ON_THE_PROCESSOR);
        for (int i = 0; i < RULES.size(); i++) {
            try (StatefulOptimizer optimizer = RULES.get(i).optimizer(true)) {
                text.append(kernel(optimizer, i));
            }
        }
        Path source = Files.writeString(folder.resolve("kernels.cpp"), text);
        Path library = folder.resolve("kernels.so");
        int result = run("c++", "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-o", library.toString(), source.toString());
        assertEquals(0, result, text::toString);
        kernels = NativeLibrary.getInstance(library.toString());
    }

    /** An optimizer's kernel and a loop over it, under names of their own. */
    private static String kernel(StatefulOptimizer optimizer, int number) {
        int rates = optimizer.rates(1, 0.01).length;
        String arguments = IntStream.range(0, 2 + optimizer.slots()).mapToObj(i -> "arrays[" + i + "], ").collect(Collectors.joining())
                + IntStream.range(0, rates).mapToObj(i -> "rates[" + i + "], ").collect(Collectors.joining());
        return """
                #define update update%1$d
                #define larger larger%1$d
                %2$s
                extern "C" void all%1$d(float** arrays, float* rates, long long n) {
                  for (threadIdx.x = 0; threadIdx.x < n; threadIdx.x++) update(%3$sn);
                }
                #undef update
                #undef larger
                """.formatted(number, optimizer.cudaSource(rates), arguments);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aKernelComputesWhatThePassOverMemoryComputes(FusedUpdateTest.Rule rule) {
        try (StatefulOptimizer optimizer = rule.optimizer(true)) {
            Random random = new Random(1);
            float[][] arrays = IntStream.range(0, 2 + optimizer.slots()).mapToObj(i -> floats(random, i > 2)).toArray(float[][]::new);
            arrays[1][0] = Float.NaN;
            arrays[1][1] = Float.POSITIVE_INFINITY;
            arrays[1][2] = 0;
            Pointer[] memory = Arrays.stream(arrays).map(array -> {
                Memory copy = new Memory(SIZE * Float.BYTES);
                copy.write(0, array, 0, SIZE);
                return copy;
            }).toArray(Pointer[]::new);
            for (int t = 1; t <= 5; t++) {
                float[] rates = optimizer.rates(t, 0.01);
                kernels.getFunction("all" + RULES.indexOf(rule)).invoke(new Object[] {memory, rates, (long) SIZE});
                optimizer.blockRule(rates).apply(arrays[0], arrays[1].clone(), Arrays.copyOfRange(arrays, 2, arrays.length), SIZE);
                for (int i = 0; i < arrays.length; i++) {
                    assertArrayEquals(arrays[i], memory[i].getFloatArray(0, SIZE), "array " + i + " after step " + t);
                }
            }
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        } catch (IOException e) {
            return -1; // there is no such program
        }
    }

    private static float[] floats(Random random, boolean moments) {
        float[] values = FusedUpdateTest.floats(random, SIZE);
        for (int i = 0; moments && i < SIZE; i++) {
            values[i] = Math.abs(values[i]); // second moments are not negative
        }
        return values;
    }
}
