package org.adadiff.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** bytedeco's build for the CPU, which is unpacked and loaded like the one for CUDA. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class BytedecoLibraryTest {
    private static final Path JARS = Path.of("target", "bytedeco"); // Maven copies them there

    @TempDir
    Path cache;

    private Process start(String without) throws IOException {
        List<String> path = ImportingProgram.classPath(true);
        try (Stream<Path> jars = Files.list(JARS)) {
            jars.filter(jar -> !jar.getFileName().toString().startsWith(without)).forEach(jar -> path.add(jar.toString()));
        }
        ProcessBuilder builder = ImportingProgram.inItsOwnJava(path);
        builder.environment().put("DJL_CACHE_DIR", cache.toString());
        return builder.start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes());
    }

    private List<Path> unpacked() throws IOException {
        try (Stream<Path> folders = Files.list(cache.resolve("mxnet"))) {
            return folders.toList();
        }
    }

    @Test
    void processesThatStartTogetherComputeWithOneUnpackedLibrary() throws Exception {
        Process first = start("none");
        Process second = start("none");
        for (String output : List.of(output(first), output(second))) {
            assertEquals(1, unpacked().size(), output);
            Path library = unpacked().get(0).resolve("libmxnet.so");
            assertTrue(output.contains("library " + library), output);
            assertTrue(output.contains("threads " + Runtime.getRuntime().availableProcessors()), output);
        }
        assertEquals(0, first.waitFor() + second.waitFor());
        byte[] library = Files.readAllBytes(unpacked().get(0).resolve("libmxnet.so"));
        assertEquals(-1, new String(library, StandardCharsets.ISO_8859_1).indexOf("libopencv_highgui"), "it would need GTK 2");
    }

    @Test
    void aLibraryWithoutWhatItNeedsIsRefusedAndNotKept() throws Exception {
        Process process = start("opencv");
        String output = output(process);
        assertNotEquals(0, process.waitFor());
        assertTrue(output.contains("bytedeco's build of MXNet cannot be unpacked: expected "
                + "org/bytedeco/opencv/linux-x86_64/libopencv_core.so.406 on the class path, found none"), output);
        assertEquals(List.of(), unpacked());
    }
}
