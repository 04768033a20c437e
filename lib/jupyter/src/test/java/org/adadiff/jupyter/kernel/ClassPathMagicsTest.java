package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars for cells: by the environment, by file, from Maven repositories. The kernel sees an empty local repository. */
class ClassPathMagicsTest {
    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        Path jar = jar(folder.resolve("env.jar"), "FromEnvironment");
        jar(folder.resolve("env-versioned.jar"), "Versioned");
        Files.writeString(folder.resolve("env-damaged.jar"), "no zip");
        used(folder.resolve("given"));
        Map<String, String> environment =
                Map.of(
                        "IJAVA_CLASSPATH", folder.resolve("env*.jar") + File.pathSeparator + folder.resolve("given"),
                        "IJAVA_STARTUP_SCRIPT", "int fromStartUp = 11;",
                        "IJAVA_TIMEOUT", "20 seconds");
        assertTrue(Files.exists(jar));
        kernel = KernelProcess.start(folder, environment, "-Dmaven.repo.local=" + folder.resolve("m2"));
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    private static Executed ok(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("ok", executed.status(), () -> executed.ename() + "\n" + executed.traceback());
        return executed;
    }

    @Test
    void environmentSetsClassPathAndStartUp() {
        assertEquals("FromEnvironment", ok("lib.FromEnvironment.NAME").text());
        assertEquals("11", ok("fromStartUp").text());
    }

    @Test
    void jarsMagicAddsWhatMatchesAndReturnsIt() throws IOException {
        Path jar = jar(Files.createDirectories(folder.resolve("libs")).resolve("one.jar"), "FromJars");
        assertEquals(List.of(jar.toAbsolutePath()).toString(), ok("List<String> added = %jars libs/*.jar\nadded").text());
        assertEquals("FromJars", ok("lib.FromJars.NAME").text());
        assertTrue(ok("%jars absent/*.jar").stream("stderr").contains("absent/*.jar"));
        assertTrue(kernel.execute("%jars").traceback().contains("%jars: expected GLOB"));
    }

    @Test
    void damagedJarIsRefusedAndTheCompilerWorksOn() throws IOException {
        Files.writeString(folder.resolve("pointer.jar"), "version https://git-lfs.github.com/spec/v1\n");
        for (String cell : List.of("%jars pointer.jar", "%classpath pointer.jar", "getKernelInstance().addToClasspath(\"pointer.jar\");")) {
            Executed refused = kernel.execute(cell);
            assertEquals("java.lang.IllegalArgumentException", refused.ename(), cell);
            assertTrue(refused.reply().get("evalue").getAsString().contains("damaged one at " + folder.resolve("pointer.jar")), cell);
        }
        assertEquals("3", ok("int afterwards = 3;\nafterwards").text());
    }

    /** An interrupt would close the jar for good. The compiler reads each class once, so that this needs many. */
    @Test
    void interruptWhileTheCompilerReadsAJarForACellLeavesItTheJar() throws IOException, InterruptedException {
        int many = 2000;
        String nested = IntStream.range(0, many).mapToObj(i -> "public static class C" + i + " {}").collect(Collectors.joining("\n"));
        Path classes = Files.createDirectories(folder.resolve("many"));
        TestLibrary.compile("Many", "package lib; public class Many {\n" + nested + "}", List.of("-d", classes.toString()));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("many.jar")));
                Stream<Path> files = Files.list(classes.resolve("lib"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                jar.putNextEntry(new JarEntry("lib/" + file.getFileName()));
                Files.copy(file, jar);
            }
        }
        ok("%jars many.jar\nint next = 0;");
        for (int round = 0; round < 20; round++) {
            String id = kernel.sendExecute("while (true) eval(\"lib.Many.C\" + next++ + \".class\");");
            Thread.sleep(200 + 7 * round);
            kernel.controlRequest("interrupt_request", new JsonObject());
            assertEquals("CellInterruptedException", kernel.await(id).ename(), "round " + round);
        }
        assertEquals("1", ok("eval(\"lib.Many.C" + (many - 1) + ".class.getClasses().length + 1\")").text());
    }

    @Test
    void whatANotebookAddsWinsOverWhatTheKernelWasStartedWith() throws IOException {
        Path newer = Files.createDirectories(folder.resolve("newer"));
        TestLibrary.compile("Versioned", "package lib; public class Versioned { public static int onlyHere() { return 2; } }",
                List.of("-d", newer.toString()));
        assertEquals("2", ok("%classpath newer\nlib.Versioned.onlyHere()").text());
        assertEquals("FromEnvironment", ok("lib.FromEnvironment.NAME").text(), "the rest is still there");
    }

    @Test
    void libraryThatIsInUseStaysWhole() throws IOException {
        ok("lib.Used.class.getName()");
        used(folder.resolve("given-again"));
        assertEquals("hidden", ok("%classpath given-again\nlib.Used.name()").text());
    }

    /** A class that needs another one of its package only when it is called. */
    private static void used(Path classes) throws IOException {
        TestLibrary.compile("Used",
                "package lib; public class Used { public static String name() { return Hidden.name(); } }\n"
                        + "class Hidden { static String name() { return \"hidden\"; } }",
                List.of("-d", Files.createDirectories(classes).toString()));
    }

    @Test
    void severalPathsCanBeAddedWithOneCall() throws IOException {
        Path first = jar(folder.resolve("first.jar"), "First");
        Path second = jar(folder.resolve("second.jar"), "Second");
        ok("getKernelInstance().addToClasspath(\"" + first + File.pathSeparator + second + "\");");
        assertEquals("First Second", ok("lib.First.NAME + \" \" + lib.Second.NAME").text());
    }

    @Test
    void displayExtensionInAJarIsUsedWithNoCode() throws IOException {
        TestLibrary.extension(folder.resolve("extension"), "Bold",
                "renderer.createRegistration(Bold.class).preferring(MIMEType.TEXT_HTML)"
                        + ".register((bold, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> \"<b>bold</b>\"));");
        Executed shown = ok("%classpath extension\nnew lib.Bold()");
        JsonObject data = shown.contents("execute_result").get(0).getAsJsonObject("data");
        assertEquals("<b>bold</b>", data.get("text/html").getAsString());
    }

    @Test
    void classPathMagicAddsFolders() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes").resolve("lib"));
        Files.write(classes.resolve("FromFolder.class"), classFile("FromFolder"));
        ok("%classpath classes");
        assertEquals("FromFolder", ok("lib.FromFolder.NAME").text());
    }

    @Test
    void mavenMagicResolvesTransitivelyFromAFileRepositoryWithoutNetwork() throws IOException {
        Path repository = folder.resolve("repository");
        publish(repository, "middle", "FromMiddle", "bottom");
        publish(repository, "bottom", "FromBottom", null);
        ok("%mavenRepo files " + repository.toUri() + "\n%maven test.lib:middle:1.0");
        assertEquals("FromMiddle FromBottom", ok("lib.FromMiddle.NAME + \" \" + lib.FromBottom.NAME").text());
    }

    @Test
    void mavenMagicTellsHowFarALongDownloadIs() throws IOException {
        Path repository = folder.resolve("slow");
        publish(repository, "large", "Large", null);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path file = repository.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Arrays.copyOf(Files.readAllBytes(file), file.toString().endsWith(".jar") ? 200 << 10 : (int) Files.size(file));
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, content.length / 2);
            try {
                Thread.sleep(file.toString().endsWith(".jar") ? 3000 : 0);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.getResponseBody().write(content, content.length / 2, content.length - content.length / 2);
            exchange.close();
        });
        server.start();
        try {
            Executed added = kernel.execute("%maven --from http://localhost:" + server.getAddress().getPort() + " test.lib:large:1.0");
            assertTrue(added.stream("stdout").matches("(?s)Downloading large-1.0.jar: \\d+ of 200 KiB\n.*Downloaded large-1.0.jar \\(200 KiB\\)\n"),
                    added.stream("stdout"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void mavenMagicTakesRepositoriesByUrl() throws IOException {
        publish(folder.resolve("from1"), "first-from", "FirstFrom", "second-from");
        publish(folder.resolve("from2"), "second-from", "SecondFrom", null);
        ok("%maven --from " + folder.resolve("from1").toUri() + " --from file:" + folder.resolve("from2") + " test.lib:first-from:1.0");
        assertEquals("FirstFrom SecondFrom", ok("lib.FirstFrom.NAME + \" \" + lib.SecondFrom.NAME").text());
    }

    @Test
    void pomFragmentAddsItsDependencies() throws IOException {
        Path repository = folder.resolve("pom-repository");
        publish(repository, "fragment", "FromFragment", null);
        ok(
                """
                %%loadFromPOM
                <repository><id>pom-files</id><url>REPOSITORY</url></repository>
                <dependency><groupId>test.lib</groupId><artifactId>fragment</artifactId><version>1.0</version></dependency>
                """
                        .replace("REPOSITORY", repository.toUri().toString()));
        assertEquals("FromFragment", ok("lib.FromFragment.NAME").text());
    }

    @Test
    void whatCannotBeResolvedIsNamed() {
        Executed failed = kernel.execute("%maven org.adadiff.absent:nothing-there:9.9");
        assertEquals("MavenResolutionException", failed.ename(), failed.reply().toString());
        String message = failed.reply().get("evalue").getAsString();
        assertTrue(message.contains("org.adadiff.absent:nothing-there:jar:9.9"), message);
        Executed malformed = kernel.execute("%maven half:coordinate");
        assertTrue(malformed.reply().get("evalue").getAsString().contains("found half:coordinate"), malformed.traceback());
    }

    private static void publish(Path repository, String artifact, String className, String dependency) throws IOException {
        Path version = Files.createDirectories(repository.resolve("test/lib").resolve(artifact).resolve("1.0"));
        jar(version.resolve(artifact + "-1.0.jar"), className);
        String dependencies =
                dependency == null
                        ? ""
                        : "<dependencies><dependency><groupId>test.lib</groupId><artifactId>" + dependency
                                + "</artifactId><version>1.0</version></dependency></dependencies>";
        Files.writeString(
                version.resolve(artifact + "-1.0.pom"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>test.lib</groupId><artifactId>" + artifact
                        + "</artifactId><version>1.0</version>" + dependencies + "</project>");
    }

    private static Path jar(Path file, String className) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("lib/" + className + ".class"));
            jar.write(classFile(className));
        }
        return file;
    }

    /** Compiles {@code lib.<className>} with a constant that is its name, not inlined. */
    private static byte[] classFile(String className) throws IOException {
        Path out = Files.createTempDirectory(folder, "compiled");
        String source =
                "package lib; public class NAME { public static final String NAME = String.valueOf(\"NAME\"); }"
                        .replace("class NAME", "class " + className)
                        .replace("\"NAME\"", '"' + className + '"');
        TestLibrary.compile(className, source, List.of("-d", out.toString()));
        return Files.readAllBytes(out.resolve("lib").resolve(className + ".class"));
    }
}
