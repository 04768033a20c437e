package org.adadiff.jupyter.runner;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;

/** Writes files so that a reader sees the old one or the new one, never a part: the text goes beside it, then is renamed. */
final class AtomicFile {
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final AtomicLong PARTS = new AtomicLong();

    private AtomicFile() {}

    /** Writes text that appears under its name only when it is complete. */
    static void write(Path file, Content content) throws IOException {
        Path target = target(file);
        Path part = part(target);
        try {
            // Unlike Files.newBufferedWriter, it does not fail for half a character
            try (Writer writer = new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(part), StandardCharsets.UTF_8))) {
                content.writeTo(writer);
            }
            replace(target, part);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** What is to be replaced: a link is followed, so that it stays one. Makes the folder. */
    static Path target(Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        return target;
    }

    /** A hidden name beside a file. Two runs may write the same file at the same time; each gets names of its own. */
    static Path part(Path target) {
        return target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + "-" + PARTS.incrementAndGet() + ".part");
    }

    /** Moves a complete part to where its name stands for the file, with the permissions of what stood there. */
    static void replace(Path target, Path part) throws IOException {
        if (POSIX && Files.exists(target)) {
            Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(target));
        }
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException notHere) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Text on its way into a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(Writer writer) throws IOException;
    }
}
