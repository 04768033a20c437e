package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.outputs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A runner that is killed at any moment, as by a CI system or for want of memory. */
@Timeout(60)
class KilledRunnerTest {
    private static final int CELLS = 400;

    @TempDir
    private Path folder;

    /** With {@code -Dadadiff.kills=SEED}, at other moments. */
    @RepeatedTest(5)
    @DisabledOnOs(OS.WINDOWS)
    void everyFinishedCellIsInTheFileAndTheKernelEnds(RepetitionInfo repetition) throws Exception {
        Random random = new Random(Long.getLong("adadiff.kills", 1) * 100 + repetition.getCurrentRepetition());
        String[] cells = new String[CELLS];
        Arrays.setAll(cells, i -> i == 0 ? "pid" : "out " + i + "\nlarge " + random.nextInt(30_000) + "\nshow id" + i + " of " + i
                + (i < 3 ? "" : "\nupdate id" + (1 + random.nextInt(i - 1)) + " " + "anew".repeat(random.nextInt(500))));
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), cells);
        Path out = folder.resolve("out.ipynb");
        Process runner = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), Runner.class.getName(), notebook.toString(), out.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        int finished = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(runner.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("finished", lines.readLine());
            new Thread(() -> {
                try {
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(1_500_000));
                } catch (InterruptedException early) {
                    Thread.currentThread().interrupt();
                }
                runner.toHandle().destroyForcibly(); // which, unlike the process, leaves what it has written to be read
            }).start();
            do {
                finished++;
            } while (lines.readLine() != null);
        }
        runner.waitFor();
        long kernel = Long.parseLong(outputs(out, 1).get(0).substring("stdout:".length()).strip());
        ProcessHandle.of(kernel).ifPresent(handle -> handle.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        assertEquals(CELLS, NotebookFiles.read(out).getAsJsonArray("cells").size());
        for (int cell = 2; cell <= finished; cell++) {
            List<String> outputs = outputs(out, cell);
            assertEquals(2, outputs.size(), "cell " + cell + " of " + finished + " that had finished");
            assertTrue(outputs.get(0).startsWith("stdout:" + (cell - 1) + "\n"), outputs.get(0));
        }
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); leftovers() > 0; Thread.sleep(20)) {
            assertTrue(System.nanoTime() < end, "nothing else is left beside it");
        }
    }

    private long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".part")).count();
        }
    }

    /** The runner, which says when a cell has finished. */
    static final class Runner {
        private Runner() {}

        public static void main(String[] files) throws InterruptedException {
            NotebookRunner.run(Path.of(files[0]), Path.of(files[1]), RunOptions.DEFAULT.withKernel(ScriptedKernel.spec()), new RunListener() {
                @Override
                public void cellFinished(CellResult cell, int cells) {
                    System.out.println("finished");
                }
            });
        }
    }
}
