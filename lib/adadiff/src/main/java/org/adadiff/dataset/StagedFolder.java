package org.adadiff.dataset;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder that is filled out of sight, beside its final place, and then renamed: readers see all of it or nothing. */
final class StagedFolder implements AutoCloseable {
    private static final int ATTEMPTS = 100;

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

    /** Puts the folder in its place; what was there before, or was put there by another process meanwhile, is removed. */
    void commit() throws IOException {
        for (int attempt = 1; ; attempt++) {
            // A name of its own for each attempt: one that is taken makes the move fail
            Path old = staging.resolveSibling(staging.getFileName() + ".old" + attempt);
            try {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // The place is free
            }
            try {
                Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
                delete(old);
                return;
            } catch (FileSystemException e) {
                // Runs that start together each make the sample, and one of the others was between these two moves
                putBack(old);
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Puts what was there back, unless another process has put its folder there. */
    private void putBack(Path old) throws IOException {
        try {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            delete(old);
        }
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
