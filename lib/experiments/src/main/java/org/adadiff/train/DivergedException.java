package org.adadiff.train;

/** The loss of a run became infinite or not a number; what the run logged before is kept. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
