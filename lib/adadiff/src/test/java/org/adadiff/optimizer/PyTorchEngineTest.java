package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.adadiff.engine.FilledArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimizers on DJL's PyTorch engine, for those who leave MXNet. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class PyTorchEngineTest {

    static List<Supplier<StatefulOptimizer>> optimizers() {
        Tracker rate = Tracker.fixed(0.05f);
        return List.of(
                () -> AdaDiff.builder().optLearningRateTracker(rate).optWeightDecays(0.01f).optClipGrad(0.5f).build(),
                () -> AdaDiff.builder().optLearningRateTracker(rate).optAmsgrad(true).setRescaleGrad(0.5f).build(),
                () -> AdaDiff.builder().optLearningRateTracker(rate).optPrintedEpsilon(true).build(),
                () -> AdaBelief.builder().optLearningRateTracker(rate).optAmsgrad(true).build(),
                () -> Adam.builder().optLearningRateTracker(rate).optAccumulatedEpsilon(true).build(),
                () -> MomentumSgd.builder().optLearningRateTracker(rate).optMomentum(0.9).build(),
                () -> MomentumSgd.builder().optLearningRateTracker(rate).build(),
                () -> AveragedSgd.builder().optLearningRateTracker(rate).build());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theWeightsAreThoseOnMxnet(Supplier<StatefulOptimizer> make) {
        for (Shape shape : List.of(new Shape(), new Shape(0), new Shape(5, 7))) {
            float[] expected = run(make.get(), shape, "MXNet");
            float[] found = run(make.get(), shape, "PyTorch");
            assertEquals(expected.length, found.length);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], found[i], 4 * Math.ulp(expected[i]), shape + ", element " + i);
            }
        }
    }

    private static float[] run(StatefulOptimizer optimizer, Shape shape, String engine) {
        Random random = new Random(11);
        try (optimizer;
                NDManager manager = NDManager.newBaseManager(engine)) {
            NDArray w = manager.ones(shape);
            for (int t = 0; t < 20; t++) {
                float[] g = new float[(int) shape.size()];
                for (int i = 0; i < g.length; i++) {
                    g[i] = (float) random.nextGaussian();
                }
                try (NDArray gradient = FilledArrays.floats(manager, shape, g)) {
                    optimizer.update("w", w, gradient);
                }
            }
            return w.toFloatArray();
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stateSavedOnMxnetGoesOnWhereItWas(Supplier<StatefulOptimizer> make) throws IOException {
        for (Shape shape : List.of(new Shape(), new Shape(3, 2))) {
            try (NDManager mxnet = NDManager.newBaseManager("MXNet");
                    NDManager pytorch = NDManager.newBaseManager("PyTorch");
                    StatefulOptimizer first = make.get();
                    StatefulOptimizer second = make.get()) {
                ParameterList before = parameters(mxnet, shape);
                train(first, before, 1, 10);
                byte[] state = save(first, before);
                ParameterList after = parameters(pytorch, shape);
                after.valueAt(0).getArray().set(before.valueAt(0).getArray().toByteBuffer());
                second.loadState(new ByteArrayInputStream(state), after);
                assertArrayEquals(state, save(second, after));
                train(first, before, 11, 20);
                train(second, after, 11, 20);
                assertArrayEquals(array(before), array(after), 1e-6f);
                assertEquals(state.length, save(second, after).length);
            }
        }
    }

    private static byte[] save(StatefulOptimizer optimizer, ParameterList parameters) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        optimizer.saveState(out, parameters);
        return out.toByteArray();
    }

    private static float[] array(ParameterList parameters) {
        return parameters.valueAt(0).getArray().toFloatArray();
    }

    private static ParameterList parameters(NDManager manager, Shape shape) {
        Parameter parameter = Parameter.builder().setName("w").setType(Parameter.Type.OTHER).build();
        parameter.setShape(shape);
        parameter.setInitializer(new ConstantInitializer(0.5f));
        parameter.initialize(manager, DataType.FLOAT32);
        ParameterList list = new ParameterList();
        list.add("w", parameter);
        return list;
    }

    private static void train(StatefulOptimizer optimizer, ParameterList parameters, int first, int last) {
        Parameter parameter = parameters.valueAt(0);
        for (int t = first; t <= last; t++) {
            try (NDArray g = parameter.getArray().getManager().full(parameter.getArray().getShape(), (float) Math.sin(t))) {
                optimizer.update(parameter.getId(), parameter.getArray(), g);
            }
        }
    }

    @Test
    void aTrainerLowersTheLoss() {
        for (Supplier<StatefulOptimizer> make : optimizers()) {
            try (StatefulOptimizer optimizer = make.get();
                    Model model = Model.newInstance("linear", "PyTorch")) {
                model.setBlock(Linear.builder().setUnits(2).build());
                try (Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer))) {
                    trainer.initialize(new Shape(2, 3));
                    float first = step(trainer);
                    float last = 0;
                    for (int t = 0; t < 150; t++) {
                        last = step(trainer);
                    }
                    assertTrue(last < 0.5 * first, optimizer.getClass() + ": loss from " + first + " to " + last);
                }
            }
        }
    }

    private static float step(Trainer trainer) {
        float value;
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDList data = new NDList(FilledArrays.floats(manager, new Shape(2, 3), 1, -2, 0.5f, 0, 1, 3));
            NDList labels = new NDList(FilledArrays.floats(manager, new Shape(2, 2), 1, 2, -1, 0.5f));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                collector.zeroGradients(); // PyTorch adds them up
                NDArray loss = trainer.getLoss().evaluate(labels, trainer.forward(data));
                collector.backward(loss);
                value = loss.getFloat();
            }
            trainer.step();
        }
        return value;
    }
}
