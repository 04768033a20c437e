package org.adadiff.jupyter.runner;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes notebooks as nbformat does: indent 1, non-ASCII kept, a newline at the end. A reader sees the old file or the
 * new one, never a part: the text goes to a file beside it, which is then renamed.
 */
final class NotebookWriter {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final AtomicLong PARTS = new AtomicLong();

    private NotebookWriter() {}

    static void write(Notebook notebook, Path file) throws IOException {
        writeAtomically(file, writer -> {
            JsonWriter json = new JsonWriter(writer);
            json.setFormattingStyle(FormattingStyle.PRETTY.withIndent(" "));
            json.setHtmlSafe(false);
            json.setSerializeNulls(true);
            json.setStrictness(Strictness.LENIENT);
            GSON.toJson(notebook.json(), json);
            writer.write('\n');
        });
    }

    /** Writes text that appears under its name only when it is complete. */
    static void writeAtomically(Path file, Content content) throws IOException {
        // A link is followed, so that what it points to is replaced and not the link.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        // Two runs may write the same file at the same time; each then needs a part of its own
        Path part = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + "-"
                + PARTS.incrementAndGet() + ".part");
        try {
            try (Writer writer = Files.newBufferedWriter(part)) {
                content.writeTo(writer);
            }
            if (POSIX && Files.exists(target)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(target));
            }
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException notHere) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Text on its way into a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(Writer writer) throws IOException;
    }
}
