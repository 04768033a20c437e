package org.adadiff.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
        assertEquals(PROCESSORS, computingThreads(List.of(), Map.of(), jarBeforeDjl));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anExplicitNumberOfThreadsWins() throws Exception {
        assertEquals(1, computingThreads(List.of(), Map.of("OMP_NUM_THREADS", "1"), true));
        assertEquals(3, computingThreads(List.of(), Map.of("OMP_NUM_THREADS", "3"), true));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessBoundToOneProcessorComputesOnOneThread() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "no taskset here");
        assertEquals(1, computingThreads(List.of("/usr/bin/taskset", "--cpu-list", firstProcessor()), Map.of(), true));
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

    /** Runs the importing program in a Java of its own. */
    private static int computingThreads(List<String> prefix, Map<String, String> environment, boolean jarBeforeDjl) throws Exception {
        List<String> path = new ArrayList<>(Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        String jar = Path.of(Mxnet.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        path.remove(jar);
        path.add(jarBeforeDjl ? 0 : path.size(), jar);
        List<String> command = new ArrayList<>(prefix);
        // -Xint: no compiler threads, which would count as computing
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint", "-cp",
                String.join(File.pathSeparator, path), ImportingProgram.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("OMP_NUM_THREADS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertEquals(0, process.waitFor(), output);
        return Integer.parseInt(output);
    }

    /** The first of the processors that this process may use. */
    private static String firstProcessor() throws IOException {
        String allowed = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow();
        return allowed.split("\\s+")[1].split("[-,]")[0];
    }
}
