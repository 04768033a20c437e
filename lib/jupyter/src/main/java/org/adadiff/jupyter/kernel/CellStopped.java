package org.adadiff.jupyter.kernel;

import java.util.Arrays;

/** Thrown into the code of a cell to end it. No exception, so that it passes through code that catches those and goes on. */
final class CellStopped extends Error {
    private static final long serialVersionUID = 1;

    CellStopped(String message) {
        super(message);
        // The trace begins in the cell
        setStackTrace(
                Arrays.stream(getStackTrace())
                        .dropWhile(frame -> !frame.getClassName().equals(StopPoint.class.getName()))
                        .dropWhile(frame -> frame.getClassName().equals(StopPoint.class.getName()))
                        .toArray(StackTraceElement[]::new));
    }
}
