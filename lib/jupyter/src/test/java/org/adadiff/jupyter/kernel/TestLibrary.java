package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Classes for cells to use. */
final class TestLibrary {
    private TestLibrary() {}

    /** Compiles a class {@code lib.NAME}. */
    static void compile(String className, String source, List<String> options) {
        SimpleJavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///lib/" + className + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        StringWriter messages = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(file)).call();
        assertTrue(compiled, messages.toString());
    }

    /** Makes a folder of classes with {@code lib.NAME}, which is found as a {@link DisplayExtension} and does this to a {@code renderer}. */
    static void extension(Path classes, String className, String registering) throws IOException {
        String classPath = Stream.of(DisplayExtension.class, DisplayData.class)
                .map(type -> Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString())
                .collect(Collectors.joining(File.pathSeparator));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        compile(
                className,
                """
                package lib;
                import io.github.spencerpark.jupyter.kernel.display.Renderer;
                import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                public class NAME implements org.adadiff.jupyter.kernel.DisplayExtension {
                    public void register(Renderer renderer) {
                        REGISTERING
                    }
                }
                """.replace("NAME", className).replace("REGISTERING", registering),
                List.of("-cp", classPath, "-d", classes.toString()));
        Files.writeString(services.resolve(DisplayExtension.class.getName()), "lib." + className + "\n");
    }
}
