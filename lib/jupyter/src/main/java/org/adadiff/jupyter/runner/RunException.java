package org.adadiff.jupyter.runner;

/** Ends a run: says what went wrong, for a person to read, and with which status. */
public final class RunException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With which the run ends. */
    private final RunStatus status;

    RunException(RunStatus status, String message) {
        super(message);
        this.status = status;
    }

    RunException(RunStatus status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /**
     * The status with which the run ends.
     *
     * @return any but {@link RunStatus#DONE}
     */
    public RunStatus status() {
        return status;
    }
}
