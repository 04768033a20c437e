package org.adadiff.dataset;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder that is filled out of sight, beside its final place, and then renamed: readers see all of it or nothing. */
final class StagedFolder implements AutoCloseable {
    private final Path target;
    private final Path staging;

    StagedFolder(Path target) throws IOException {
        this.target = target;
        Path parent = Files.createDirectories(target.toAbsolutePath().getParent());
        // Not createTempDirectory: its 0700 would stay with the data that others on the machine want to read
        staging = Files.createDirectory(parent.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + "-"
                + Long.toHexString(System.nanoTime()) + ".part"));
    }

    /** Where to write. */
    Path path() {
        return staging;
    }

    /** Puts the folder in its place; what was there before is removed. */
    void commit() throws IOException {
        if (!Files.exists(target)) {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = staging.resolveSibling(staging.getFileName() + ".old");
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    /** Removes what has not been committed. */
    @Override
    public void close() throws IOException {
        delete(staging);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
