package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridTest {
    @TempDir
    Path folder;

    @Test
    void anIndexIsTheSameRunForever() { // job arrays that are submitted again rely on it
        Grid grid = Grid.of(Profile.PAPER, Arrays.asList(Experiment.values()), Grid.OPTIMIZERS, Grid.SEEDS);
        assertEquals(72, grid.recipes().size());
        assertEquals("cifar10-resnet34 adadiff 1", text(grid.recipe(0)));
        assertEquals("cifar10-resnet34 adabelief 1", text(grid.recipe(1)));
        assertEquals("cifar10-densenet121 adadiff 1", text(grid.recipe(4)));
        assertEquals("ptb-lstm3 sgd 1", text(grid.recipe(23)));
        assertEquals("cifar10-resnet34 adadiff 2", text(grid.recipe(24)));
        assertEquals("ptb-lstm3 sgd 3", text(grid.recipe(71)));
        assertEquals(72, grid.recipes().stream().map(GridTest::text).distinct().count());
    }

    @Test
    void anIndexOutsideIsRefused() {
        Grid grid = Grid.of(Profile.SMOKE, List.of(Experiment.PTB_LSTM2), List.of(OptimizerName.ADAM), List.of(7L));
        var error = assertThrows(IllegalArgumentException.class, () -> grid.recipe(1));
        assertEquals("--index: expected 0 to 0, found 1", error.getMessage());
    }

    @Test
    void aFolderTellsHowFarItsRunHasCome() throws IOException {
        assertEquals(RunState.NOT_RUN, RunState.of(folder.resolve("none")));
        RunLog log = RunLog.create(folder, Map.of("status", "running"));
        assertEquals(RunState.UNFINISHED, RunState.of(folder));
        try (RunLock lock = RunLock.acquire(folder)) {
            assertEquals(RunState.RUNNING, RunState.of(folder), lock::toString);
        }
        assertEquals(RunState.UNFINISHED, RunState.of(folder));
        log.describe(Map.of("status", "failed"));
        assertEquals(RunState.UNFINISHED, RunState.of(folder));
        log.describe(Map.of("status", "diverged: the loss became NaN"));
        assertEquals(RunState.DIVERGED, RunState.of(folder));
        log.describe(Map.of("status", "done"));
        assertEquals(RunState.DONE, RunState.of(folder));
        assertEquals("not run", RunState.NOT_RUN.toString());
    }

    private static String text(Recipe recipe) {
        return recipe.experiment() + " " + recipe.optimizer() + " " + recipe.seed();
    }
}
