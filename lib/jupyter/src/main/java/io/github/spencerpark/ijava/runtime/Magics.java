package io.github.spencerpark.ijava.runtime;

import java.util.List;

/** Magics, called from Java. What a magic throws passes through as it is, checked or not: no caller had to declare it in IJava. */
public final class Magics {
    private Magics() {}

    /**
     * Runs a line magic.
     *
     * @param <T> what the caller expects as result
     * @param name the name without the percent sign
     * @param arguments its arguments
     * @return what the magic returns
     */
    public static <T> T lineMagic(String name, List<String> arguments) {
        try {
            return Kernel.getKernelInstance().getMagics().applyLineMagic(name, arguments);
        } catch (Exception e) {
            throw unchecked(e);
        }
    }

    /**
     * Runs a line magic; what a cell that has one inside of a statement becomes.
     *
     * @param <T> what the statement expects as result
     * @param name the name without the percent sign
     * @param arguments its arguments
     * @return what the magic returns
     */
    public static <T> T $lineMagic(String name, String... arguments) {
        return lineMagic(name, List.of(arguments));
    }

    /**
     * Runs a cell magic.
     *
     * @param <T> what the caller expects as result
     * @param name the name without the percent signs
     * @param arguments its arguments
     * @param body the text below its line
     * @return what the magic returns
     */
    public static <T> T cellMagic(String name, List<String> arguments, String body) {
        try {
            return Kernel.getKernelInstance().getMagics().applyCellMagic(name, arguments, body);
        } catch (Exception e) {
            throw unchecked(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException unchecked(Exception e) throws E {
        throw (E) e;
    }
}
