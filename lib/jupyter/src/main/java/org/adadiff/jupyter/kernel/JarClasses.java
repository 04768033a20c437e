package org.adadiff.jupyter.kernel;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/** The classes in a jar, as the compiler asks for them: package by package. */
final class JarClasses {
    private static final String VERSIONS = "META-INF/versions/";

    private final JarFile jar;
    private final Map<String, Set<String>> entries = new HashMap<>();
    private final Map<String, List<JavaFileObject>> packages = new HashMap<>();

    private JarClasses(JarFile jar) {
        this.jar = jar;
    }

    /** Reads a jar; what is none, or not there, has no classes, as for the JVM. A jar's manifest may name such files. */
    static JarClasses read(Path path) {
        try {
            JarClasses classes = new JarClasses(new JarFile(path.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion()));
            classes.jar.entries().asIterator().forEachRemaining(entry -> classes.add(entry.getName()));
            return classes;
        } catch (IOException e) {
            return new JarClasses(null);
        }
    }

    private void add(String entry) {
        String name = entry;
        if (!name.endsWith(JavaFileObject.Kind.CLASS.extension)) {
            return;
        }
        if (name.startsWith(VERSIONS) && jar.isMultiRelease()) {
            name = name.substring(name.indexOf('/', VERSIONS.length()) + 1);
            if (jar.getJarEntry(name) == null) { // of a Java newer than this
                return;
            }
        }
        int slash = name.lastIndexOf('/');
        String packageName = slash < 0 ? "" : name.substring(0, slash).replace('/', '.');
        entries.computeIfAbsent(packageName, key -> new LinkedHashSet<>()).add(name);
    }

    List<JavaFileObject> list(String packageName) {
        return packages.computeIfAbsent(packageName, key -> {
            List<JavaFileObject> files = new ArrayList<>();
            entries.getOrDefault(key, Set.of()).forEach(name -> files.add(new ClassFile(jar, name)));
            return files;
        });
    }

    /** A class in a jar; of those for several versions of Java, that for this one. */
    static final class ClassFile extends SimpleJavaFileObject {
        private final JarFile jar;
        private final String name;

        ClassFile(JarFile jar, String name) {
            super(new File(jar.getName() + "!/" + name).toURI(), Kind.CLASS);
            this.jar = jar;
            this.name = name;
        }

        String binaryName() {
            return name.substring(0, name.length() - kind.extension.length()).replace('/', '.');
        }

        @Override
        public InputStream openInputStream() throws IOException {
            return jar.getInputStream(jar.getJarEntry(name));
        }
    }
}
