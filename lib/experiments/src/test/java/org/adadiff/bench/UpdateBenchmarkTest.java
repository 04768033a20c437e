package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateBenchmarkTest {

    private static final String FUSED = "org.adadiff.fused";

    @AfterEach
    void clear() {
        System.clearProperty(FUSED);
    }

    @Test
    void ourUpdateIsThatOfTheArrayOperationsItIsComparedWith() {
        List<float[]> before = weights(benchmark -> {});
        List<float[]> ours = weights(UpdateBenchmark::adaDiff);
        System.setProperty(FUSED, "false");
        List<float[]> operations = weights(UpdateBenchmark::arrayOperations);
        assertEquals(362, ours.size());
        for (int tensor = 0; tensor < ours.size(); tensor++) {
            double worst = 0; // in units in the last place, of the largest of what is subtracted, from what, and what is left
            for (int i = 0; i < ours.get(tensor).length; i++) {
                float expected = operations.get(tensor)[i];
                float old = before.get(tensor)[i];
                float unit = Math.ulp(Math.max(Math.abs(old - expected), Math.max(Math.abs(expected), Math.abs(old))));
                worst = Math.max(worst, Math.abs(ours.get(tensor)[i] - expected) / unit);
            }
            assertTrue(worst <= 2, "tensor " + tensor + ": " + worst + " units in the last place");
        }
    }

    @Test
    void everySubjectUpdatesTheWeightsOfEveryTensor() {
        List<float[]> before = weights(benchmark -> {});
        for (Consumer<UpdateBenchmark> subject : List.<Consumer<UpdateBenchmark>>of(
                UpdateBenchmark::adaDiff, UpdateBenchmark::adaBelief, UpdateBenchmark::djlAdam)) {
            List<float[]> after = weights(subject);
            for (int tensor = 0; tensor < after.size(); tensor++) {
                int moved = 0;
                for (int i = 0; i < after.get(tensor).length; i++) {
                    double step = Math.abs(after.get(tensor)[i] - before.get(tensor)[i]);
                    moved += step > 1e-5 && step < 2e-3 ? 1 : 0; // less where the gradient is next to nothing
                }
                assertTrue(moved >= 0.9 * after.get(tensor).length, "tensor " + tensor + ": " + moved + " weights moved");
            }
        }
    }

    private static List<float[]> weights(Consumer<UpdateBenchmark> measured) {
        UpdateBenchmark benchmark = new UpdateBenchmark();
        benchmark.network = Network.DENSENET121;
        benchmark.allocate();
        measured.accept(benchmark);
        List<float[]> weights = benchmark.weights();
        benchmark.free();
        return weights;
    }
}
