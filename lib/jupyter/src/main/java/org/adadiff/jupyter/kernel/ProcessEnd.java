package org.adadiff.jupyter.kernel;

import java.util.concurrent.CountDownLatch;

/** Ends the process, whatever state it is in: the threads that do so wait from the start, since there may be no memory left for new ones. */
final class ProcessEnd {
    private static final long LIMIT_MILLIS = 2000;

    /** What is to be done before the end. */
    @FunctionalInterface
    interface Cleanup {
        void run() throws InterruptedException;
    }

    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile int status;

    ProcessEnd(Cleanup cleanup) {
        start("exit", () -> {
            begun.await();
            try {
                cleanup.run();
            } finally {
                System.exit(status);
            }
        });
        start("force-exit", () -> {
            begun.await();
            Thread.sleep(LIMIT_MILLIS);
            Runtime.getRuntime().halt(status);
        });
    }

    private static void start(String name, Cleanup work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins the end, and returns: shutdown hooks run, but not for long. Allocates nothing. */
    void begin(int exitStatus) {
        status = exitStatus;
        begun.countDown();
    }
}
