package org.adadiff.jupyter.kernel;

/** A cell called System.exit. */
final class CellExit extends Error {
    private static final long serialVersionUID = 1;

    CellExit(int status) {
        super("System.exit(" + status + ") ends the cell; the kernel goes on");
    }
}
