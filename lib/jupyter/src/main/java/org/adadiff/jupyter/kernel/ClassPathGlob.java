package org.adadiff.jupyter.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Files named by a pattern such as {@code lib/*.jar}. */
final class ClassPathGlob {
    private ClassPathGlob() {}

    /** Expands a list of patterns with the system's path separator, as in IJAVA_CLASSPATH. */
    static List<Path> expandAll(String patterns) {
        List<Path> all = new ArrayList<>();
        for (String pattern : patterns == null ? new String[0] : patterns.split(File.pathSeparator)) {
            if (!pattern.isBlank()) {
                all.addAll(expand(pattern.strip()));
            }
        }
        return all;
    }

    /** Returns absolute paths in alphabetical order; none if nothing matches. */
    static List<Path> expand(String pattern) {
        String glob = pattern.replace('\\', '/');
        int special = indexOfSpecial(glob);
        if (special < 0) {
            Path path = Path.of(glob).toAbsolutePath().normalize();
            return Files.exists(path) ? List.of(path) : List.of();
        }
        Path folder = Path.of(glob.substring(0, glob.lastIndexOf('/', special) + 1)).toAbsolutePath().normalize();
        String rest = glob.substring(glob.lastIndexOf('/', special) + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        int depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/").length;
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(folder, depth, (path, attributes) -> matcher.matches(folder.relativize(path)))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder + " for " + pattern, e);
        }
    }

    /**
     * Says why a path can be no entry of a class path. The compiler would fail at every cell that follows: downloads that were broken
     * off, and the pointers that Git LFS leaves in the place of files, are common.
     */
    static Optional<String> problem(Path path) {
        if (!Files.exists(path)) {
            return Optional.of("Class path: expected a jar or folder, found nothing at " + path);
        }
        if (!Files.isRegularFile(path) || !path.toString().endsWith(".jar")) {
            return Optional.empty();
        }
        try {
            new ZipFile(path.toFile()).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("Class path: expected a jar, found a file of another form or a damaged one at " + path + ": " + e.getMessage());
        }
    }

    private static int indexOfSpecial(String glob) {
        for (int i = 0; i < glob.length(); i++) {
            if ("*?[{".indexOf(glob.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }
}
