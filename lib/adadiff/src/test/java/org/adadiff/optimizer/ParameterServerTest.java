package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.function.Supplier;
import org.adadiff.engine.FilledArrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training with DJL's Trainer, over MXNet's key-value store and over DJL's local parameter server. */
class ParameterServerTest {

    private static final String LOCAL = "ai.djl.use_local_parameter_server";
    private static final int STEPS = 25;

    @AfterEach
    void forgetTheParameterServer() {
        System.clearProperty(LOCAL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTrainerGivesTheSameWeightsAsUpdatingDirectly(boolean local) {
        System.setProperty(LOCAL, Boolean.toString(local));
        Supplier<StatefulOptimizer> make =
                () -> AdaDiff.builder().optWeightDecays(0.01f).optLearningRateTracker(Tracker.fixed(0.05f)).build();
        float[] expected = trainDirectly(make.get());
        float[] found = new float[expected.length];
        try (StatefulOptimizer optimizer = make.get();
                Model model = model();
                Trainer trainer = trainer(model, optimizer)) {
            for (int t = 0; t < STEPS; t++) {
                backward(trainer);
                trainer.step();
            }
            optimizer.throwIfFailed();
            float[] weight = model.getBlock().getParameters().valueAt(0).getArray().toFloatArray();
            System.arraycopy(weight, 0, found, 0, found.length);
        }
        assertArrayEquals(expected, found);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyOptimizerLowersTheLossInATrainer(boolean local) {
        System.setProperty(LOCAL, Boolean.toString(local));
        Tracker rate = Tracker.fixed(0.05f);
        for (StatefulOptimizer optimizer : new StatefulOptimizer[] {
            AdaDiff.builder().optLearningRateTracker(rate).build(),
            AdaBelief.builder().optLearningRateTracker(rate).build(),
            AveragedSgd.builder().optLearningRateTracker(rate).build()
        }) {
            try (optimizer;
                    Model model = model();
                    Trainer trainer = trainer(model, optimizer)) {
                float first = backward(trainer);
                trainer.step();
                float last = 0;
                for (int t = 0; t < 100; t++) {
                    last = backward(trainer);
                    trainer.step();
                }
                assertTrue(last < 0.1 * first, optimizer.getClass() + ": loss from " + first + " to " + last);
            }
        }
    }

    @Test
    void underTheLocalServerAFailedUpdateThrowsItsOwnException() {
        System.setProperty(LOCAL, "true");
        try (StatefulOptimizer optimizer = failingAt(3);
                Model model = model();
                Trainer trainer = trainer(model, optimizer)) {
            twoGoodSteps(trainer);
            backward(trainer);
            IllegalStateException thrown = assertThrows(IllegalStateException.class, trainer::step);
            assertEquals("no rate for update 3", thrown.getMessage());
        }
    }

    @Test
    void underTheKeyValueStoreAFailedUpdateMakesThatSameStepThrow() {
        StatefulOptimizer optimizer = failingAt(3);
        float[] before;
        try (Model model = model();
                Trainer trainer = trainer(model, optimizer)) {
            twoGoodSteps(trainer);
            NDArray weight = model.getBlock().getParameters().valueAt(0).getArray();
            before = weight.toFloatArray();
            for (int again = 0; again < 3; again++) {
                backward(trainer);
                assertThrows(EngineException.class, trainer::step, "attempt " + again);
                assertArrayEquals(before, weight.toFloatArray(), "no update may be made after a failure");
            }
        }
        IllegalStateException told = assertThrows(IllegalStateException.class, optimizer::throwIfFailed);
        assertEquals("AdaDiff: an update failed: no rate for update 3", told.getMessage());
        assertEquals("no rate for update 3", told.getCause().getMessage());
        optimizer.close(); // told already
    }

    @Test
    void closeTellsOfAFailureThatNobodyHasSeen() {
        StatefulOptimizer optimizer = failingAt(1);
        try (Model model = model();
                Trainer trainer = trainer(model, optimizer)) {
            backward(trainer);
            assertThrows(EngineException.class, trainer::step);
        }
        IllegalStateException told = assertThrows(IllegalStateException.class, optimizer::close);
        assertEquals("AdaDiff: an update failed: no rate for update 1", told.getMessage());
        optimizer.close();
    }

    @Test
    void afterAFailureEveryUpdateRefusesWithTheFirstOneAsCause() {
        try (NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = failingAt(2)) {
            NDArray w = manager.ones(new Shape(2));
            NDArray g = manager.ones(new Shape(2));
            optimizer.update("w", w, g);
            IllegalStateException first = assertThrows(IllegalStateException.class, () -> optimizer.update("w", w, g));
            IllegalStateException later = assertThrows(IllegalStateException.class, () -> optimizer.update("v", w, g));
            assertEquals(
                    "AdaDiff refuses to go on, for an earlier update failed: no rate for update 2", later.getMessage());
            assertSame(first, later.getCause());
        }
    }

    private static StatefulOptimizer failingAt(int update) {
        Tracker tracker = t -> {
            if (t == update) {
                throw new IllegalStateException("no rate for update " + t);
            }
            return 0.1f;
        };
        return AdaDiff.builder().optLearningRateTracker(tracker).build();
    }

    private static void twoGoodSteps(Trainer trainer) {
        for (int t = 0; t < 2; t++) {
            backward(trainer);
            trainer.step();
        }
    }

    private static Model model() {
        Model model = Model.newInstance("linear");
        Linear block = Linear.builder().setUnits(2).build();
        block.setInitializer(new ConstantInitializer(0.5f), Parameter.Type.WEIGHT);
        model.setBlock(block);
        return model;
    }

    private static Trainer trainer(Model model, Optimizer optimizer) {
        Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimizer));
        trainer.initialize(new Shape(2, 3));
        return trainer;
    }

    private static float backward(Trainer trainer) {
        try (NDManager manager = trainer.getManager().newSubManager();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss = trainer.getLoss().evaluate(labels(manager), trainer.forward(data(manager)));
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private static float[] trainDirectly(StatefulOptimizer optimizer) {
        try (optimizer;
                Model model = model()) {
            NDManager manager = model.getNDManager();
            model.getBlock().initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, new Shape(2, 3));
            ParameterStore store = new ParameterStore(manager, false);
            for (int t = 0; t < STEPS; t++) {
                try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                    NDList prediction = model.getBlock().forward(store, data(manager), true);
                    collector.backward(Loss.l2Loss().evaluate(labels(manager), prediction));
                }
                for (Parameter parameter : model.getBlock().getParameters().values()) {
                    try (NDArray gradient = parameter.getArray().getGradient()) {
                        optimizer.update(parameter.getId(), parameter.getArray(), gradient);
                    }
                }
            }
            return model.getBlock().getParameters().valueAt(0).getArray().toFloatArray();
        }
    }

    private static NDList data(NDManager manager) {
        return new NDList(FilledArrays.floats(manager, new Shape(2, 3), 1, -2, 0.5f, 0, 1, 3));
    }

    private static NDList labels(NDManager manager) {
        return new NDList(FilledArrays.floats(manager, new Shape(2, 2), 1, 2, -1, 0.5f));
    }
}
