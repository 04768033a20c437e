package org.adadiff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.adadiff.metric.RunLog;
import org.adadiff.train.Experiment;
import org.adadiff.train.Limits;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code adadiff train --grid} with real training. */
class TrainGridTest {
    @TempDir
    Path folder;

    private String printed;

    private int train(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var bytes = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            return new Adadiff().execute(Stream.concat(Stream.of("train", "--grid", "--profile", "smoke", "--data", folder.toString(),
                    "--runs", folder.resolve("runs").toString()), Stream.of(arguments)).toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private String line(int index) {
        return printed.lines().filter(line -> line.startsWith(String.format("%5d  ", index))).findFirst().orElseThrow();
    }

    @Test
    void theListSaysIndexAndStateOfEachRun() throws IOException {
        RunLog.create(folder.resolve("runs/cifar10-resnet34/smoke-adabelief-seed1"), Map.of("status", "done"));
        assertEquals(0, train());
        assertEquals(73, printed.lines().count(), "a heading and 72 runs");
        assertTrue(line(0).matches(" +0  not run +cifar10-resnet34 +adadiff +1  .*smoke-adadiff-seed1"), line(0));
        assertTrue(line(1).matches(" +1  done +cifar10-resnet34 +adabelief +1  .*"), line(1));
        assertEquals(0, train("--count"));
        assertEquals("72", printed.strip());
        assertEquals(0, train("--count", "--experiment", "ptb-lstm2,ptb-lstm3", "--optimizer", "sgd", "--seed", "4"));
        assertEquals("2", printed.strip());
    }

    @Test
    void oneIndexIsRunAndIsDoneWhenAskedForAgain() throws IOException {
        String[] run = {"--experiment", "ptb-lstm2", "--optimizer", "adam,sgd", "--seed", "1", "--max-steps", "2", "--index", "1"};
        assertEquals(0, train(run), () -> printed);
        Path metrics = folder.resolve("runs/ptb-lstm2/smoke-sgd-seed1/metrics.csv");
        String rows = Files.readString(metrics);
        assertEquals(2, rows.lines().count(), "a heading and the training row");
        String description = Files.readString(folder.resolve("runs/ptb-lstm2/smoke-sgd-seed1/run.json"));
        assertTrue(description.contains("\"content\": \"generated sample\""), description);
        assertEquals(0, train(run));
        assertTrue(printed.contains("smoke-sgd-seed1: done already"), printed);
        assertEquals(rows, Files.readString(metrics));
        assertTrue(Files.notExists(folder.resolve("runs/ptb-lstm2/smoke-adam-seed1")), "no other run");
    }

    @Test
    void aRunThatWasCutOffGoesOnWithoutBeingAsked() throws IOException {
        Path run = folder.resolve("runs/ptb-lstm2/smoke-adam-seed1");
        Recipe recipe = Recipe.of(Experiment.PTB_LSTM2, OptimizerName.ADAM, Profile.SMOKE, 1);
        Limits oneStep = new Limits(recipe.limits().training(), recipe.limits().evaluation(), 1);
        // Killed before its first checkpoint
        RunLog.create(run, Map.of("status", "running", "recipe", recipe.withLimits(oneStep)));
        assertEquals(0, train("--experiment", "ptb-lstm2", "--optimizer", "adam"));
        assertTrue(line(0).contains("unfinished"), line(0));
        assertEquals(0, train("--experiment", "ptb-lstm2", "--optimizer", "adam", "--max-steps", "1", "--index", "0"), () -> printed);
        assertEquals("done", RunLog.readDescription(run).get("status").getAsString());
    }

    @Test
    void aRunThatFailsDoesNotStopTheOthers() throws IOException {
        RunLog.create(folder.resolve("runs/ptb-lstm2/smoke-adadiff-seed1"), Map.of("status", "diverged: the loss became NaN"));
        assertEquals(1, train("--experiment", "ptb-lstm2", "--optimizer", "adadiff,adam", "--seed", "1", "--max-steps", "1",
                "--index", "all"), () -> printed);
        assertTrue(printed.contains("1 of 2 runs failed:"), printed);
        assertTrue(Files.exists(folder.resolve("runs/ptb-lstm2/smoke-adam-seed1/metrics.csv")), printed);
    }

    @Test
    void badUsageIsRefusedInWords() {
        assertEquals(2, train("--index", "72"));
        assertTrue(printed.contains("--index: expected 0 to 71, found 72"), printed);
        assertEquals(2, train("--index", "first"));
        assertTrue(printed.contains("--index: expected a number or 'all', found 'first'"), printed);
        assertEquals(2, train("--run-dir", "x"));
        assertTrue(printed.contains("--run-dir is for a single run"), printed);
    }
}
