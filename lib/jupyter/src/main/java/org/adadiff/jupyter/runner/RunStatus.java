package org.adadiff.jupyter.runner;

/** How a notebook's run ended, with the exit code a command gives for it. */
public enum RunStatus {
    /** Every cell ran, and none failed that was not allowed to. */
    DONE(0),
    /** A cell raised an error. */
    CELL_FAILED(1),
    /** The notebook or a parameter could not be used, or the output could not be written. */
    BAD_INPUT(2),
    /** A cell or the whole notebook took longer than it may. */
    TIMED_OUT(3),
    /** The kernel's process ended before the notebook did. */
    KERNEL_DIED(4),
    /** There is no such kernel, or it did not start. */
    NO_KERNEL(5);

    private final int exitCode;

    RunStatus(int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * The process exit code that stands for this status.
     *
     * @return 0 to 5
     */
    public int exitCode() {
        return exitCode;
    }
}
