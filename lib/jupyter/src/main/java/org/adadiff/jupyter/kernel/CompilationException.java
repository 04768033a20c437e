package org.adadiff.jupyter.kernel;

import java.util.List;

/** A cell does not compile. */
final class CompilationException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> details;

    /**
     * @param message the first problem and where it stands
     * @param details all problems, each with its source line and a caret, ready to print
     */
    CompilationException(String message, List<String> details) {
        super(message);
        this.details = details;
    }

    List<String> details() {
        return details;
    }
}
