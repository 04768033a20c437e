package org.adadiff.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for a run that nobody wants to keep.
 *
 * @param path new and empty; gone when this is closed, with all that is in it
 */
record TemporaryFolder(Path path) implements AutoCloseable {
    TemporaryFolder() throws IOException {
        this(Files.createTempDirectory("adadiff-bench"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) { // what is in a folder first
                Files.delete(file);
            }
        }
    }
}
