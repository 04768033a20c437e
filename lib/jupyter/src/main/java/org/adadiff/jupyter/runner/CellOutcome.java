package org.adadiff.jupyter.runner;

/** What became of one code cell. */
public enum CellOutcome {
    /** It ran without an error. */
    PASSED,
    /** It raised an error that its {@code raises-exception} tag or the allow-errors option permits. */
    ERROR_ALLOWED,
    /** It raised an error. */
    FAILED,
    /** It was still running when its time, or the notebook's, was over. */
    TIMED_OUT,
    /** The kernel's process ended while it ran. */
    KERNEL_DIED,
    /** It is empty or tagged {@code skip-execution}. */
    SKIPPED,
    /** The run ended before it. */
    NOT_RUN
}
