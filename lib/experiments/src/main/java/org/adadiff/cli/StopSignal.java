package org.adadiff.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the process was told to end, by SIGTERM or Ctrl-C, and that it does so only when the work under way has been brought to
 * a close, or its time for that is over. Java then ends the process with the signal's exit code, 143 or 130.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::given, "adadiff-stop");
    private final Duration patience;
    private volatile boolean isGiven;

    /**
     * Listens until it is closed.
     *
     * @param patience how long the work may take to be brought to a close; then the process ends as it is
     */
    StopSignal(Duration patience) {
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void given() {
        isGiven = true;
        try {
            closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isGiven() {
        return isGiven;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            closed.countDown(); // it is ending
        }
    }
}
