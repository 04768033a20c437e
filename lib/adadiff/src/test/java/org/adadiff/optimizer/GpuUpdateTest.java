package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.adadiff.engine.CudaKernel;
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
        try (NDManager manager = NDManager.newBaseManager(device)) {
            assertEquals(device.isGpu(), CudaKernel.reaches(manager.zeros(new Shape(1))), "kernels run on " + device);
            return FusedUpdateTest.run(rule.optimizer(true), shape, manager);
        }
    }
}
