package org.adadiff.jupyter.runner;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Failures in the form that GitHub shows beside the lines of a change. */
public final class GitHubAnnotations {
    private GitHubAnnotations() {}

    /**
     * The workflow commands for one run, to be printed a line each to standard output.
     *
     * @param result a run; its notebook's path is taken to be relative to the repository's root
     * @return one line for each failed cell, or one for the notebook when no cell is to blame; none for a run that is done
     */
    public static List<String> of(RunResult result) {
        if (result.status() == RunStatus.DONE) {
            return List.of();
        }
        if (result.failedCell().isEmpty()) {
            return List.of(command(result, Optional.of(1), result.status().toString(), result.message()));
        }
        Stream<CellResult> failed = result.cells().stream().filter(cell -> cell.outcome().isFailure());
        return failed.map(cell -> command(result, cell.fileLine(FailureReport.faultyLine(cell)),
                cell.label() + " " + cell.outcome(), FailureReport.of(result, cell))).toList();
    }

    private static String command(RunResult result, Optional<Integer> line, String title, String message) {
        return "::error file=" + property(result.notebook().toString()) + line.map(number -> ",line=" + number).orElse("")
                + ",title=" + property(title) + "::" + data(message);
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
