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
     * @return true for a cell that failed, differs, took too long or killed the kernel
     */
    public boolean isFailure() {
        return this == FAILED || this == OUTPUT_DIFFERS || this == TIMED_OUT || this == KERNEL_DIED;
    }

    /** In words for people, in lower case. */
    @Override
    public String toString() {
        return words;
    }
}
