package org.adadiff.jupyter.runner;

/** Hears of a run as it goes on, for a progress line or a log, and may end it. Called on the run's own thread. */
public interface RunListener {
    /** Hears nothing. */
    RunListener SILENT = new RunListener() {};

    /**
     * A cell is about to run.
     *
     * @param number the cell's place among all cells, from 1
     * @param cells how many cells the notebook has
     */
    default void cellStarted(int number, int cells) {}

    /**
     * The running cell wrote text: its streams, and the plain form of its results.
     *
     * @param text as it came, line ends included
     */
    default void text(String text) {}

    /**
     * A cell has run, or was left out.
     *
     * @param cell its result
     * @param cells how many cells the notebook has
     */
    default void cellFinished(CellResult cell, int cells) {}

    /**
     * Something that is not in the outputs and that a person should know.
     *
     * @param message one sentence
     */
    default void notice(String message) {}

    /**
     * Whether the run is to end, with its kernel; asked several times a second while a kernel starts or runs a cell.
     *
     * @return false unless overridden
     */
    default boolean isCancelled() {
        return false;
    }
}
