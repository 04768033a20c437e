package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.engine.Mxnet;
import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real runs, on generated data. */
class TrainingTest {
    @TempDir
    static Path data;

    @TempDir
    Path runs;

    @BeforeAll
    static void sample() throws IOException {
        SampleGenerator.generate(data, 1);
    }

    /** However it ended: at its end, at its limit of steps, or because it diverged. */
    @AfterEach
    void noThreadThatPreparesBatchesOutlivesItsRun() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("adadiff-batches")) {
                // One that has been told to end may still be on its way out; one that was forgotten waits for work
                assertNotEquals(Thread.State.TIMED_WAITING, thread.getState(), thread + " lives on");
            }
        }
    }

    private RunLog run(Recipe recipe, String folder) throws IOException {
        return run(recipe, folder, Progress.NONE);
    }

    private RunLog run(Recipe recipe, String folder, Progress progress) throws IOException {
        return Training.run(recipe, new Training.Setup(data, "cpu", runs.resolve(folder)), progress);
    }

    private static Recipe tiny(Experiment experiment, OptimizerName optimizer, long seed) {
        Recipe recipe = Recipe.of(experiment, optimizer, Profile.SMOKE, seed);
        int training = experiment.isLanguage() ? 6_000 : 96;
        return recipe.withSchedule(recipe.schedule().scaledTo(1)).withLimits(new Limits(training, training / 2, 0));
    }

    private static List<MetricRow> withoutTimes(List<MetricRow> rows) {
        return rows.stream().map(r -> new MetricRow(r.epoch(), r.split(), r.loss(), r.metric(), r.learningRate(), 0)).toList();
    }

    @ParameterizedTest
    @EnumSource(value = Experiment.class, names = {"CIFAR10_RESNET34", "PTB_LSTM2"})
    void theSameSeedGivesTheSameRowsAndAnotherSeedOthers(Experiment experiment) throws IOException {
        run(tiny(experiment, OptimizerName.ADADIFF, 1), "first");
        run(tiny(experiment, OptimizerName.ADADIFF, 1), "again");
        run(tiny(experiment, OptimizerName.ADADIFF, 2), "other");
        List<MetricRow> first = withoutTimes(RunLog.readMetrics(runs.resolve("first")));
        assertEquals(first, withoutTimes(RunLog.readMetrics(runs.resolve("again"))));
        assertNotEquals(first, withoutTimes(RunLog.readMetrics(runs.resolve("other"))));
    }

    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void everyOptimizerLearnsTheSampleImages(OptimizerName optimizer) throws IOException {
        List<MetricRow> rows = run(Recipe.of(Experiment.CIFAR10_RESNET34, optimizer, Profile.SMOKE, 1), "run").rows();
        double accuracy = rows.get(rows.size() - 1).metric();
        assertTrue(accuracy > 20, optimizer + ": expected more than twice chance, found " + accuracy + " %");
    }

    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void everyOptimizerLearnsTheSampleText(OptimizerName optimizer) throws IOException {
        List<MetricRow> rows = run(Recipe.of(Experiment.PTB_LSTM2, optimizer, Profile.SMOKE, 1), "run").rows();
        List<MetricRow> train = rows.stream().filter(row -> row.split().equals("train")).toList();
        assertEquals(4, train.size());
        double last = rows.get(rows.size() - 1).metric();
        assertTrue(last < 175, optimizer + ": expected a test perplexity below 175 of 200 words, found " + last);
        assertTrue(train.get(3).loss() < train.get(0).loss(), optimizer + ": the training loss did not fall: " + train);
    }

    @ParameterizedTest
    @EnumSource(value = Experiment.class, names = {"CIFAR10_DENSENET121", "CIFAR100_RESNET34", "CIFAR100_DENSENET121", "PTB_LSTM3"})
    void everyOtherExperimentRuns(Experiment experiment) throws IOException {
        RunLog log = run(tiny(experiment, OptimizerName.ADADIFF, 1), "run");
        assertEquals(experiment.isLanguage() ? List.of("train", "valid", "test") : List.of("train", "test"),
                log.rows().stream().map(MetricRow::split).toList());
        assertTrue(log.rows().stream().allMatch(row -> Double.isFinite(row.loss())), log.rows().toString());
    }

    @ParameterizedTest
    @EnumSource(value = Experiment.class, names = {"CIFAR10_RESNET34", "PTB_LSTM2"})
    void noArrayOutlivesItsEpoch(Experiment experiment) throws IOException {
        Recipe tiny = tiny(experiment, OptimizerName.ADADIFF, 1);
        Recipe recipe = tiny.withSchedule(tiny.schedule().scaledTo(3));
        List<Integer> live = new ArrayList<>();
        try (NDManager manager = Mxnet.engine().newBaseManager(Device.cpu())) {
            Task task = Task.of(recipe, data, manager, List.of(Device.cpu()));
            int atStart = manager.getManagedArrays().size();
            try (RunOptimizer optimizer = new RunOptimizer(recipe, task.network())) {
                var checkpoints = new Checkpoints(new RunDescription(recipe, "cpu", task), new Training.Setup(data, "cpu", runs), Progress.NONE);
                new TrainingLoop(recipe, task, optimizer, RunLog.create(runs, Map.of()), checkpoints, new Progress() {
                    @Override
                    public void evaluated(List<MetricRow> rows) {
                        live.add(manager.getManagedArrays().size());
                    }
                }).run();
            }
            assertTrue(atStart > 0);
            assertEquals(List.of(atStart, atStart, atStart), live);
        }
    }

    @Test
    void runJsonHoldsWhatTheRunCameFrom() throws IOException {
        run(tiny(Experiment.PTB_LSTM2, OptimizerName.ADAM, 5), "run");
        JsonObject json = RunLog.readDescription(runs.resolve("run"));
        assertEquals("ptb-lstm2", json.get("experiment").getAsString());
        assertEquals("done", json.get("status").getAsString());
        assertEquals(1e-2, json.getAsJsonObject("recipe").getAsJsonObject("settings").get("learningRate").getAsDouble());
        JsonObject files = json.getAsJsonObject("data").getAsJsonObject("sha256");
        assertEquals(3, files.size());
        assertTrue(files.get("ptb.train.txt").getAsString().matches("[0-9a-f]{64}"), files.toString());
        for (String key : List.of("git_commit", "versions", "device", "threads", "host", "wall_seconds", "command")) {
            assertTrue(json.has(key), key);
        }
    }

    @Test
    void aFolderThatHoldsARunIsRefusedAndKept() throws IOException {
        Recipe recipe = tiny(Experiment.PTB_LSTM2, OptimizerName.ADADIFF, 1);
        run(recipe, "run");
        String before = Files.readString(runs.resolve("run/metrics.csv"));
        assertThrows(FileAlreadyExistsException.class, () -> run(recipe, "run"));
        assertEquals(before, Files.readString(runs.resolve("run/metrics.csv")));
    }

    @Test
    void aRunStopsAfterItsLimitOfSteps() throws IOException {
        List<Progress.Step> steps = new ArrayList<>();
        Recipe recipe = Recipe.of(Experiment.CIFAR10_RESNET34, OptimizerName.ADADIFF, Profile.SMOKE, 1)
                .withLimits(new Limits(96, 96, 5));
        RunLog log = run(recipe, "run", new Progress() {
            @Override
            public void stepped(Step step) {
                steps.add(step);
            }
        });
        assertEquals(5, steps.size());
        assertEquals(2, steps.get(4).epoch());
        assertTrue(steps.stream().allMatch(step -> step.dataWait() > 0 && step.dataWait() < 1), steps.toString());
        assertEquals(List.of("train", "test", "train"), log.rows().stream().map(MetricRow::split).toList());
    }

    @Test
    void aDivergingRunStopsWithAReasonAndKeepsItsLog() throws IOException {
        OptimizerSettings s = OptimizerSettings.images(OptimizerName.SGD);
        Recipe recipe = tiny(Experiment.CIFAR10_RESNET34, OptimizerName.SGD, 1)
                .withSettings(new OptimizerSettings(1e30, 0, 0, 0, s.momentum(), s.weightDecay(), 0));
        var error = assertThrows(DivergedException.class, () -> run(recipe, "run"));
        assertTrue(error.getMessage().contains("step"), error.getMessage());
        String status = RunLog.readDescription(runs.resolve("run")).get("status").getAsString();
        assertTrue(status.startsWith("diverged: the loss became"), status);
        assertFalse(status.contains(runs.toString()), "run.json names no path of the machine: " + status);
    }

    @Test
    void aRunWhoseLastStepDivergesIsNotCalledDone() throws IOException {
        OptimizerSettings s = OptimizerSettings.images(OptimizerName.SGD);
        Recipe tiny = tiny(Experiment.CIFAR10_RESNET34, OptimizerName.SGD, 1);
        Recipe recipe = tiny.withLimits(new Limits(tiny.batchSize(), 32, 0)) // one step, then the evaluation
                .withSettings(new OptimizerSettings(1e38, 0, 0, 0, s.momentum(), s.weightDecay(), 0));
        var error = assertThrows(DivergedException.class, () -> run(recipe, "run"));
        assertTrue(error.getMessage().startsWith("the test loss was "), error.getMessage());
        assertEquals(List.of("train", "test"),
                RunLog.readMetrics(runs.resolve("run")).stream().map(MetricRow::split).toList());
        String status = RunLog.readDescription(runs.resolve("run")).get("status").getAsString();
        assertEquals("diverged: " + error.getMessage(), status);
    }

    @Test
    void theCommitIsThatOfTheProjectNotOfWhereTheRunWasStarted() throws Exception {
        assertEquals("unknown", Host.commit(runs));
        Path elsewhere = Files.createDirectories(runs.resolve("project"));
        for (List<String> command : List.of(List.of("git", "init", "-q"),
                List.of("git", "-c", "user.name=n", "-c", "user.email=e@x", "commit", "-q", "--allow-empty", "-m", "x"))) {
            assertEquals(0, new ProcessBuilder(command).directory(elsewhere.toFile()).start().waitFor(), command.toString());
        }
        Path classes = Files.createDirectories(elsewhere.resolve("lib/classes"));
        assertEquals("unknown", Host.commit(classes), "a repository that is not the project's");
        Files.createDirectories(elsewhere.resolve("data/paper"));
        assertTrue(Host.commit(classes).matches("[0-9a-f]{40}"), Host.commit(classes));
        assertNotEquals(Host.commit(classes), Host.commit(Host.classes()));
    }

    @Test
    void anUnknownDeviceIsRefused() {
        Recipe recipe = tiny(Experiment.CIFAR10_RESNET34, OptimizerName.ADADIFF, 1);
        var error = assertThrows(IllegalArgumentException.class,
                () -> Training.run(recipe, new Training.Setup(data, "tpu", runs.resolve("run")), Progress.NONE));
        assertEquals("device: expected cpu, gpu, or some GPUs such as gpu:0,1, found 'tpu'", error.getMessage());
    }
}
