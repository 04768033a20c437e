package org.adadiff.jupyter.kernel;

/** A cell was stopped: by the user, or because its time was over. */
final class CellInterruptedException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param message why it was stopped
     * @param where what ended the code: its trace says where; null if the code had ended
     */
    CellInterruptedException(String message, Throwable where) {
        super(message);
        if (where != null) {
            setStackTrace(where.getStackTrace());
        }
    }
}
