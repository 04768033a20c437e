package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecipeTest {
    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void imagesInThePaperProfileAreThePapers(OptimizerName optimizer) {
        Recipe recipe = Recipe.of(Experiment.CIFAR100_DENSENET121, optimizer, Profile.PAPER, 3);
        assertEquals(1, recipe.width());
        assertEquals(128, recipe.batchSize());
        assertEquals(Limits.NONE, recipe.limits());
        assertEquals(200, recipe.schedule().epochs());
        double rate = optimizer == OptimizerName.SGD ? 0.01 : 1e-3;
        assertEquals(rate, recipe.learningRate(150), 1e-15);
        assertEquals(rate / 10, recipe.learningRate(151), 1e-15);
        assertEquals(5e-4, recipe.settings().weightDecay());
        assertEquals(0, recipe.settings().clipNorm());
    }

    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void languageInThePaperProfileIsThePapers(OptimizerName optimizer) {
        Recipe recipe = Recipe.of(Experiment.PTB_LSTM3, optimizer, Profile.PAPER, 3);
        double rate = optimizer == OptimizerName.SGD ? 30 : 1e-2;
        assertEquals(List.of(rate, rate / 10, rate / 10, rate / 100),
                List.of(100, 101, 145, 146).stream().map(recipe::learningRate).toList());
        double epsilon = switch (optimizer) {
            case ADADIFF, ADABELIEF, ADADIFF_PRINTED_EPS, ADAM_ACCUMULATED_EPS -> 1e-12;
            case ADAM -> 1e-8;
            case SGD -> 0;
        };
        assertEquals(epsilon, recipe.settings().epsilon());
        assertEquals(0.25, recipe.settings().clipNorm());
        assertEquals(new LanguageSettings(70, 0.4, 0.25, 0.4, 0.1, 0.5, 2, 1, 5, 10, 1), recipe.language());
    }

    @ParameterizedTest
    @EnumSource(Experiment.class)
    void inTheReducedProfileTheRateFallsOnlyNearTheEndAndOptimizersKeepThePapersSettings(Experiment experiment) {
        for (OptimizerName optimizer : OptimizerName.values()) {
            Recipe recipe = Recipe.of(experiment, optimizer, Profile.REDUCED, 1);
            int epochs = recipe.schedule().epochs();
            assertEquals(Recipe.of(experiment, optimizer, Profile.PAPER, 1).settings(), recipe.settings());
            assertEquals(recipe.settings().learningRate(), recipe.learningRate(epochs / 2));
            assertTrue(recipe.learningRate(epochs) < recipe.learningRate(epochs / 2));
            assertEquals(0, recipe.limits().evaluation());
        }
    }

    @Test
    void aLongerScheduleDecaysAtTheSameShares() {
        assertEquals(new Schedule(100, List.of(50, 73), 10), new Schedule(200, List.of(100, 145), 10).scaledTo(100));
    }

    @Test
    void settingsThatAreNoNumbersAreRefused() {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            var error = assertThrows(IllegalArgumentException.class, () -> new OptimizerSettings(wrong, 0, 0, 0, 0, 0, 0));
            assertEquals("learning rate: expected at least 0 and finite, found " + wrong, error.getMessage());
            assertThrows(IllegalArgumentException.class, () -> new OptimizerSettings(1, 0, 0, 0, 0, 0, wrong));
        }
    }

    @Test
    void namesThatAreNotKnownAreRefusedWithThoseThatAre() {
        for (String message : List.of(
                assertThrows(IllegalArgumentException.class, () -> Experiment.of("cifar")).getMessage(),
                assertThrows(IllegalArgumentException.class, () -> OptimizerName.of("AdaDiff")).getMessage(),
                assertThrows(IllegalArgumentException.class, () -> Profile.of("full")).getMessage())) {
            assertTrue(message.matches(".*expected one of \\[.+], found '.+'"), message);
        }
        assertEquals(Experiment.PTB_LSTM2, Experiment.of("ptb-lstm2"));
    }
}
