package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelArchiveTest {
    @TempDir Path folder;

    @Test
    void archiveIsMadeOnceUsedWhileItFitsAndHarmlessWhenItDoesNot() throws IOException, InterruptedException {
        List<Path> classPath = jars();
        Path archive = KernelArchive.path(classPath).orElseThrow();
        List<String> earlyCommand = KernelSpecInstaller.command(classPath, "-Xlog:class+load:file=" + folder.resolve("loaded"));
        assertEquals("", refusal(earlyCommand), "nothing is there yet");
        KernelArchive.make(classPath);
        FileTime made = Files.getLastModifiedTime(archive);
        KernelArchive.make(classPath);
        assertEquals(made, Files.getLastModifiedTime(archive));
        List<String> command = KernelSpecInstaller.command(classPath, "-Xlog:class+load:file=" + folder.resolve("loaded"));
        assertEquals(earlyCommand, command, "a kernel that was installed before its archive was made uses it from then on");
        assertTrue(command.stream().anyMatch(option -> option.startsWith("-XX:") && option.endsWith("=" + archive)), command.toString());
        assertEquals("", refusal(command));
        assertTrue(Files.readString(folder.resolve("loaded")).contains("org.adadiff.jupyter.kernel.ConnectionFile source: shared objects file"));

        Files.setLastModifiedTime(classPath.get(0), FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals("", refusal(command), "a command that names an archive that does not fit still works");
        KernelArchive.make(classPath);
        assertTrue(Files.getLastModifiedTime(archive).compareTo(made) > 0, "the jar is newer");
    }

    @Test
    void classesInFoldersHaveNoArchive() {
        assertEquals(List.of(), KernelArchive.options(List.of(folder)));
        assertTrue(KernelArchive.path(List.of()).isEmpty());
    }

    /** What such a JVM says on standard output when it runs; the kernel itself says nothing there. */
    private String refusal(List<String> command) throws IOException, InterruptedException {
        List<String> withAbsentConnection = new ArrayList<>(command.subList(0, command.size() - 1));
        withAbsentConnection.add(folder.resolve("absent.json").toString());
        Process process = new ProcessBuilder(withAbsentConnection).redirectError(folder.resolve("err").toFile()).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(2, process.waitFor(), Files.readString(folder.resolve("err")));
        assertTrue(Files.readString(folder.resolve("err")).contains("absent.json"));
        return output;
    }

    private List<Path> jars() throws IOException {
        Path classes = Path.of(URI.create(KernelMain.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Path jar = folder.resolve("kernel.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        List<Path> jars = new ArrayList<>(List.of(jar));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                jars.add(Path.of(entry));
            }
        }
        return jars;
    }
}
