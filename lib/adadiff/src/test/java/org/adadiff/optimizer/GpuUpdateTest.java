package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.adadiff.engine.CudaKernel;
import org.adadiff.engine.FilledArrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One kernel for each parameter gives the numbers of the pass over the CPU's memory, to the last bit. */
@Tag("gpu")
class GpuUpdateTest {

    static Iterable<FusedUpdateTest.Rule> rules() {
        return FusedUpdateTest.rules();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aGpuFindsTheNumbersOfTheCpu(FusedUpdateTest.Rule rule) {
        for (Shape shape : List.of(
                new Shape(0), new Shape(), new Shape(1), new Shape(257), new Shape(3, 1, 5, 7), new Shape(100_003))) {
            assertArrayEquals(run(rule, shape, Device.cpu()), run(rule, shape, Device.gpu()), shape.toString());
        }
    }

    private static float[] run(FusedUpdateTest.Rule rule, Shape shape, Device device) {
        Random random = new Random(3);
        try (NDManager manager = NDManager.newBaseManager(device);
                StatefulOptimizer optimizer = rule.optimizer(true)) {
            NDArray w = FilledArrays.floats(manager, shape, floats(random, shape));
            assertTrue(device.isGpu() == CudaKernel.reaches(w), "kernels run on " + w.getDevice());
            for (int t = 0; t < 10; t++) {
                try (NDArray g = FilledArrays.floats(manager, shape, floats(random, shape))) {
                    optimizer.update("w", w, g);
                }
            }
            return w.toFloatArray();
        }
    }

    private static float[] floats(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
