package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.adadiff.cli.Adadiff;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real {@code adadiff train} processes, killed at random moments and started again. */
@DisabledOnOs(OS.WINDOWS)
class KilledRunTest {
    private static final int KILLS = 10; // of each experiment

    @TempDir
    static Path data;

    @TempDir
    Path runs;

    @BeforeAll
    static void sample() throws IOException {
        SampleGenerator.generate(data, 1);
    }

    /** A process that trains, on one thread; what it prints is kept, and the first step that it makes is told. */
    private final class Training implements AutoCloseable {
        private final Process process;
        private final StringBuilder printed = new StringBuilder();
        private final CompletableFuture<Void> firstStep = new CompletableFuture<>();
        private final Thread reader = new Thread(this::read);

        Training(Experiment experiment, String folder) throws IOException {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Adadiff.class.getName()));
            command.addAll(List.of("train", "--experiment", experiment.id(), "--optimizer", "adadiff", "--profile", "smoke", "--seed",
                    "1", "--data", data.toString(), "--run-dir", runs.resolve(folder).toString(), "--resume", "--checkpoint-every", "0.02"));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("OMP_NUM_THREADS", "1");
            process = builder.start();
            reader.start();
        }

        private void read() {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    synchronized (printed) {
                        printed.append(line).append('\n');
                    }
                    if (line.startsWith("epoch")) {
                        firstStep.complete(null);
                    }
                }
            } catch (IOException e) {
                synchronized (printed) {
                    printed.append(e);
                }
            }
            firstStep.complete(null);
        }

        int exitCode() throws InterruptedException {
            assertTrue(process.waitFor(3, TimeUnit.MINUTES), this::text);
            reader.join();
            return process.exitValue();
        }

        String text() {
            synchronized (printed) {
                return printed.toString();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void aRunThatIsKilledAnywhereEndsAsOneThatIsNot() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> kills = List.of(both.submit(() -> kill(Experiment.CIFAR10_RESNET34)),
                    both.submit(() -> kill(Experiment.PTB_LSTM2)));
            int sum = 0;
            for (Future<Integer> each : kills) {
                sum += each.get();
            }
            assertTrue(sum >= 20, sum + " kills");
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            both.shutdownNow();
        }
    }

    private int kill(Experiment experiment) throws IOException, InterruptedException, ExecutionException {
        String straight = experiment + "-straight";
        toTheEnd(experiment, straight);
        String expected = ResumeTest.result(runs.resolve(straight));
        Random random = new Random(experiment.ordinal());
        int kills = 0;
        int resumed = 0;
        for (int run = 1; kills < KILLS; run++) { // a run may end before it has been killed often enough
            String folder = experiment + "-killed" + run;
            boolean ended = false;
            while (!ended && kills < KILLS) {
                try (Training training = new Training(experiment, folder)) {
                    if (random.nextInt(5) > 0) {
                        training.firstStep.get();
                    }
                    ended = training.process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
                    training.process.destroyForcibly(); // SIGKILL
                    int code = training.exitCode();
                    assertEquals(ended ? 0 : 137, code, training::text);
                    kills += ended ? 0 : 1;
                }
            }
            toTheEnd(experiment, folder);
            assertEquals(expected, ResumeTest.result(runs.resolve(folder)), folder);
            var resumptions = RunLog.readDescription(runs.resolve(folder)).get("resumed");
            resumed += resumptions == null ? 0 : resumptions.getAsInt();
        }
        assertTrue(resumed >= KILLS / 2, experiment + ": went on from a checkpoint only " + resumed + " times");
        return kills;
    }

    private void toTheEnd(Experiment experiment, String folder) throws IOException, InterruptedException {
        try (Training training = new Training(experiment, folder)) {
            assertEquals(0, training.exitCode(), training::text);
        }
    }

    @Test
    void aRunThatIsToldToEndSavesItselfAndSaysHowToGoOn() throws Exception {
        try (Training training = new Training(Experiment.CIFAR10_RESNET34, "run")) {
            training.firstStep.get();
            try (Training second = new Training(Experiment.CIFAR10_RESNET34, "run")) {
                assertEquals(2, second.exitCode(), second::text);
                assertTrue(second.text().contains("another run is going on in this folder"), second.text());
            }
            training.process.toHandle().destroy(); // SIGTERM; Process.destroy would close what it prints, too
            assertEquals(143, training.exitCode(), training::text);
            assertTrue(training.text().contains("stopped as asked; its checkpoint is of epoch"), training.text());
            assertTrue(training.text().contains("The same command with --resume goes on."), training.text());
        }
        assertEquals(RunState.UNFINISHED, RunState.of(runs.resolve("run")));
        assertEquals("stopped", RunLog.readDescription(runs.resolve("run")).get("status").getAsString());
        toTheEnd(Experiment.CIFAR10_RESNET34, "run");
        try (Training again = new Training(Experiment.CIFAR10_RESNET34, "run")) {
            assertEquals(0, again.exitCode(), again::text);
            assertTrue(again.text().contains("done already"), again.text());
        }
    }
}
