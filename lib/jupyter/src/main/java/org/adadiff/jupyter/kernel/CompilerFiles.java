package org.adadiff.jupyter.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * The files that the compiler sees. It asks for the class path's part of each package that code names. Its own file manager makes a
 * file system of each jar for that and walks through all of it, then asks each jar anew for every cell.
 *
 * <p>Sources on the class path are left out: cells could compile against them, but there would be no class to run.
 */
final class CompilerFiles extends ForwardingJavaFileManager<StandardJavaFileManager> implements StandardJavaFileManager {
    private final ClassLoader plugins;
    private final Map<Path, CompletableFuture<JarClasses>> jars = new HashMap<>();

    /**
     * @param files the compiler's own file manager, which knows the JDK
     * @param cells sees the class path
     * @param initial the class path at the start; its jars are read while the compiler starts
     */
    CompilerFiles(StandardJavaFileManager files, ClassLoader cells, List<Path> initial) {
        super(files);
        initial.stream().filter(Files::isRegularFile).forEach(path -> jars.put(path, CompletableFuture.supplyAsync(() -> JarClasses.read(path))));
        // The compiler closes a loader that can be closed, after each cell
        plugins = new ClassLoader(cells) {};
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String packageName, Set<Kind> kinds, boolean recurse) throws IOException {
        if (location != StandardLocation.CLASS_PATH || recurse) {
            return super.list(location, packageName, kinds, recurse);
        }
        List<JavaFileObject> found = new ArrayList<>();
        if (kinds.contains(Kind.CLASS)) {
            for (Path path : getLocationAsPaths(location)) {
                if (Files.isDirectory(path)) {
                    found.addAll(classesIn(path.resolve(packageName.replace('.', '/'))));
                } else {
                    found.addAll(jar(path).list(packageName));
                }
            }
        }
        return found;
    }

    private List<JavaFileObject> classesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> classes = files.filter(file -> file.toString().endsWith(Kind.CLASS.extension)).toList();
            List<JavaFileObject> found = new ArrayList<>();
            getJavaFileObjectsFromPaths(classes).forEach(found::add);
            return found;
        }
    }

    private JarClasses jar(Path path) {
        return jars.computeIfAbsent(path, jar -> CompletableFuture.completedFuture(JarClasses.read(jar))).join();
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof JarClasses.ClassFile inJar ? inJar.binaryName() : super.inferBinaryName(location, file);
    }

    @Override
    public boolean isSameFile(FileObject a, FileObject b) {
        return a instanceof JarClasses.ClassFile || b instanceof JarClasses.ClassFile ? a.equals(b) : super.isSameFile(a, b);
    }

    @Override
    public boolean contains(Location location, FileObject file) throws IOException {
        return file instanceof JarClasses.ClassFile ? location == StandardLocation.CLASS_PATH : super.contains(location, file);
    }

    /** Where the compiler looks for its plug-ins, before each cell: its own would open every jar for it. */
    @Override
    public ClassLoader getClassLoader(Location location) {
        return location == StandardLocation.CLASS_PATH ? plugins : super.getClassLoader(location);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromFiles(Iterable<? extends File> files) {
        return fileManager.getJavaFileObjectsFromFiles(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromPaths(Collection<? extends Path> paths) {
        return fileManager.getJavaFileObjectsFromPaths(paths);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(File... files) {
        return fileManager.getJavaFileObjects(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromStrings(Iterable<String> names) {
        return fileManager.getJavaFileObjectsFromStrings(names);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(String... names) {
        return fileManager.getJavaFileObjects(names);
    }

    @Override
    public void setLocation(Location location, Iterable<? extends File> files) throws IOException {
        fileManager.setLocation(location, files);
    }

    @Override
    public void setLocationFromPaths(Location location, Collection<? extends Path> paths) throws IOException {
        fileManager.setLocationFromPaths(location, paths);
    }

    @Override
    public Iterable<? extends File> getLocation(Location location) {
        return fileManager.getLocation(location);
    }

    @Override
    public Iterable<? extends Path> getLocationAsPaths(Location location) {
        return fileManager.getLocationAsPaths(location);
    }
}
