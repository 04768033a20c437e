package org.adadiff.jupyter.kernel;

/** Frames that are not a message of this protocol, or not signed with this kernel's key. */
final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
