package org.adadiff.train;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        RunState written = written(folder);
        return written == UNFINISHED && RunLock.isHeld(folder) ? RUNNING : written;
    }

    /** As {@link #of}, where nobody else is at it. */
    static RunState written(Path folder) throws IOException {
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
        return UNFINISHED;
    }

    @Override
    public String toString() {
        return Ids.of(this).replace('-', ' ');
    }
}
