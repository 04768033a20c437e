package org.adadiff.jupyter.runner;

/** How a notebook's run ended, with the exit code a command gives for it. */
public enum RunStatus {
    /** Every cell ran, and none failed that was not allowed to. */
    DONE(0, "done"),
    /** A cell raised an error. */
    CELL_FAILED(1, "failed"),
    /** The notebook or a parameter could not be used, or the output could not be written. */
    BAD_INPUT(2, "bad input"),
    /** A cell or the whole notebook took longer than it may. */
    TIMED_OUT(3, "timed out"),
    /** The kernel's process ended before the notebook did. */
    KERNEL_DIED(4, "kernel died"),
    /** There is no such kernel, or it did not start. */
    NO_KERNEL(5, "no kernel"),
    /** Every cell ran, and the outputs of at least one are not those that the notebook holds. */
    OUTPUT_DIFFERS(7, "output differs"),
    /** It was told to end before it was done. */
    CANCELLED(130, "cancelled");

    private final int exitCode;
    private final String words;

    RunStatus(int exitCode, String words) {
        this.exitCode = exitCode;
        this.words = words;
    }

    /**
     * The process exit code that stands for this status.
     *
     * @return 0 to 7; 130, as of a process that Ctrl-C has ended, for a run that was cancelled
     */
    public int exitCode() {
        return exitCode;
    }

    /** In words for people, in lower case. */
    @Override
    public String toString() {
        return words;
    }
}
