package org.adadiff.jupyter.runner;

/** What became of one code cell. */
public enum CellOutcome {
    /** It ran without an error. */
    PASSED("passed"),
    /** It raised an error that its {@code raises-exception} tag or the allow-errors option permits. */
    ERROR_ALLOWED("error allowed"),
    /** It raised an error. */
    FAILED("failed"),
    /** It ran, and its outputs are not those that the notebook holds. */
    OUTPUT_DIFFERS("output differs"),
    /** It was still running when its time, or the notebook's, was over. */
    TIMED_OUT("timed out"),
    /** It was running when the run was told to end. */
    CANCELLED("cancelled"),
    /** The kernel's process ended while it ran. */
    KERNEL_DIED("kernel died"),
    /** It is empty or tagged {@code skip-execution}. */
    SKIPPED("skipped"),
    /** The run ended before it. */
    NOT_RUN("not run");

    private final String words;

    CellOutcome(String words) {
        this.words = words;
    }

    /**
     * Whether the run is not done because of it.
     *
     * @return true for a cell that failed, differs, took too long, was cancelled or killed the kernel
     */
    public boolean isFailure() {
        return this == FAILED || this == OUTPUT_DIFFERS || endedRun();
    }

    /** Whether it did not come to its end, and no error of its own tells why. */
    boolean endedRun() {
        return this == TIMED_OUT || this == CANCELLED || this == KERNEL_DIED;
    }

    /** In words for people, in lower case. */
    @Override
    public String toString() {
        return words;
    }
}
