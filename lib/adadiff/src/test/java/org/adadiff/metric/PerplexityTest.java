package org.adadiff.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class PerplexityTest {
    @Test
    void equalLogitsGiveTheNumberOfClasses() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Perplexity perplexity = new Perplexity();
            perplexity.addAccumulator("test");
            perplexity.updateAccumulator("test", new NDList(manager.create(new int[] {0, 3, 6})),
                    new NDList(manager.zeros(new Shape(3, 7))));
            assertEquals(7f, perplexity.getAccumulator("test"), 1e-5f);
        }
    }

    @Test
    void batchesAreWeighedByTheirTokens() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Perplexity perplexity = new Perplexity();
            perplexity.addAccumulator("test");
            float[] row = {0f, (float) Math.log(3)}; // probabilities 1/4 and 3/4
            perplexity.updateAccumulator("test", new NDList(manager.create(new int[] {0})),
                    new NDList(manager.create(row, new Shape(1, 2))));
            perplexity.updateAccumulator("test", new NDList(manager.create(new int[] {1, 1}, new Shape(1, 2))),
                    new NDList(manager.create(new float[] {row[0], row[1], row[0], row[1]}, new Shape(1, 2, 2))));
            double mean = (Math.log(4) + 2 * Math.log(4.0 / 3)) / 3;
            assertEquals(Math.exp(mean), perplexity.getAccumulator("test"), 1e-5);
            perplexity.resetAccumulator("test");
            assertTrue(Float.isNaN(perplexity.getAccumulator("test")));
        }
    }

    @Test
    void logitsOfAnotherShapeAreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            var error = assertThrows(IllegalArgumentException.class, () -> new Perplexity().evaluate(
                    new NDList(manager.create(new int[] {1, 2})), new NDList(manager.zeros(new Shape(3, 5)))));
            assertTrue(error.getMessage().contains("(3, 5)"), error.getMessage());
        }
    }
}
