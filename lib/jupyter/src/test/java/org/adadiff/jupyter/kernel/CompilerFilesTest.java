package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the compiler sees of a class path, beside what its own file manager shows it. */
class CompilerFilesTest {
    @TempDir Path folder;
    StandardJavaFileManager own;
    CompilerFiles files;

    @BeforeEach
    void open() {
        own = manager();
        files = new CompilerFiles(manager(), getClass().getClassLoader(), List.of());
    }

    @AfterEach
    void close() throws IOException {
        own.close();
        files.close();
    }

    /** For one version of Java or another, the compiler's own needs to be told for which, as it is when it compiles. */
    private static StandardJavaFileManager manager() {
        StandardJavaFileManager manager = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
        manager.handleOption("--multi-release", List.of(Integer.toString(Runtime.version().feature())).iterator());
        return manager;
    }

    @Test
    void jarsAndFoldersShowTheSameClassesInTheSameOrder() throws IOException {
        Path jar = jar("a b#%+.jar", Map.of(), Map.of("lib/A.class", "jar", "lib/B$C.class", "jar", "lib/sub/D.class", "jar",
                "Top.class", "jar", "lib/notes.txt", "jar", "lib/A.java", "jar", "META-INF/versions/9/lib/A.class", "not of several releases"));
        Path classes = Files.createDirectories(folder.resolve("classes/lib"));
        for (String name : List.of("A.class", "E.class", "lib.txt")) {
            Files.writeString(classes.resolve(name), "folder");
        }
        compare(List.of(jar, classes.getParent()), "", "lib", "lib.sub", "li", "META-INF", "java.util", "none");
        compare(List.of(classes.getParent(), jar), "", "lib", "lib.sub");
    }

    @Test
    void jarOfSeveralReleasesShowsTheOneForThisJava() throws IOException {
        Path jar = jar("releases.jar", Map.of("Multi-Release", "true"), Map.of("lib/A.class", "base", "lib/B.class", "base",
                "META-INF/versions/9/lib/A.class", "9", "META-INF/versions/17/lib/A.class", "17", "META-INF/versions/17/lib/New.class", "17",
                "META-INF/versions/99/lib/A.class", "99", "META-INF/versions/99/lib/Newer.class", "99"));
        compare(List.of(jar), "", "lib", "META-INF.versions.9.lib");
        assertEquals(Map.of("lib.A", "17", "lib.B", "base", "lib.New", "17"), classes(files, "lib"));
    }

    @Test
    void manifestNamesMoreOfTheClassPath() throws IOException {
        jar("second.jar", Map.of(), Map.of("lib/Second.class", "second"));
        Files.writeString(folder.resolve("damaged.jar"), "no zip");
        Path first = jar("first.jar", Map.of("Class-Path", "absent.jar damaged.jar second.jar"), Map.of("lib/First.class", "first"));
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(first));
        assertEquals(Map.of("lib.First", "first", "lib.Second", "second"), classes(files, "lib"));
    }

    @Test
    void readingAheadShowsTheSame() throws IOException {
        Path jar = jar("ahead.jar", Map.of(), Map.of("lib/A.class", "jar"));
        Path classes = Files.createDirectories(folder.resolve("ahead/lib")).getParent();
        Files.writeString(classes.resolve("lib/B.class"), "folder");
        files = new CompilerFiles(manager(), getClass().getClassLoader(), List.of(jar, classes));
        compare(List.of(jar, classes), "lib");
    }

    @Test
    void sourcesAreNoClasses() throws IOException {
        Path jar = jar("sources.jar", Map.of(), Map.of("lib/A.java", "class A {}"));
        Files.writeString(Files.createDirectories(folder.resolve("sources/lib")).resolve("B.java"), "class B {}");
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(jar, folder.resolve("sources")));
        assertTrue(names(files, "lib", EnumSet.allOf(Kind.class)).isEmpty());
    }

    @Test
    void restIsTheCompilersOwn() throws IOException {
        assertTrue(files.hasLocation(StandardLocation.SYSTEM_MODULES));
        JavaFileManager.Location base = files.getLocationForModule(StandardLocation.SYSTEM_MODULES, "java.base");
        List<String> names = new ArrayList<>();
        for (JavaFileObject file : files.list(base, "java.lang", EnumSet.of(Kind.CLASS), false)) {
            names.add(files.inferBinaryName(base, file));
        }
        assertTrue(names.contains("java.lang.String"));
    }

    private void compare(List<Path> classPath, String... packages) throws IOException {
        own.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
        files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
        for (String name : packages) {
            // Within one jar or folder, the order is nobody's business; the first of two classes of one name is the one that is read
            assertEquals(classes(own, name), classes(files, name), name);
            List<String> expected = names(own, name, EnumSet.of(Kind.CLASS));
            List<String> found = names(files, name, EnumSet.of(Kind.CLASS));
            assertEquals(expected.stream().sorted().toList(), found.stream().sorted().toList(), name);
        }
    }

    private static List<String> names(StandardJavaFileManager manager, String packageName, EnumSet<Kind> kinds) throws IOException {
        List<String> names = new ArrayList<>();
        for (JavaFileObject file : manager.list(StandardLocation.CLASS_PATH, packageName, kinds, false)) {
            names.add(manager.inferBinaryName(StandardLocation.CLASS_PATH, file));
        }
        return names;
    }

    /** Binary names and contents, of the first where there are two. */
    private Map<String, String> classes(StandardJavaFileManager manager, String packageName) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (JavaFileObject file : manager.list(StandardLocation.CLASS_PATH, packageName, EnumSet.of(Kind.CLASS), false)) {
            assertEquals(Kind.CLASS, file.getKind());
            // The compiler's own fails for names with a blank (JDK 17)
            assertTrue(manager == own || manager.contains(StandardLocation.CLASS_PATH, file), file.getName());
            try (InputStream content = file.openInputStream()) {
                contents.putIfAbsent(manager.inferBinaryName(StandardLocation.CLASS_PATH, file), new String(content.readAllBytes()));
            }
        }
        return contents;
    }

    private Path jar(String name, Map<String, String> attributes, Map<String, String> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue().getBytes());
            }
        }
        return jar;
    }
}
