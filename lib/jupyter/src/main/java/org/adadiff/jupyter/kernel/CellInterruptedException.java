package org.adadiff.jupyter.kernel;

/** A cell was stopped: by the user, or because its time was over. */
final class CellInterruptedException extends Exception {
    private static final long serialVersionUID = 1;

    CellInterruptedException(String message) {
        super(message);
    }
}
