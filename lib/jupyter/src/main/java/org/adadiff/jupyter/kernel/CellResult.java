package org.adadiff.jupyter.kernel;

/**
 * Takes the value of a cell's last expression. Left to itself, JShell declares a variable for it, which costs two more rounds of the
 * compiler, and one import more in all that follows.
 */
public final class CellResult {
    private static Object value;

    private CellResult() {}

    /**
     * For code around an expression; runs on the thread of the cells.
     *
     * @param result the value
     */
    public static void is(Object result) {
        value = result;
    }

    static Object take() {
        Object taken = value;
        value = null;
        return taken;
    }
}
