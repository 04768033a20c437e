package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import com.google.gson.Gson;
import org.adadiff.metric.MetricRow;
import org.adadiff.metric.RunLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notebooks run in IJava 1.3.0 too. Its class loader looks in the kernel's jars before those of the notebook, and among
 * the kernel's jars is gson 2.8.5: what a notebook calls has to be content with that.
 */
class StockIJavaTest {
    private static final Path GSON = Path.of("target/ijava/gson.jar"); // the build copies it there

    /** What a notebook does with runs, for a class loader of its own. */
    public static final class Notebook implements Function<Path, String> {
        @Override
        public String apply(Path root) {
            try {
                RunLog log = RunLog.create(root.resolve("written"), Map.of("experiment", "ptb-lstm2", "optimizer", "adadiff",
                        "seed", 1, "profile", "smoke", "point", new Curve.Point(1, 2, 2, 2, 1)));
                log.append(List.of(new MetricRow(1, "test", 5, 148.4, 0.01, 1)));
                String figure = LineFigureTest.html(LineFigure.builder("Test perplexity")
                        .curves(RunCurves.metric(Run.readAll(root), "ptb-lstm2", "test")).build());
                return Gson.class.getProtectionDomain().getCodeSource().getLocation() + "\n" + figure;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static URL[] classPathAfter(Path jar) throws IOException {
        var urls = new ArrayList<URL>();
        urls.add(jar.toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    @Test
    void runsAreWrittenReadAndDrawnWithItsGson(@TempDir Path here, @TempDir Path there) throws Exception {
        assertTrue(Files.exists(GSON), GSON + " is missing: run this test through Maven, which fetches it");
        String expected = new Notebook().apply(here);
        try (var loader = new URLClassLoader(classPathAfter(GSON), ClassLoader.getPlatformClassLoader())) {
            @SuppressWarnings("unchecked")
            var notebook = (Function<Path, String>) loader.loadClass(Notebook.class.getName()).getConstructor().newInstance();
            String[] found = notebook.apply(there).split("\n", 2);
            assertTrue(found[0].endsWith("/target/ijava/gson.jar"), found[0]);
            assertEquals(expected.split("\n", 2)[1], found[1], "the figure");
        }
        assertEquals(RunLog.readDescription(here.resolve("written")), RunLog.readDescription(there.resolve("written")));
    }
}
