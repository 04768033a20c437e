package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.GradientCollector;
import ai.djl.training.initializer.ConstantInitializer;
import java.util.List;
import java.util.Random;
import org.adadiff.engine.FilledArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradientClippingTest {

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void gradientsAboveTheLimitAreScaledTogetherAsPytorchDoes() {
        NDArray a = FilledArrays.floats(manager, new Shape(2, 2), 3, 0, 0, 0);
        NDArray b = manager.create(4f);
        assertEquals(5, GradientClipping.clipByGlobalNorm(new NDList(a, b), 0.25), 1e-6);
        double coefficient = 0.25 / (5 + 1e-6);
        assertArrayEquals(new float[] {(float) (3 * coefficient), 0, 0, 0}, a.toFloatArray(), 1e-7f);
        assertEquals(4 * coefficient, b.getFloat(), 1e-7);
    }

    @Test
    void gradientsBelowTheLimitStayBitForBit() {
        NDArray a = Arrays32.vector(manager, 0.3f, -0.4f);
        assertEquals(0.5, GradientClipping.clipByGlobalNorm(List.of(a), 0.6), 1e-6);
        assertArrayEquals(new float[] {0.3f, -0.4f}, a.toFloatArray());
    }

    @Test
    void noGradientsAndEmptyOnesHaveNormZero() {
        assertEquals(0, GradientClipping.clipByGlobalNorm(List.of(), 1));
        assertEquals(0, GradientClipping.globalNorm(List.of(manager.zeros(new Shape(0)))));
        NDArray four = Arrays32.vector(manager, 4);
        assertEquals(4, GradientClipping.globalNorm(List.of(manager.zeros(new Shape(2, 0)), four)));
    }

    @Test
    void aNormThatIsNotFiniteIsReturnedAndLeavesTheGradientsAlone() {
        NDArray fine = Arrays32.vector(manager, 8);
        NDArray infinite = Arrays32.vector(manager, Float.NEGATIVE_INFINITY);
        NDArray nan = Arrays32.vector(manager, Float.NaN);
        assertEquals(Double.POSITIVE_INFINITY, GradientClipping.clipByGlobalNorm(List.of(fine, infinite), 1));
        assertTrue(Double.isNaN(GradientClipping.clipByGlobalNorm(List.of(fine, nan), 1)));
        assertArrayEquals(new float[] {8}, fine.toFloatArray());
    }

    @Test
    void finiteGradientsWhoseSquaresOverflowFloat32AreStillClipped() {
        NDArray huge = Arrays32.vector(manager, 3e30f, 4e30f);
        assertEquals(5e30, GradientClipping.clipByGlobalNorm(List.of(huge), 1), 1e24);
        assertArrayEquals(new float[] {0.6f, 0.8f}, huge.toFloatArray(), 1e-6f);
    }

    @Test
    void aMillionElementsAreMeasuredTo1e4() {
        Random random = new Random(3);
        float[] values = new float[1_000_003];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5f + 0.01f * (float) random.nextGaussian();
            sum += (double) values[i] * values[i];
        }
        double norm = Math.sqrt(sum);
        assertEquals(norm, GradientClipping.globalNorm(List.of(Arrays32.vector(manager, values))), 1e-4 * norm);
    }

    @Test
    void ofParametersTheTrainableOnesCountOnceEach() {
        Parameter weight = parameter(2);
        Parameter frozen = parameter(100);
        frozen.freeze(true);
        ParameterList list = new ParameterList();
        list.add("weight", weight);
        list.add("tied", weight);
        list.add("frozen", frozen);
        try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            collector.backward(weight.getArray().square().sum()); // gradient 2*w = 1 for each of two elements
        }
        assertEquals(Math.sqrt(2), GradientClipping.clipByGlobalNorm(list, Math.sqrt(2) / 2), 1e-6);
        assertArrayEquals(new float[] {0.5f, 0.5f}, weight.getArray().getGradient().toFloatArray(), 1e-6f);
    }

    @Test
    void whatIsNotDenseFloat32AndALimitOfZeroAreRefused() {
        NDArray doubles = manager.ones(new Shape(2), DataType.FLOAT64);
        IllegalArgumentException type = assertThrows(
                IllegalArgumentException.class, () -> GradientClipping.clipByGlobalNorm(List.of(doubles), 1));
        assertEquals("Gradient (2): expected dense float32, found DENSE float64", type.getMessage());
        for (double limit : new double[] {0, -1, Double.NaN}) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> GradientClipping.clipByGlobalNorm(List.of(), limit));
            assertEquals("maxNorm: expected a number above 0, found " + limit, e.getMessage());
        }
    }

    private Parameter parameter(int size) {
        Parameter parameter = Parameter.builder().setName("p").setType(Parameter.Type.OTHER).build();
        parameter.setShape(new Shape(size));
        parameter.setInitializer(new ConstantInitializer(0.5f));
        parameter.initialize(manager, DataType.FLOAT32);
        return parameter;
    }
}
