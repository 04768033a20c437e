package org.adadiff.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That only one process writes to a run folder: a lock on its file {@code run.lock}, which the system takes back when the
 * process ends, however it ends.
 */
final class RunLock implements AutoCloseable {
    private static final String FILE = "run.lock";
    private static final int TRIES = 5; // others lock it for a moment when they look whether it is held
    private static final long PAUSE_MILLIS = 50;

    /** Folders locked by this very process: to open and close the file once more would give such a lock back. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a run folder, which is made if there is none.
     *
     * @throws IOException if it is locked already; the message names the folder
     */
    static RunLock acquire(Path runFolder) throws IOException {
        Files.createDirectories(runFolder);
        Path folder = runFolder.toRealPath();
        if (!HELD.add(folder)) {
            throw busy(runFolder);
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            for (int i = 1; i <= TRIES && !locked; i++) {
                locked = channel.tryLock() != null;
                if (!locked && i < TRIES) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // and locked is false
        } finally {
            if (!locked) {
                HELD.remove(folder);
                if (channel != null) {
                    channel.close();
                }
            }
        }
        if (!locked) {
            throw busy(runFolder);
        }
        return new RunLock(folder, channel);
    }

    private static IOException busy(Path folder) {
        return new IOException(folder + ": another run is going on in this folder; wait for it, or choose another folder");
    }

    /** Tells whether somebody holds the lock. */
    static boolean isHeld(Path runFolder) throws IOException {
        if (!Files.exists(runFolder) || HELD.contains(runFolder.toRealPath())) {
            return Files.exists(runFolder);
        }
        try (FileChannel channel = FileChannel.open(runFolder.resolve(FILE), StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Deletes the file, still locked: where a run has ended nobody needs it any more. So goes the folder of a run that did not begin. */
    void delete() throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // which holds the run
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(folder);
        }
    }
}
