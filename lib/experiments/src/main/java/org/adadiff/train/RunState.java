package org.adadiff.train;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.adadiff.metric.RunLog;

/** How far a run has come, as its folder tells. */
public enum RunState {
    /** There is no run. */
    NOT_RUN,
    /** A process is at it. */
    RUNNING,
    /** It was ended before its last epoch, and can go on. */
    UNFINISHED,
    /** It reached its last epoch. */
    DONE,
    /** Its loss became infinite or not a number; it has ended. */
    DIVERGED;

    /**
     * Reads the state of a run.
     *
     * @param folder the run's folder; it need not exist
     * @return its state
     * @throws IOException if the folder's {@code run.json} or lock cannot be read
     */
    public static RunState of(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(RunLog.DESCRIPTION))) {
            return NOT_RUN;
        }
        JsonElement status = RunLog.readDescription(folder).get("status");
        String text = status == null ? "" : status.getAsString();
        if (text.equals("done")) {
            return DONE;
        }
        if (text.startsWith("diverged")) {
            return DIVERGED;
        }
        return isLocked(folder.resolve("run.lock")) ? RUNNING : UNFINISHED;
    }

    private static boolean isLocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (OverlappingFileLockException e) {
            return true; // this very process holds it
        }
    }

    @Override
    public String toString() {
        return Ids.of(this).replace('-', ' ');
    }
}
