package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jupyter's own tests, where Python has them. */
class JupyterKernelTestSuiteTest {
    private static final int NOT_INSTALLED = 77;
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir Path folder;

    @Test
    void jupytersOwnTestsPass() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PYTHON), "no " + PYTHON);
        List<Path> classPath =
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream().map(Path::of).filter(Files::exists).toList();
        KernelSpecInstaller.install(folder.resolve("kernels"), "java-under-test", "Java", classPath, Map.of());
        Path script = folder.resolve("kernel_test.py");
        try (InputStream in = JupyterKernelTestSuiteTest.class.getResourceAsStream("kernel_test.py")) {
            Files.copy(in, script);
        }
        Path log = folder.resolve("log");
        ProcessBuilder tests =
                new ProcessBuilder(PYTHON.toString(), script.toString()).redirectErrorStream(true).redirectOutput(log.toFile());
        tests.environment().put("JUPYTER_DATA_DIR", folder.toString());
        int exit = tests.start().waitFor();
        assumeTrue(exit != NOT_INSTALLED, "jupyter_kernel_test is not installed");
        assertEquals(0, exit, () -> read(log));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
