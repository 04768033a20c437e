package org.adadiff.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MxnetTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void aProgramThatOnlyImportsTheJarComputesOnAllProcessors(boolean jarBeforeDjl) throws Exception {
        assertEquals(PROCESSORS, computingThreads(Map.of(), jarBeforeDjl));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anExplicitNumberOfThreadsWins() throws Exception {
        assertEquals(1, computingThreads(Map.of("OMP_NUM_THREADS", "1"), true));
        assertEquals(3, computingThreads(Map.of("OMP_NUM_THREADS", "3"), true));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessBoundToOneProcessorComputesOnOneThread() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "no taskset here");
        assertEquals(1, computingThreads(Map.of(), true, "/usr/bin/taskset", "--cpu-list", firstProcessor()));
    }

    @Test
    void whereMxnetsJarIsLeftOutDjlStillLooksForOtherEngines() throws Exception {
        List<String> path = ImportingProgram.classPath(true);
        path.removeIf(jar -> jar.contains("mxnet-engine"));
        Process process = ImportingProgram.inItsOwnJava(path).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertNotEquals(0, process.waitFor(), "there is no MXNet, found " + output);
        assertFalse(output.contains("ServiceConfigurationError"), output);
        assertFalse(output.contains("NoClassDefFoundError"), output);
    }

    @Test
    void aNumberOfThreadsIsReadAsOpenMpDoes() {
        assertEquals(PROCESSORS, Mxnet.threads(null));
        assertEquals(PROCESSORS, Mxnet.threads(" "));
        assertEquals(3, Mxnet.threads(" 3 "));
        assertEquals(4, Mxnet.threads("4,2"));
        for (String wrong : List.of("abc", "0", "-1", "1.5", ",", "99999999999")) {
            var error = assertThrows(IllegalArgumentException.class, () -> Mxnet.threads(wrong));
            assertEquals("environment variable OMP_NUM_THREADS: expected a number of threads, found '" + wrong + "'", error.getMessage());
        }
    }

    /** Four arrays of 64 MiB are closed. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryOfClosedArraysIsKeptUnlessTheyAreMapped() throws Exception {
        ProcessBuilder program = ImportingProgram.inItsOwnJava(ImportingProgram.classPath(true));
        program.environment().put("MALLOC_ARENA_MAX", "1"); // the heaps of other threads than the first hold no such arrays
        int kept = printed("kept MB ", program);
        assertTrue(kept > 100, "kept " + kept);
        program.command().add(Integer.toString(1 << 20));
        int keptOfMapped = printed("kept MB ", program);
        assertTrue(keptOfMapped < 50, "kept " + keptOfMapped);
        program.environment().put("MALLOC_MMAP_MAX_", "0");
        int keptAsTold = printed("kept MB ", program);
        assertTrue(keptAsTold > 100, "kept " + keptAsTold);
    }

    @Test
    void arraysThatGlibcCouldNotTellApartAreRefused() {
        for (int wrong : new int[] {0, -1, (32 << 20) + 1}) {
            var error = assertThrows(IllegalArgumentException.class, () -> Mxnet.mapArrays(wrong));
            assertEquals("bytes: expected 1 to 33554432, found " + wrong, error.getMessage());
        }
    }

    private static int computingThreads(Map<String, String> environment, boolean jarFirst, String... prefix) throws Exception {
        ProcessBuilder builder = ImportingProgram.inItsOwnJava(ImportingProgram.classPath(jarFirst), prefix);
        builder.environment().putAll(environment);
        return printed("threads ", builder);
    }

    /** Runs the program, and returns the number behind some words that it prints. */
    private static int printed(String words, ProcessBuilder program) throws Exception {
        Process process = program.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output.lines().filter(line -> line.startsWith(words)).mapToInt(line -> Integer.parseInt(line.substring(words.length())))
                .findFirst().orElseThrow(() -> new AssertionError(output));
    }

    /** The first of the processors that this process may use. */
    private static String firstProcessor() throws IOException {
        String allowed = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow();
        return allowed.split("\\s+")[1].split("[-,]")[0];
    }
}
