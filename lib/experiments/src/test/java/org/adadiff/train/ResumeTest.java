package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that are stopped between steps, or crash, and go on: they have to end as one that never stopped. */
class ResumeTest {
    private static final String NEWEST = "checkpoint.bin";
    private static final String PREVIOUS = "checkpoint.previous.bin";

    @TempDir
    static Path data;

    @TempDir
    Path runs;

    private final List<String> noticed = new ArrayList<>();

    @BeforeAll
    static void sample() throws IOException {
        SampleGenerator.generate(data, 1);
    }

    /** A network with batch normalisation, one with dropout and a hidden state, and SGD that averages from the second epoch. */
    static Stream<Recipe> recipes() {
        return Stream.of(tiny(Experiment.CIFAR10_RESNET34, OptimizerName.ADADIFF, 2),
                tiny(Experiment.CIFAR10_RESNET34, OptimizerName.SGD, 2), tiny(Experiment.PTB_LSTM2, OptimizerName.ADABELIEF, 2),
                averaging());
    }

    private static Recipe tiny(Experiment experiment, OptimizerName optimizer, int epochs) {
        Recipe recipe = Recipe.of(experiment, optimizer, Profile.SMOKE, 1).withSchedule(new Schedule(epochs, List.of(1), 10));
        return recipe.withLimits(experiment.isLanguage() ? new Limits(6_000, 1_000, 0) : new Limits(160, 64, 0));
    }

    /** So large a step that the validation loss rises at once, which sets averaging off. */
    private static Recipe averaging() {
        Recipe sgd = tiny(Experiment.PTB_LSTM2, OptimizerName.SGD, 5);
        OptimizerSettings s = sgd.settings();
        LanguageSettings l = sgd.language();
        return new Recipe(sgd.experiment(), sgd.optimizer(), sgd.profile(), sgd.seed(), sgd.width(), sgd.batchSize(),
                new OptimizerSettings(300, 0, 0, 0, 0, s.weightDecay(), s.clipNorm()), new Schedule(5, List.of(), 10), sgd.limits(),
                new LanguageSettings(l.bptt(), l.outputDropout(), l.hiddenDropout(), l.inputDropout(), l.embeddingDropout(),
                        l.weightDropout(), l.activationRegularisation(), l.temporalRegularisation(), 1, l.validationBatch(),
                        l.testBatch()));
    }

    /** Hears of steps, and ends the run after some of them: as asked, or as if the process had died there. */
    private final class Stopping implements Progress {
        private final int stopAfter;
        private final boolean crash;
        private int steps;

        Stopping(int stopAfter, boolean crash) {
            this.stopAfter = stopAfter;
            this.crash = crash;
        }

        @Override
        public void stepped(Step step) {
            steps++;
            if (crash && steps == stopAfter) {
                throw new IllegalStateException("crash");
            }
        }

        @Override
        public void noticed(String message) {
            noticed.add(message);
        }

        boolean due() {
            return !crash && steps >= stopAfter;
        }
    }

    private Path run(Recipe recipe, String folder) throws IOException {
        Stopping toTheEnd = new Stopping(Integer.MAX_VALUE, true);
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve(folder), true, 1e9, () -> false), toTheEnd);
        return runs.resolve(folder);
    }

    private Path stop(Recipe recipe, String folder, int afterSteps) {
        Stopping stopping = new Stopping(afterSteps, false);
        var error = assertThrows(StoppedException.class,
                () -> Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve(folder), true, 1e9, stopping::due), stopping));
        assertTrue(error.getMessage().startsWith(runs.resolve(folder) + ": stopped as asked; its checkpoint is of epoch "), error.getMessage());
        return runs.resolve(folder);
    }

    private Path crash(Recipe recipe, String folder, int afterSteps, double checkpointSeconds) {
        assertThrows(IllegalStateException.class, () -> Training.run(recipe,
                new Training.Setup(data, "cpu", runs.resolve(folder), true, checkpointSeconds, () -> false), new Stopping(afterSteps, true)));
        return runs.resolve(folder);
    }

    /** metrics.csv without times, and the hash of the weights. */
    static String result(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(folder.resolve(RunLog.METRICS))) {
            text.append(line, 0, line.lastIndexOf(',')).append('\n');
        }
        return text.append(RunLog.readDescription(folder).get("weights_sha256").getAsString()).toString();
    }

    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void aRunThatIsStoppedAnywhereEndsAsOneThatIsNot(Recipe recipe) throws IOException {
        Stopping counting = new Stopping(Integer.MAX_VALUE, true);
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve("straight")), counting);
        String expected = result(runs.resolve("straight"));
        Random random = new Random(recipe.toString().hashCode());
        TreeSet<Integer> stops = new TreeSet<>(List.of(counting.steps - 2)); // in the last epoch
        random.ints(3, 1, counting.steps - 3).forEach(stops::add);
        int done = 0;
        for (int at : stops) {
            boolean crash = random.nextBoolean();
            if (crash) {
                crash(recipe, "stopped", at - done, 0);
                // The checkpoint after the step in which it crashed was not written
                done = Math.max(done, at - 1);
            } else {
                stop(recipe, "stopped", at - done);
                done = at;
            }
        }
        assertTrue(stops.size() > 2);
        assertEquals(expected, result(run(recipe, "stopped")), "stopped at " + stops);
        assertEquals(List.of("metrics.csv", "run.json"), files(runs.resolve("stopped")), "nothing is left over");
        assertTrue(RunLog.readDescription(runs.resolve("stopped")).get("resumed").getAsInt() >= stops.size() - 1);
    }

    @Test
    void averagingHasBegunBeforeTheLastEpochs() throws IOException {
        Path folder = stop(averaging(), "run", 4 * 5 + 2);
        assertTrue(new String(Files.readAllBytes(folder.resolve(NEWEST)), StandardCharsets.ISO_8859_1).contains("AveragedSgd"),
                "the state in the checkpoint is averaged SGD's");
    }

    @Test
    void aCheckpointThatIsDamagedIsPassedOverForTheOneBefore() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2);
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve("straight")), Progress.NONE);
        Path folder = crash(recipe, "run", 4, 0);
        assertEquals(List.of(NEWEST, PREVIOUS, "metrics.csv", "run.json", "run.lock"), files(folder));
        damage(folder.resolve(NEWEST));
        run(recipe, "run");
        assertTrue(noticed.get(0).startsWith(folder.resolve(NEWEST) + ": the checkpoint is damaged: expected checksum "), noticed.get(0));
        assertEquals("resumed at epoch 1, after step 2", noticed.get(1));
        assertEquals(result(runs.resolve("straight")), result(folder));
    }

    @Test
    void withoutAWholeCheckpointNothingIsTouched() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2);
        Path folder = crash(recipe, "run", 4, 0);
        damage(folder.resolve(NEWEST));
        Files.write(folder.resolve(PREVIOUS), Arrays.copyOf(Files.readAllBytes(folder.resolve(PREVIOUS)), 5));
        List<byte[]> before = contents(folder);
        var error = assertThrows(IOException.class, () -> run(recipe, "run"));
        assertTrue(error.getMessage().contains("expected at least 8 bytes, found 5"), error.getMessage());
        assertTrue(error.getMessage().endsWith("delete the run folder to start anew"), error.getMessage());
        assertSame(before, contents(folder));
    }

    @Test
    void aRunOfAnotherRecipeIsRefusedAndKept() throws IOException {
        Path folder = stop(tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2), "run", 3);
        List<byte[]> before = contents(folder);
        var error = assertThrows(IOException.class, () -> run(tiny(Experiment.PTB_LSTM2, OptimizerName.ADADIFF, 2), "run"));
        assertTrue(error.getMessage().startsWith(folder + ": expected an unfinished run with the recipe {"), error.getMessage());
        assertSame(before, contents(folder));
    }

    @Test
    void aCheckpointOfOtherDataIsRefused() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2);
        Path folder = stop(recipe, "run", 3);
        Path other = Files.createDirectory(runs.resolve("data"));
        SampleGenerator.generate(other, 2);
        var error = assertThrows(IOException.class, () -> Training.run(recipe,
                new Training.Setup(other, "cpu", folder).resuming(), Progress.NONE));
        assertTrue(error.getMessage().startsWith(folder.resolve(NEWEST) + ": expected the data {"), error.getMessage());
        assertTrue(error.getMessage().endsWith("the checkpoint is of another run"), error.getMessage());
    }

    @Test
    void anUnfinishedRunIsNotBegunAgainByMistake() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2);
        Path folder = stop(recipe, "run", 3);
        List<byte[]> before = contents(folder);
        var error = assertThrows(FileAlreadyExistsException.class,
                () -> Training.run(recipe, new Training.Setup(data, "cpu", folder), Progress.NONE));
        assertTrue(error.getMessage().contains("it holds an unfinished run; --resume goes on with it"), error.getMessage());
        assertSame(before, contents(folder));
    }

    @Test
    void aRunThatIsDoneIsLeftAsItIs() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 1);
        Path folder = run(recipe, "run");
        List<byte[]> before = contents(folder);
        run(recipe, "run");
        assertEquals(List.of(folder + ": done already"), noticed);
        assertSame(before, contents(folder));
    }

    @Test
    void aDivergedRunIsNotResumed() throws IOException {
        Recipe recipe = tiny(Experiment.CIFAR10_RESNET34, OptimizerName.SGD, 2).withSettings(new OptimizerSettings(1e30, 0, 0, 0, 0.9, 5e-4, 0));
        assertThrows(DivergedException.class, () -> run(recipe, "run"));
        Path folder = runs.resolve("run");
        assertEquals(List.of("metrics.csv", "run.json"), files(folder));
        var error = assertThrows(FileAlreadyExistsException.class, () -> run(recipe, "run"));
        assertTrue(error.getMessage().contains("it holds a run that diverged, and would again"), error.getMessage());
    }

    @Test
    void aRunThatDiedBeforeItsFirstCheckpointStartsAnew() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 1);
        crash(recipe, "run", 2, 1e9);
        run(recipe, "run");
        assertTrue(noticed.get(0).endsWith("before its first checkpoint, and starts anew"), noticed.get(0));
        assertEquals(3, RunLog.readMetrics(runs.resolve("run")).size());
    }

    @Test
    void aLimitOfStepsHoldsForAllProcessesTogether() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2).withLimits(new Limits(6_000, 1_000, 3));
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve("straight")), Progress.NONE);
        stop(recipe, "run", 1);
        stop(recipe, "run", 2); // at the limit: what is left is to log
        assertEquals(result(runs.resolve("straight")), result(run(recipe, "run")));
        assertEquals(1, RunLog.readMetrics(runs.resolve("run")).size());
    }

    @Test
    void aSecondRunInTheSameFolderIsRefused() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 1);
        List<String> refusals = new ArrayList<>();
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve("run")), new Progress() {
            @Override
            public void stepped(Step step) {
                refusals.add(assertThrows(IOException.class, () -> run(recipe, "run")).getMessage());
            }
        });
        assertEquals(runs.resolve("run") + ": another run is going on in this folder; wait for it, or choose another folder", refusals.get(0));
    }

    /** The file that a checkpoint is written to is a device here that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void onAFullDiskTheRunGoesOnAndTheLastCheckpointStays() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 2);
        Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve("straight")), Progress.NONE);
        Path folder = stop(recipe, "run", 3);
        byte[] before = Files.readAllBytes(folder.resolve(NEWEST));
        Files.createSymbolicLink(folder.resolve(NEWEST + ".part"), Path.of("/dev/full"));
        Stopping stopping = new Stopping(1, false);
        var error = assertThrows(StoppedException.class,
                () -> Training.run(recipe, new Training.Setup(data, "cpu", folder, true, 1e9, stopping::due), stopping));
        assertTrue(error.getMessage().endsWith("it could not be saved at epoch 1, after step 4"), error.getMessage());
        assertTrue(noticed.get(1).startsWith("cannot write a checkpoint at epoch 1, after step 4: "), noticed.toString());
        assertTrue(noticed.get(1).contains("No space left on device"), noticed.toString());
        assertArrayEquals(before, Files.readAllBytes(folder.resolve(PREVIOUS)), "what was saved before is still there");
        run(recipe, "run");
        assertEquals(result(runs.resolve("straight")), result(folder));
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    /** The files that matter, in the order of their names. */
    private static List<byte[]> contents(Path folder) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (String name : files(folder)) {
            contents.add(Files.readAllBytes(folder.resolve(name)));
        }
        return contents;
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> found) {
        assertArrayEquals(expected.toArray(), found.toArray());
    }
}
