package org.adadiff.train;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.adadiff.metric.RunLog;

/**
 * How a run lives on: it is saved after each epoch, after a step when some time has gone by, and when it is asked to stop; and
 * it goes on from there.
 */
final class Checkpoints {
    private final RunDescription description;
    private final Training.Setup setup;
    private final Progress progress;
    private final Path folder;
    private final Checkpoint checkpoint;
    private boolean resuming;
    private long last = System.nanoTime();

    Checkpoints(RunDescription description, Training.Setup setup, Progress progress) {
        this.description = description;
        this.setup = setup;
        this.progress = progress;
        folder = setup.runDirectory();
        checkpoint = new Checkpoint(folder, description.identity());
    }

    /**
     * Opens the log of a run that is new, or begun and unfinished.
     *
     * @throws IOException if the unfinished run is another one
     */
    RunLog open(RunState state) throws IOException {
        if (state == RunState.UNFINISHED) {
            var found = RunLog.readDescription(folder).get("recipe");
            var expected = description.identity().get("recipe");
            if (!expected.equals(found)) {
                throw new IOException(folder + ": expected an unfinished run with the recipe " + expected + ", found " + found);
            }
            resuming = checkpoint.exists();
            if (resuming) {
                return RunLog.open(folder);
            }
            progress.noticed(folder + ": the run was ended before its first checkpoint, and starts anew");
            Training.clear(folder);
        }
        RunLog log = RunLog.create(folder, description.values());
        Checkpoint.delete(folder); // what is left of a run that was deleted by hand
        return log;
    }

    /**
     * Brings a loop to where the run was saved, if it goes on.
     *
     * @throws IOException if the checkpoints are damaged or another run's; the folder is left as it is
     */
    void restore(TrainingLoop loop, RunLog log) throws IOException {
        if (!resuming) {
            return;
        }
        JsonObject earlier = RunLog.readDescription(folder);
        checkpoint.load(in -> {
            description.restore(in);
            loop.restore(in);
        }, progress::noticed);
        description.continues(earlier);
        log.describe(description.values());
        progress.noticed("resumed at " + loop.position());
    }

    /**
     * Saves the loop if it is time to.
     *
     * @throws StoppedException if the run is asked to stop
     */
    void afterStep(TrainingLoop loop) {
        if (setup.stopRequested().getAsBoolean() || (System.nanoTime() - last) * 1e-9 >= setup.checkpointSeconds()) {
            save(loop);
        }
    }

    /**
     * Saves the loop. Where that fails, as on a full disk, the run goes on: the checkpoint before is still there.
     *
     * @throws StoppedException if the run is asked to stop
     */
    void save(TrainingLoop loop) {
        String saved = "its checkpoint is of " + loop.position();
        try {
            checkpoint.save(out -> {
                description.save(out);
                loop.save(out);
            });
        } catch (IOException e) {
            saved = "it could not be saved at " + loop.position();
            progress.noticed("cannot write a checkpoint at " + loop.position() + ": " + e);
        }
        last = System.nanoTime();
        if (setup.stopRequested().getAsBoolean()) {
            throw new StoppedException(folder + ": stopped as asked; " + saved);
        }
    }
}
