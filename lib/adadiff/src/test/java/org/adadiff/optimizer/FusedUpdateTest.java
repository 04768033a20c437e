package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.adadiff.engine.FilledArrays;
import org.adadiff.engine.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The single pass over memory against the same update as array operations. */
class FusedUpdateTest {

    private static final String FUSED = "org.adadiff.fused";
    private static final int B = BlockPass.BLOCK;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        System.clearProperty(FUSED);
        manager.close();
    }

    record Rule(String name, Function<Settings, StatefulOptimizer> make, Settings settings) {

        StatefulOptimizer optimizer(boolean fused) {
            System.setProperty(FUSED, Boolean.toString(fused));
            return make.apply(settings);
        }

        @Override
        public String toString() {
            return name + ", " + settings;
        }
    }

    static List<Rule> rules() {
        Settings plain = Settings.DEFAULT.learningRate(t -> 1e-2);
        Settings all = plain.rescale(0.5).weightDecay(5e-3).clip(0.25);
        List<Rule> rules = new ArrayList<>();
        for (Settings s : List.of(plain, Settings.DEFAULT, Settings.DEFAULT.learningRate(t -> 3e-4 / t), plain.clip(0.5), plain.weightDecay(5e-4), all, all.amsgrad(true), plain.rescale(3))) {
            rules.add(new Rule("AdaDiff", Settings::adaDiff, s));
            rules.add(new Rule("AdaDiff", Settings::adaDiff, s.printedEpsilon(true)));
            rules.add(new Rule("AdaBelief", Settings::adaBelief, s));
            rules.add(new Rule("Adam", Settings::adam, s));
            rules.add(new Rule("Adam", Settings::adam, s.accumulatedEpsilon(true)));
            rules.add(new Rule("MomentumSgd", Settings::sgd, s));
            rules.add(new Rule("MomentumSgd", Settings::sgd, s.momentum(0.9)));
        }
        return rules;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void thePassGivesTheNumbersOfTheArrayOperationsForAnySize(Rule rule) {
        for (int size : new int[] {0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, B - 1, B, B + 1, 5 * B + 13}) {
            assertClose(run(rule.optimizer(false), new Shape(size)), run(rule.optimizer(true), new Shape(size)), "size " + size);
        }
        assertClose(run(rule.optimizer(false), new Shape()), run(rule.optimizer(true), new Shape()), "scalar");
        Shape shape = new Shape(3, 1, 5, 7);
        assertClose(run(rule.optimizer(false), shape), run(rule.optimizer(true), shape), shape.toString());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theThreadCountDoesNotChangeABit(Rule rule) {
        int size = 23 * B + 5;
        float[][] expected = null;
        for (int threads : new int[] {1, 2, 3, 7}) {
            Random random = new Random(5);
            float[][] arrays = IntStream.range(0, 6).mapToObj(i -> floats(random, size)).toArray(float[][]::new);
            for (int slot = 3; slot < 6; slot++) {
                for (int i = 0; i < size; i++) {
                    arrays[slot][i] = Math.abs(arrays[slot][i]); // second moments are not negative
                }
            }
            FloatBuffer[] state = IntStream.range(2, 2 + (rule.settings().amsgrad() || rule.name().equals("AdaDiff") ? 4 : 2))
                    .mapToObj(i -> FloatBuffer.wrap(arrays[i])).toArray(FloatBuffer[]::new);
            try (StatefulOptimizer optimizer = rule.optimizer(true)) {
                BlockPass pass = new BlockPass(state.length, threads);
                for (int t = 1; t <= 5; t++) {
                    pass.run(optimizer.blockRule(optimizer.rates(t, 0.01)), FloatBuffer.wrap(arrays[0]), FloatBuffer.wrap(arrays[1]), state);
                }
            }
            if (expected == null) {
                expected = arrays;
            }
            for (int i = 0; i < arrays.length; i++) {
                assertArrayEquals(expected[i], arrays[i], threads + " threads, array " + i);
            }
        }
    }

    @Test
    void aBlockThatFailsFailsTheUpdateWhicheverThreadHadIt() {
        FloatBuffer array = FloatBuffer.allocate(50 * B);
        IllegalStateException failure = new IllegalStateException("no");
        for (int threads : new int[] {1, 2, 4}) {
            BlockPass pass = new BlockPass(0, threads);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> pass.run((w, g, state, n) -> {
                throw failure;
            }, array, array, new FloatBuffer[0]));
            assertSame(failure, e.getCause());
        }
    }

    @Test
    void weightsThatInferenceHasReorderedAreUpdatedAndSeenByTheNextInference() {
        Conv2d convolution = Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(64).optBias(false).build();
        convolution.initialize(manager, DataType.FLOAT32, new Shape(8, 64, 16, 16));
        ParameterStore store = new ParameterStore(manager, false);
        NDArray weight = convolution.getParameters().valueAt(0).getArray();
        NDArray plain = FilledArrays.floats(manager, weight.getShape(), weight.toFloatArray());
        NDArray data = manager.randomNormal(new Shape(8, 64, 16, 16));
        System.setProperty(FUSED, "true");
        try (AdaDiff optimizer = AdaDiff.builder().build();
                AdaDiff expected = AdaDiff.builder().build()) {
            for (int t = 0; t < 5; t++) {
                NDArray g = manager.randomNormal(weight.getShape());
                convolution.forward(store, new NDList(data), false); // its weights are being reordered when update begins
                optimizer.update("w", weight, g);
                expected.update("w", plain, g);
                NDArray fresh = Conv2d.conv2d(data, plain.duplicate()).singletonOrThrow();
                NDArray after = convolution.forward(store, new NDList(data), false).singletonOrThrow();
                assertArrayEquals(fresh.toFloatArray(), after.toFloatArray(), 1e-4f, "inference after update " + (t + 1));
            }
            assertArrayEquals(plain.toFloatArray(), weight.toFloatArray());
        }
    }

    @Test
    void anUpdateWaitsForWhatReadsTheWeightAndWritesTheGradient() {
        int n = 600;
        NDArray w = manager.ones(new Shape(n, n));
        NDArray g = manager.zeros(new Shape(n, n));
        try (AdaDiff optimizer = AdaDiff.builder().optLearningRateTracker(t -> 0.5f).build()) {
            float value = 1;
            for (int t = 0; t < 20; t++) {
                NDArray product = w.dot(w); // still to be computed when update is called, as is the gradient
                g.muli(0).addi(1);
                optimizer.update("w", w, g);
                assertEquals(n * value * value, product.getFloat(n - 1, n - 1), n * value * value * 1e-4, "step " + t);
                float next = w.getFloat(n - 1, n - 1);
                assertTrue(next < value, "step " + t);
                value = next;
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryIsReachedWhereItIsMxnetsAndOnTheCpuOnly() {
        assertTrue(HostMemory.holds(manager.ones(new Shape(3))));
        try (NDManager other = Engine.getEngine("PyTorch").newBaseManager()) {
            assertFalse(HostMemory.holds(other.ones(new Shape(3))));
        }
    }

    private float[][] run(StatefulOptimizer optimizer, Shape shape) {
        return new float[][] {run(optimizer, shape, manager)};
    }

    /** The weights after some updates, on the manager's device. */
    static float[] run(StatefulOptimizer optimizer, Shape shape, NDManager manager) {
        Random random = new Random(3);
        int size = (int) shape.size();
        try (optimizer) {
            NDArray w = FilledArrays.floats(manager, shape, floats(random, size));
            for (int t = 0; t < 10; t++) {
                try (NDArray g = FilledArrays.floats(manager, shape, floats(random, size))) {
                    optimizer.update("w", w, g);
                }
            }
            return w.toFloatArray();
        }
    }

    static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void assertClose(float[][] expected, float[][] found, String what) {
        for (int a = 0; a < expected.length; a++) {
            assertEquals(expected[a].length, found[a].length, what);
            for (int i = 0; i < expected[a].length; i++) {
                assertEquals(expected[a][i], found[a][i], 2 * Math.ulp(expected[a][i]), what + ", element " + i);
            }
        }
    }
}
