package org.adadiff.jupyter.runner;

import java.time.Duration;
import java.util.Optional;

/**
 * One code cell's result.
 *
 * @param number the cell's place among all cells of the notebook, Markdown included, from 1
 * @param executionCount the kernel's count, which stands in brackets beside the cell; 0 when it did not run
 * @param source its text
 * @param outcome what became of it
 * @param time from the request to the end of its output; zero when it did not run
 * @param error the error that it raised, or that ended it
 */
public record CellResult(
        int number, int executionCount, String source, CellOutcome outcome, Duration time, Optional<CellError> error) {}
