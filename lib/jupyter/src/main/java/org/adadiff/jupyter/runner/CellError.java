package org.adadiff.jupyter.runner;

import java.util.List;

/**
 * An error as the kernel reports it.
 *
 * @param name the error's class
 * @param value its message
 * @param traceback lines to show, which may hold ANSI colour codes
 */
public record CellError(String name, String value, List<String> traceback) {
    /**
     * Copies the traceback.
     *
     * @param name the error's class
     * @param value its message
     * @param traceback lines to show, which may hold ANSI colour codes
     */
    public CellError {
        traceback = List.copyOf(traceback);
    }

    @Override
    public String toString() {
        return value.isEmpty() ? name : name + ": " + value;
    }
}
