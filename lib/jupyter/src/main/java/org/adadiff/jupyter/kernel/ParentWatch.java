package org.adadiff.jupyter.kernel;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process when the one that started it is gone: a frontend that is killed can send no shutdown request.
 */
final class ParentWatch {
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    private final Optional<ProcessHandle> frontend;

    /**
     * To be made first thing: a parent that has ended before that is not known.
     *
     * @param frontendPid the process of the frontend (JPY_PARENT_PID), or null; watched beside the parent
     */
    ParentWatch(String frontendPid) {
        frontend = process(frontendPid);
    }

    /**
     * Starts watching.
     *
     * @param onOrphaned what to do, once
     */
    void start(Runnable onOrphaned) {
        Runnable watching = () -> {
            while (isThere()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            onOrphaned.run();
        };
        new KernelThread(watching, "parent-watch").start();
    }

    private boolean isThere() {
        try {
            // A killed parent that nobody has collected still counts as alive, but is no longer the parent
            return parent.equals(ProcessHandle.current().parent()) && frontend.map(ProcessHandle::isAlive).orElse(true);
        } catch (OutOfMemoryError e) {
            return true;
        }
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
