package org.adadiff.train;

/** A run was asked to stop, and can be resumed. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException(String message) {
        super(message);
    }
}
