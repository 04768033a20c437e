package org.adadiff.jupyter.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecsTest {
    @TempDir
    private Path folder;

    private void install(String data, String name, String json) throws IOException {
        Path kernel = Files.createDirectories(folder.resolve(data).resolve("kernels").resolve(name));
        Files.writeString(kernel.resolve("kernel.json"), json);
    }

    private static String spec(String displayName) {
        return "{\"argv\":[\"run\",\"{resource_dir}/k.jar\",\"{connection_file}\"],\"display_name\":\"" + displayName
                + "\",\"language\":\"java\",\"interrupt_mode\":\"message\",\"env\":{\"A\":\"1\"}}";
    }

    private KernelSpecs specs(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("JUPYTER_PATH", "");
        return KernelSpecs.in(variables, "Linux", folder.resolve("home"));
    }

    @Test
    void firstFolderInJupytersOrderWins() throws IOException, RunException {
        List<String> order = List.of("path1", "path2", "home/.local/share/jupyter", "venv/share/jupyter", "conda/share/jupyter");
        Map<String, String> environment = Map.of(
                "JUPYTER_PATH", folder.resolve("path1") + File.pathSeparator + folder.resolve("path2"),
                "VIRTUAL_ENV", folder.resolve("venv").toString(),
                "CONDA_PREFIX", folder.resolve("conda").toString());
        for (int i = order.size() - 1; i >= 0; i--) {
            install(order.get(i), "java", spec(order.get(i)));
            assertEquals(order.get(i), specs(environment).find("java").displayName());
        }
        install("own", "java", spec("own"));
        assertEquals("own", specs(Map.of("JUPYTER_DATA_DIR", folder.resolve("own").toString())).find("java").displayName());
    }

    @Test
    void kernelIsReadWholeAndItsCommandFilledIn() throws IOException, RunException {
        install("home/.local/share/jupyter", "Java", spec("J"));
        KernelSpec found = specs(Map.of()).find("java");
        assertEquals("java", found.language());
        assertTrue(found.interruptByMessage());
        assertEquals(Map.of("A", "1"), found.env());
        Path kernel = folder.resolve("home/.local/share/jupyter/kernels/Java");
        assertEquals(List.of("run", kernel + "/k.jar", "/c.json"), found.command(Path.of("/c.json")));
    }

    @Test
    void unknownNameIsRefusedWithTheKnownOnesAndTheFoldersSearched() throws IOException {
        install("home/.local/share/jupyter", "java", spec("J"));
        install("home/.local/share/jupyter", "other", spec("O"));
        RunException refused = assertThrows(RunException.class, () -> specs(Map.of()).find("jva"));
        assertEquals(RunStatus.NO_KERNEL, refused.status());
        Path kernels = folder.resolve("home/.local/share/jupyter/kernels");
        assertTrue(refused.getMessage().startsWith("no kernel named 'jva' is installed; found "), refused.getMessage());
        assertTrue(refused.getMessage().contains("java (" + kernels.resolve("java") + "), "), refused.getMessage());
        assertTrue(refused.getMessage().contains("other (" + kernels.resolve("other") + ")"), refused.getMessage());
        assertTrue(refused.getMessage().contains("looked in " + kernels + ", "), refused.getMessage());
    }

    @Test
    void damagedKernelIsLeftOutOfTheListAndReportedWhenAskedFor() throws IOException {
        install("home/.local/share/jupyter", "good", spec("G"));
        install("home/.local/share/jupyter", "bad", "{\"argv\": 3}");
        List<String> names = specs(Map.of()).list().stream().map(KernelSpec::name).toList();
        assertTrue(names.contains("good") && !names.contains("bad"), names.toString());
        RunException refused = assertThrows(RunException.class, () -> specs(Map.of()).find("bad"));
        assertTrue(refused.getMessage().startsWith("the kernel 'bad' cannot be used: expected a kernel.json with an argv list"), refused.getMessage());
    }
}
