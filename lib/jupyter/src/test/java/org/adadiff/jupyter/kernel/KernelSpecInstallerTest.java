package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecInstallerTest {
    @TempDir Path folder;

    @Test
    void writtenSpecStartsThisJavaWithAbsolutePaths() throws IOException {
        Path jar = Files.createDirectory(folder.resolve("classes")); // for jars there is an archive
        Map<String, String> environment = Map.of("IJAVA_CLASSPATH", "a.jar");
        Path spec = KernelSpecInstaller.install(folder.resolve("kernels"), "java", "Java", List.of(jar), environment);
        assertEquals(folder.resolve("kernels").resolve("java").resolve("kernel.json"), spec);
        JsonObject json = JsonParser.parseString(Files.readString(spec)).getAsJsonObject();
        List<String> argv = argv(json);
        assertTrue(Files.isExecutable(Path.of(argv.get(0))), argv.toString());
        List<String> options = argv.subList(1, argv.indexOf("-cp"));
        assertEquals("--enable-native-access=ALL-UNNAMED", options.get(0));
        assertEquals(KernelSpecInstaller.hugePages(), options.subList(1, options.size()));
        assertEquals(List.of("-cp", jar.toString(), KernelMain.class.getName(), "{connection_file}"),
                argv.subList(argv.indexOf("-cp"), argv.size()));
        assertEquals("Java", json.get("display_name").getAsString());
        assertEquals("java", json.get("language").getAsString());
        assertEquals("message", json.get("interrupt_mode").getAsString());
        assertEquals("a.jar", json.getAsJsonObject("env").get("IJAVA_CLASSPATH").getAsString());
        try (Stream<Path> files = Files.list(spec.getParent())) {
            assertEquals(List.of(spec), files.toList(), "nothing else is left behind");
        }
    }

    @Test
    void jvmOptionsStandBeforeTheClassPath() {
        JsonObject spec = KernelSpecInstaller.spec("Java", List.of(), Map.of(), "-Xmx1g \"-Dname=a b\"");
        List<String> argv = argv(spec);
        assertEquals(List.of("-Xmx1g", "-Dname=a b", "-cp"), argv.subList(argv.indexOf("-Xmx1g"), argv.indexOf("-cp") + 1));
    }

    private static List<String> argv(JsonObject spec) {
        return spec.getAsJsonArray("argv").asList().stream().map(JsonElement::getAsString).toList();
    }

    @Test
    void kernelsAreListedReplacedAndRemoved() throws IOException {
        assertEquals(List.of(), KernelSpecInstaller.list(folder.resolve("absent")));
        KernelSpecInstaller.install(folder, "java", "Java", List.of(), Map.of());
        KernelSpecInstaller.install(folder, "java", "Java 2", List.of(), Map.of());
        KernelSpecInstaller.install(folder, "adadiff", "AdaDiff", List.of(), Map.of());
        assertEquals(List.of("adadiff", "java"), KernelSpecInstaller.list(folder));
        assertTrue(KernelSpecInstaller.uninstall(folder, "java"));
        assertFalse(KernelSpecInstaller.uninstall(folder, "java"));
        assertEquals(List.of("adadiff"), KernelSpecInstaller.list(folder));
    }

    @Test
    void kernelsOfOthersAreLeftAlone() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("java")).resolve("kernel.json"), "{\"argv\": [\"python\"]}");
        assertEquals(List.of(), KernelSpecInstaller.list(folder));
        Exception refused = assertThrows(IllegalArgumentException.class, () -> KernelSpecInstaller.uninstall(folder, "java"));
        assertTrue(refused.getMessage().contains("not AdaDiff's"), refused.getMessage());
    }

    @Test
    void badNamesAndMissingJarsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> KernelSpecInstaller.install(folder, "../x", "Java", List.of(), Map.of()));
        Path absent = folder.resolve("absent.jar");
        Exception refused =
                assertThrows(
                        IllegalArgumentException.class, () -> KernelSpecInstaller.install(folder, "java", "Java", List.of(absent), Map.of()));
        assertTrue(refused.getMessage().contains("absent.jar"), refused.getMessage());
    }

    @Test
    void activeEnvironmentIsTheOneThatTheVariablesName() {
        Path kernels = Path.of("/env/share/jupyter/kernels");
        assertEquals(kernels, KernelSpecInstaller.activeDirectory(Map.of("VIRTUAL_ENV", "/env", "CONDA_PREFIX", "/conda")));
        assertEquals(kernels, KernelSpecInstaller.activeDirectory(Map.of("VIRTUAL_ENV", "", "CONDA_PREFIX", "/env")));
        Exception none = assertThrows(IllegalArgumentException.class, () -> KernelSpecInstaller.activeDirectory(Map.of()));
        assertTrue(none.getMessage().contains("VIRTUAL_ENV or CONDA_PREFIX"), none.getMessage());
    }

    @Test
    void userDirectoryIsWhereJupyterLooks() {
        Path home = Path.of("/home/u");
        assertEquals(Path.of("/home/u/.local/share/jupyter/kernels"), KernelSpecInstaller.userDirectory("Linux", home, Map.of()));
        assertEquals(Path.of("/home/u/Library/Jupyter/kernels"), KernelSpecInstaller.userDirectory("Mac OS X", home, Map.of()));
        assertEquals(
                Path.of("/data/jupyter/kernels"),
                KernelSpecInstaller.userDirectory("Windows 11", home, Map.of("APPDATA", "/data")));
        assertEquals(
                Path.of("/own/kernels"), KernelSpecInstaller.userDirectory("Linux", home, Map.of("JUPYTER_DATA_DIR", "/own")));
    }
}
