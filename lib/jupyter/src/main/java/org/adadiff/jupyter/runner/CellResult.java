package org.adadiff.jupyter.runner;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One code cell's result.
 *
 * @param number the cell's place among all cells of the notebook, Markdown included, from 1
 * @param executionCount the kernel's count, which stands in brackets beside the cell; 0 when it did not run
 * @param source its text
 * @param lines where each line of the source stands in the notebook's file, from 1; one number if it is one string there,
 *     none for a cell of parameters that the run put in
 * @param outcome what became of it
 * @param time from the request to the end of its output; zero when it did not run
 * @param error the error that it raised, or that ended it
 */
public record CellResult(
        int number, int executionCount, String source, List<Integer> lines, CellOutcome outcome, Duration time, Optional<CellError> error) {
    /**
     * Copies the list of lines.
     *
     * @param number the cell's place among all cells
     * @param executionCount the kernel's count
     * @param source its text
     * @param lines where each line of the source stands in the notebook's file
     * @param outcome what became of it
     * @param time from the request to the end of its output
     * @param error the error that it raised, or that ended it
     */
    public CellResult {
        lines = List.copyOf(lines);
    }

    /**
     * Names the cell as a person finds it: by its place and, in brackets, the count that stands beside it.
     *
     * @return such as {@code cell 3 [2]}
     */
    public String label() {
        return "cell " + number + (executionCount > 0 ? " [" + executionCount + "]" : "");
    }

    /**
     * The first line of its source that is not blank.
     *
     * @return at most 60 characters
     */
    public String title() {
        String line = source.lines().filter(text -> !text.isBlank()).findFirst().orElse("(empty)").strip();
        return line.length() <= 60 ? line : line.substring(0, 59) + "…";
    }

    /** Where a line of the source stands in the notebook's file; the first line that is known if it does not tell. */
    Optional<Integer> fileLine(int sourceLine) {
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(Math.min(Math.max(sourceLine, 1), lines.size()) - 1));
    }
}
