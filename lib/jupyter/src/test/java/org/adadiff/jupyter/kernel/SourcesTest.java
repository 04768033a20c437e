package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Inspection of what is not the JDK's, through the wire. */
class SourcesTest extends SharedKernel {
    private static final String SOURCE = """
            package PACKAGE;

            import java.util.List;

            /** A place in {@code N} dimensions. */
            public class Point<T extends Number> {
                /** How many there are. */
                public static final int COUNT = 2;

                /** Which way. */
                public enum Direction {
                    /** To the left. */
                    LEFT
                }

                /** Made of coordinates. */
                @SafeVarargs public Point(T... xs) {}

                /** Moves by numbers. */
                public void move(List<? extends T> by, int[]... steps) {}

                /** Moves by names. */
                public void move(java.util.Map.Entry<String, T> by) {}

                /**
                 * Finds the one that is nearest.
                 *
                 * @param all where to look
                 */
                public static <N extends Number> Point<N> nearest(@Deprecated List<Point<N>> all) { return null; }

                public void silent() {}
            }
            """;

    @Test
    void javadocOfALibraryComesFromTheJarOfSourcesBesideIt() throws IOException {
        Path sources = source(folder.resolve("beside-src"), "beside");
        Path classes = compile(sources, folder.resolve("beside-classes"));
        Path library = Files.createDirectories(folder.resolve("beside-repository"));
        jar(sources, library.resolve("point-1.0-sources.jar"));
        jar(classes, library.resolve("point-1.0.jar"));
        ok("%jars beside-repository/point-1.0.jar\nimport beside.*;\nvar p = new Point<Integer>(1);");
        assertEquals("beside.Point<T extends Number>\n\nA place in N dimensions.", inspect("beside.Point"));
        assertEquals("beside.Point<T extends Number>\n\nA place in N dimensions.", inspect("Point"), "imported");
        assertEquals("Point<T extends Number>(T... xs)\n\nMade of coordinates.", inspect("new Point<Integer>("));
        String overloads = inspect("p.move(");
        assertTrue(overloads.contains("int[]... steps)\n\nMoves by numbers."), overloads);
        assertTrue(overloads.contains("Entry<String,T> by)\n\nMoves by names."), overloads);
        String nearest = inspect("Point.nearest(");
        assertTrue(nearest.endsWith(" all)\n\nFinds the one that is nearest.\n\nParameter all: where to look"), nearest);
        assertEquals("Point<T extends Number>.COUNT:int\n\nHow many there are.", inspect("Point.COUNT"));
        assertTrue(inspect("Point.Direction").endsWith("\n\nWhich way."), inspect("Point.Direction"));
        assertTrue(inspect("Point.Direction.LEFT").endsWith("\n\nTo the left."), inspect("Point.Direction.LEFT"));
        assertEquals("void Point<T extends Number>.silent()", inspect("p.silent("));
    }

    @Test
    void javadocOfALibraryThatIsBuiltHereComesFromItsSources() throws IOException {
        Path sources = source(folder.resolve("built/src/main/java"), "built");
        compile(sources, folder.resolve("built/target/classes"));
        ok("%classpath built/target/classes");
        assertEquals("built.Point<T extends Number>\n\nA place in N dimensions.", inspect("built.Point"));
    }

    @Test
    void javadocOfWhatTheKernelBringsIsThere() {
        assertTrue(inspect("display(").contains("Returns the display id, for updateDisplay(String, Object)"), inspect("display("));
    }

    @Test
    void commentsOfCellsAreShown() {
        ok("/** Twice. */\nint twice(int x) { return 2 * x; }");
        ok("/** Thrice. */\nclass Thrice {\n  /** Of a number. */\n  int of(int x) { return 3 * x; }\n}\n/** Seven. */\nint seven = 7;");
        assertEquals("int twice(int x)\n\nTwice.", inspect("twice("));
        assertEquals("Thrice\n\nThrice.", inspect("Thrice"));
        assertEquals("int Thrice.of(int x)\n\nOf a number.", inspect("new Thrice().of("));
        assertEquals("seven:int\n\nSeven.", inspect("seven"));
    }

    private static String inspect(String code) {
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        request.addProperty("cursor_pos", code.endsWith("(") ? code.length() - 1 : code.length());
        JsonObject reply = kernel.request("inspect_request", request);
        return reply.get("found").getAsBoolean() ? reply.getAsJsonObject("data").get("text/plain").getAsString() : "nothing found";
    }

    private static Path source(Path root, String packageName) throws IOException {
        Files.writeString(Files.createDirectories(root.resolve(packageName)).resolve("Point.java"), SOURCE.replace("PACKAGE", packageName));
        return root;
    }

    private static Path compile(Path sources, Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            String file = files.filter(Files::isRegularFile).findFirst().orElseThrow().toString();
            String to = Files.createDirectories(classes).toString();
            assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:-unchecked", "-parameters", "-d", to, file));
        }
        return classes;
    }

    private static void jar(Path content, Path file) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file)); Stream<Path> files = Files.walk(content)) {
            for (Path entry : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(content.relativize(entry).toString().replace('\\', '/')));
                jar.write(Files.readAllBytes(entry));
            }
        }
    }
}
