package org.adadiff.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On MXNet numbers go straight to its memory, on PyTorch's engine through a direct buffer. */
class FilledArraysTest {

    @ParameterizedTest
    @ValueSource(strings = {"MXNet", "PyTorch"})
    void numbersArriveInOrder(String engine) {
        try (NDManager manager = NDManager.newBaseManager(engine)) {
            NDArray floats = FilledArrays.floats(manager, new Shape(2, 3), 1, -2, 0.5f, 0, 1e-30f, 3);
            assertEquals(new Shape(2, 3), floats.getShape());
            assertArrayEquals(new float[] {1, -2, 0.5f, 0, 1e-30f, 3}, floats.toFloatArray());
            NDArray ints = FilledArrays.ints(manager, new Shape(3), 7, -1, Integer.MAX_VALUE);
            assertEquals(DataType.INT32, ints.getDataType());
            assertArrayEquals(new int[] {7, -1, Integer.MAX_VALUE}, ints.toIntArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MXNet", "PyTorch"})
    void oneBufferServesArraysOfAnySize(String engine) {
        try (NDManager manager = NDManager.newBaseManager(engine)) {
            var arrays = new FilledArrays();
            NDArray large = arrays.create(manager, new Shape(5), target -> target.put(new float[] {1, 2, 3, 4, 5}));
            NDArray small = arrays.create(manager, new Shape(2), target -> target.put(new float[] {8, 9}));
            arrays.fill(large, target -> target.put(new float[] {5, 4, 3, 2, 1}));
            assertArrayEquals(new float[] {8, 9}, small.toFloatArray());
            assertArrayEquals(new float[] {5, 4, 3, 2, 1}, large.toFloatArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MXNet", "PyTorch"})
    void tooFewNumbersAreRefused(String engine) {
        try (NDManager manager = NDManager.newBaseManager(engine)) {
            var e = assertThrows(IllegalArgumentException.class, () -> FilledArrays.floats(manager, new Shape(2, 2), 1, 2, 3));
            assertEquals("an array of shape (2, 2): expected 4 numbers, found 3", e.getMessage());
        }
    }
}
