package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.TypeDeclSnippet;

/**
 * Documentation comments from the sources of the cells and of the libraries that they see; JShell knows those of the JDK. The sources
 * of a library are looked for where Maven puts them.
 */
final class Sources {
    private static final String ANY_CLASS = "Cell";

    private final CellEvaluator evaluator;
    // While one question is answered: overloads stand in one file
    private final Map<String, Map<String, String>> read = new HashMap<>();

    Sources(CellEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** Returns the comment of what has this signature in JShell; null if there is none. */
    String comment(String signature) {
        String name = SourceComments.name(signature);
        String ofCell = commentOfCell(name);
        if (ofCell != null) {
            return ofCell;
        }
        return fullNames(name).map(this::commentOfLibrary).filter(comment -> comment != null).findFirst().orElse(null);
    }

    private String commentOfCell(String name) {
        String declared = name.replaceFirst("^\\.", "").replaceFirst("[.(].*", "");
        DeclarationSnippet snippet = evaluator.declaration(declared);
        if (snippet == null) {
            return null;
        }
        return snippet instanceof TypeDeclSnippet
                ? SourceComments.of(snippet.source()).get(name)
                : SourceComments.of("class " + ANY_CLASS + " {" + snippet.source() + "\n}").get(ANY_CLASS + name);
    }

    /** JShell leaves out what is imported. */
    private Stream<String> fullNames(String name) {
        String first = name.replaceFirst("[.(].*", "");
        List<String> imports = evaluator.imports();
        Stream<String> single = imports.stream().filter(imported -> imported.endsWith("." + first))
                .map(imported -> imported.substring(0, imported.length() - first.length()) + name);
        Stream<String> all = imports.stream().filter(imported -> imported.endsWith(".*"))
                .map(imported -> imported.substring(0, imported.length() - 1) + name);
        return Stream.of(Stream.of(name), single, all).flatMap(names -> names);
    }

    private String commentOfLibrary(String fullName) {
        int end = fullName.contains("(") ? fullName.indexOf('(') : fullName.length();
        String path = fullName.substring(0, end).replace('.', '/');
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String comment = comments(path.substring(0, slash) + ".java").get(fullName);
            if (comment != null) {
                return comment;
            }
        }
        return comments(path + ".java").get(fullName);
    }

    private Map<String, String> comments(String file) {
        return read.computeIfAbsent(file, this::readComments);
    }

    private Map<String, String> readComments(String file) {
        for (Path place : evaluator.classPath()) {
            for (Path sources : sourcesOf(place)) {
                try {
                    String source = read(sources, file);
                    if (source != null) {
                        return SourceComments.of(source);
                    }
                } catch (IOException e) {
                    KernelLog.warn("no documentation from " + sources + ": " + e);
                }
            }
        }
        return Map.of();
    }

    /** Where the sources of a jar or folder of classes may be. */
    private static List<Path> sourcesOf(Path place) {
        String name = String.valueOf(place.getFileName());
        List<Path> sources = new ArrayList<>();
        if (name.endsWith(".jar")) {
            sources.add(place.resolveSibling(name.substring(0, name.length() - ".jar".length()) + "-sources.jar"));
        }
        // What is built on this machine
        if (place.getParent() != null && place.getParent().endsWith("target")) {
            sources.add(place.getParent().resolveSibling(Path.of("src", "main", "java")));
        }
        return sources;
    }

    private static String read(Path sources, String file) throws IOException {
        if (Files.isDirectory(sources)) {
            Path path = sources.resolve(file);
            return Files.isRegularFile(path) ? Files.readString(path) : null;
        }
        if (!Files.isRegularFile(sources)) {
            return null;
        }
        try (ZipFile zip = new ZipFile(sources.toFile())) {
            ZipEntry entry = zip.getEntry(file);
            return entry == null ? null : new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
