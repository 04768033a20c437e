package org.adadiff.jupyter.kernel;

/** Some dependencies were not found; the message names them and where they were looked for. */
final class MavenResolutionException extends Exception {
    private static final long serialVersionUID = 1;

    MavenResolutionException(String message) {
        super(message);
    }
}
