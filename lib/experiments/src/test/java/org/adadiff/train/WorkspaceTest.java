package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    private static final Recipe REDUCED = Recipe.of(Experiment.PTB_LSTM2, OptimizerName.ADADIFF, Profile.REDUCED, 1);

    @TempDir
    Path root;

    private Workspace workspace;

    @BeforeEach
    void project() throws IOException {
        Files.createDirectories(root.resolve("data/paper"));
        workspace = new Workspace(root, root.resolve("data"));
    }

    private Path record(Recipe recipe, String status) throws IOException {
        Path folder = root.resolve("data/runs/ptb-lstm2/reduced-adadiff-seed1");
        RunLog.create(folder, Map.of("status", status, "recipe", recipe));
        return folder;
    }

    @Test
    void theProjectIsFoundFromAnyFolderInside() throws IOException {
        Path inside = Files.createDirectories(root.resolve("notebooks/deeper"));
        Workspace found = Workspace.find(null, inside, Map.of());
        assertEquals(root, found.root());
        assertEquals(root.resolve("data"), found.data());
        assertEquals(Path.of("elsewhere"), Workspace.find(null, inside, Map.of("ADADIFF_DATA", "elsewhere")).data());
        assertEquals(root, Workspace.find(root.toString(), Path.of("/"), Map.of()).root());
    }

    @Test
    void aFolderThatIsNotTheProjectIsRefused() throws IOException {
        Path inside = Files.createDirectories(root.resolve("notebooks"));
        var error = assertThrows(IllegalStateException.class, () -> Workspace.find(inside.toString(), root, Map.of()));
        assertTrue(error.getMessage().contains("found none at adadiff.home=" + inside), error::getMessage);
    }

    @Test
    void aRunThatIsDoneWithTheSameRecipeIsLoaded() throws IOException {
        assertEquals(Optional.empty(), workspace.recorded(REDUCED));
        Path folder = record(REDUCED, "done");
        assertEquals(folder, workspace.run(REDUCED, "cpu", Progress.NONE)); // there are no data: it cannot have been run
    }

    @Test
    void aRunOfAnotherRecipeIsNeitherLoadedNorOverwritten() throws IOException {
        Path folder = record(REDUCED.withSchedule(new Schedule(3, List.of(), 10)), "done");
        var error = assertThrows(IOException.class, () -> workspace.run(REDUCED, "cpu", Progress.NONE));
        assertTrue(error.getMessage().startsWith(folder + ": expected a run with the recipe"), error::getMessage);
    }

    @Test
    void aRunThatGoesOnIsNeitherLoadedNorOverwritten() throws IOException {
        Path folder = record(REDUCED, "running");
        assertEquals(Optional.empty(), workspace.recorded(REDUCED), "unfinished: it can go on");
        try (RunLock lock = RunLock.acquire(folder)) {
            var error = assertThrows(IOException.class, () -> workspace.run(REDUCED, "cpu", Progress.NONE), lock::toString);
            assertEquals(folder + ": expected a run that is done, found one that goes on; wait for it", error.getMessage());
        }
    }

    @Test
    void anUnfinishedRunGoesOn() throws IOException {
        SampleGenerator.generate(root.resolve("data"), 1);
        Recipe recipe = REDUCED.withSchedule(new Schedule(1, List.of(), 10)).withLimits(new Limits(4_000, 500, 0));
        Path folder = root.resolve("data/runs/ptb-lstm2/reduced-adadiff-seed1");
        List<Integer> steps = new ArrayList<>();
        Progress counting = new Progress() {
            @Override
            public void stepped(Step step) {
                steps.add(step.step());
            }
        };
        assertThrows(StoppedException.class, () -> Training.run(recipe,
                new Training.Setup(root.resolve("data"), "cpu", folder, false, 1e9, () -> steps.size() == 2), counting));
        assertEquals(folder, workspace.run(recipe, "cpu", counting));
        assertEquals(RunState.DONE, RunState.of(folder));
        assertTrue(steps.size() > 2, steps.toString());
        assertEquals(IntStream.rangeClosed(1, steps.size()).boxed().toList(), steps, "no step was made twice");
    }

    @Test
    void aSmokeRunIsRunAfreshOnASampleAndNotRecorded() throws IOException {
        Recipe recipe = Recipe.of(Experiment.CIFAR10_RESNET34, OptimizerName.ADADIFF, Profile.SMOKE, 1)
                .withLimits(new Limits(64, 32, 1));
        Path folder = workspace.run(recipe, "cpu", Progress.NONE);
        assertEquals(root.resolve("target/runs/cifar10-resnet34/smoke-adadiff-seed1"), folder);
        Files.setLastModifiedTime(folder.resolve("run.json"), FileTime.fromMillis(0));
        assertEquals(folder, workspace.run(recipe, "cpu", Progress.NONE));
        assertTrue(Files.getLastModifiedTime(folder.resolve("run.json")).toMillis() > 0, "run again");
        assertTrue(Files.notExists(root.resolve("data/runs")), "nothing recorded");
    }

    @Test
    void aDivergedRunIsReportedAndKept() throws IOException {
        OptimizerSettings wild = new OptimizerSettings(1e30, 0, 0, 0, 0.9, 5e-4, 0);
        Recipe recipe = Recipe.of(Experiment.CIFAR10_RESNET34, OptimizerName.SGD, Profile.SMOKE, 1).withSettings(wild)
                .withLimits(new Limits(96, 96, 0));
        List<String> reasons = new ArrayList<>();
        Path folder = workspace.run(recipe, "cpu", new Progress() {
            @Override
            public void diverged(String reason) {
                reasons.add(reason);
            }
        });
        assertTrue(RunLog.readDescription(folder).get("status").getAsString().startsWith("diverged"), "the status says so");
        assertTrue(reasons.size() == 1 && reasons.get(0).startsWith("the loss became"), reasons::toString);
    }

    @Test
    void recipesAreEveryOptimizerWithEverySeed() {
        List<Recipe> recipes = Workspace.recipes(Experiment.PTB_LSTM2, "adadiff, adam", Profile.SMOKE, "1,2");
        assertEquals(List.of("adadiff 1", "adadiff 2", "adam 1", "adam 2"),
                recipes.stream().map(recipe -> recipe.optimizer() + " " + recipe.seed()).toList());
        var error = assertThrows(IllegalArgumentException.class,
                () -> Workspace.recipes(Experiment.PTB_LSTM2, "adadiff", Profile.SMOKE, "one"));
        assertEquals("seeds: expected whole numbers between commas, found 'one'", error.getMessage());
    }
}
