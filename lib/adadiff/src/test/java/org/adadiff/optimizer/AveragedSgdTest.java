package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.tracker.Tracker;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AveragedSgdTest {

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void weightsAndAveragesAreThoseOfPytorchsAsgdWithLambdAndT0Zero() {
        double lr = 0.25;
        double wd = 0.125;
        double[] gradients = {1, -2, 4, 0.5, 3, -1};
        double w = 0.5;
        double average = 0;
        double mu = 1;
        ParameterList parameters = parameters();
        Parameter parameter = parameters.valueAt(0);
        try (AveragedSgd optimizer = AveragedSgd.builder()
                .optLearningRateTracker(Tracker.fixed((float) lr))
                .optWeightDecays((float) wd)
                .build()) {
            for (int step = 1; step <= gradients.length; step++) {
                // p -= eta*(g + wd*p); ax += mu*(p - ax); then mu = 1/max(1, step - t0)
                w -= lr * (gradients[step - 1] + wd * w);
                average += mu * (w - average);
                mu = 1.0 / Math.max(1, step);
                NDArray g = Arrays32.vector(manager, (float) gradients[step - 1]);
                optimizer.update(parameter.getId(), parameter.getArray(), g);

                assertEquals(w, parameter.getArray().toFloatArray()[0], 1e-6, "weight after step " + step);
                optimizer.swapAverages(parameters);
                assertEquals(average, parameter.getArray().toFloatArray()[0], 1e-6, "average after step " + step);
                optimizer.swapAverages(parameters);
            }
        }
    }

    @Test
    void swappingTwiceGivesTheWeightsBackBitForBit() {
        ParameterList parameters = parameters();
        parameters.add("the same again, tied", parameters.valueAt(0));
        Parameter parameter = parameters.valueAt(0);
        try (AveragedSgd optimizer = AveragedSgd.builder().build()) {
            for (int t = 0; t < 5; t++) {
                optimizer.update(parameter.getId(), parameter.getArray(), Arrays32.vector(manager, t / 3f));
            }
            float[] weights = parameter.getArray().toFloatArray();
            assertFalse(optimizer.averagesInUse());
            optimizer.swapAverages(parameters);
            assertTrue(optimizer.averagesInUse());
            assertTrue(weights[0] < parameter.getArray().toFloatArray()[0], "the average lags the falling weight");
            optimizer.swapAverages(parameters);
            assertArrayEquals(weights, parameter.getArray().toFloatArray());
        }
    }

    @Test
    void whileTheAveragesAreInUseUpdatesAndSavingAreRefused() {
        ParameterList parameters = parameters();
        Parameter parameter = parameters.valueAt(0);
        NDArray g = Arrays32.vector(manager, 1);
        try (AveragedSgd optimizer = AveragedSgd.builder().build()) {
            optimizer.update(parameter.getId(), parameter.getArray(), g);
            optimizer.swapAverages(parameters);
            assertThrows(
                    IllegalStateException.class,
                    () -> optimizer.saveState(new ByteArrayOutputStream(), parameters));
            IllegalStateException e = assertThrows(
                    IllegalStateException.class,
                    () -> optimizer.update(parameter.getId(), parameter.getArray(), g));
            assertTrue(e.getMessage().contains("call swapAverages once more"), e.getMessage());
        }
    }

    @Test
    void afterARefusedUpdateTheWeightsCanStillBePutBack() {
        ParameterList parameters = parameters();
        Parameter parameter = parameters.valueAt(0);
        NDArray g = Arrays32.vector(manager, 1);
        try (AveragedSgd optimizer = AveragedSgd.builder().build()) {
            for (int t = 0; t < 4; t++) {
                optimizer.update(parameter.getId(), parameter.getArray(), g);
            }
            float[] weights = parameter.getArray().toFloatArray();
            optimizer.swapAverages(parameters);
            assertThrows(
                    IllegalStateException.class,
                    () -> optimizer.update(parameter.getId(), parameter.getArray(), g));
            optimizer.swapAverages(parameters);
            assertArrayEquals(weights, parameter.getArray().toFloatArray());
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> optimizer.swapAverages(parameters));
            assertTrue(e.getMessage().contains("an earlier update failed"), e.getMessage());
        }
    }

    private ParameterList parameters() {
        Parameter parameter = Parameter.builder().setName("w").setType(Parameter.Type.OTHER).build();
        parameter.setShape(new Shape(1));
        parameter.setInitializer(new ConstantInitializer(0.5f));
        parameter.initialize(manager, DataType.FLOAT32);
        ParameterList list = new ParameterList();
        list.add("w", parameter);
        return list;
    }
}
