package org.adadiff.jupyter.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of running one notebook.
 *
 * @param notebook the file that was read
 * @param output the file that was written; it is there unless the run ended before a kernel was started
 * @param status how the run ended
 * @param message why it ended so, for a person to read; empty when it is done
 * @param cells the code cells in order; empty when the run ended before a kernel was started
 * @param time wall time, the kernel's start and end included
 */
public record RunResult(
        Path notebook, Path output, RunStatus status, String message, List<CellResult> cells, Duration time) {
    /**
     * Copies the list of cells.
     *
     * @param notebook the file that was read
     * @param output the file that was written
     * @param status how the run ended
     * @param message why it ended so
     * @param cells the code cells in order
     * @param time wall time
     */
    public RunResult {
        cells = List.copyOf(cells);
    }

    /**
     * Whether the run ended before a kernel was started, and so has neither cells nor an output.
     *
     * @return false for a notebook that has no code cells and is done
     */
    public boolean neverBegan() {
        return status != RunStatus.DONE && cells.isEmpty();
    }

    /**
     * The cell that ended the run.
     *
     * @return empty when no cell is to blame
     */
    public Optional<CellResult> failedCell() {
        return cells.stream().filter(cell -> cell.outcome().isFailure()).findFirst();
    }
}
