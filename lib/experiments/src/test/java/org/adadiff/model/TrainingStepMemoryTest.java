package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that a step makes lives in the manager of its inputs, and goes with it. */
class TrainingStepMemoryTest {
    @ParameterizedTest
    @ValueSource(strings = {"resnet34", "densenet121"})
    void aConvolutionalStepLeavesNothingInTheManagerOfTheWeights(String network) {
        try (BaseNDManager manager = (BaseNDManager) NDManager.newBaseManager()) {
            Block block = network.equals("resnet34") ? ResNet34.build(10, 0.06) : DenseNet121.build(10, 0.06);
            Initialisation.apply(block, manager, new Shape[] {new Shape(1, 3, 32, 32)}, 1);
            int before = manager.getManagedArrays().size();
            for (int step = 0; step < 2; step++) {
                try (NDManager scope = manager.newSubManager();
                        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                    NDList images = new NDList(scope.zeros(new Shape(2, 3, 32, 32)));
                    NDArray logits = block.forward(new ParameterStore(scope, false), images, true).head();
                    gradients.backward(AwdLstmLoss.crossEntropy(logits, scope.create(new int[] {1, 2})));
                }
                assertEquals(before, manager.getManagedArrays().size(), "arrays beside the weights, step " + step);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5})
    void anLstmStepLeavesNothingButItsStateInTheManagerOfTheWeights(double rate) {
        AwdLstmConfig config = AwdLstmTest.TINY.withDropout(rate, rate, rate, rate, rate);
        try (BaseNDManager manager = (BaseNDManager) NDManager.newBaseManager()) {
            AwdLstm network = AwdLstmTest.initialised(config, manager, 1);
            NDList state = network.zeroState(manager, 1);
            network.seedDropout(1);
            int before = manager.getManagedArrays().size();
            for (int step = 0; step < 3; step++) {
                try (NDManager scope = manager.newSubManager();
                        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
                    NDArray tokens = scope.create(new int[] {1, 2, 3}, new Shape(3, 1));
                    ParameterStore store = new ParameterStore(scope, false);
                    NDList outputs = network.forward(store, new NDList(tokens).addAll(state), true);
                    AwdLstmLoss.PAPER.backward(gradients, network, store, outputs, tokens, 1);
                    state.close();
                    state = network.detachedState(outputs, manager);
                }
                assertEquals(before, manager.getManagedArrays().size(), "arrays beside weights and state, step " + step);
            }
        }
    }
}
