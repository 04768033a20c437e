package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                new OptimizerSettings(60, 0, 0, 0, 0, s.weightDecay(), s.clipNorm()), new Schedule(5, List.of(), 10), sgd.limits(),
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
        Random random = new Random(recipe.hashCode());
        TreeSet<Integer> stops = new TreeSet<>(); // the last step of all leaves nothing to go on with
        random.ints(4, 1, counting.steps).forEach(stops::add);
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
    void averagingIsSetOffInTheTestThatNeedsIt() throws IOException {
        Path folder = stop(averaging(), "run", 4 * 4 + 2);
        assertTrue(new String(Files.readAllBytes(folder.resolve(NEWEST)), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("AveragedSgd"), "the state in the checkpoint is averaged SGD's");
    }
}
