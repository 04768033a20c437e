package org.adadiff.jupyter.kernel;

import java.util.Optional;

/**
 * Ends this process when the one that started it is gone: a frontend that is killed can send no shutdown request.
 */
final class ParentWatch {
    private static final long POLL_MILLIS = 1000;

    private ParentWatch() {}

    /**
     * Starts watching.
     *
     * @param frontendPid the process of the frontend (JPY_PARENT_PID), or null; watched beside the parent
     * @param onOrphaned what to do, once
     */
    static void start(String frontendPid, Runnable onOrphaned) {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        Optional<ProcessHandle> frontend = process(frontendPid);
        Thread watching =
                new Thread(
                        () -> {
                            try {
                                // A killed parent that nobody has collected still counts as alive, but is no longer the parent
                                while (parent.equals(ProcessHandle.current().parent()) && frontend.map(ProcessHandle::isAlive).orElse(true)) {
                                    Thread.sleep(POLL_MILLIS);
                                }
                                onOrphaned.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "parent-watch");
        watching.setDaemon(true);
        watching.start();
    }

    /** A number that names no process is of another machine or container, and tells nothing. */
    private static Optional<ProcessHandle> process(String pid) {
        try {
            return pid == null ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
