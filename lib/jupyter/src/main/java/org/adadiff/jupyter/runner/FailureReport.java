package org.adadiff.jupyter.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a run failed, for a person at a terminal: notebook, cell, source with the line at fault, error, traceback. */
public final class FailureReport {
    private static final int TRACEBACK_LINES = 30;
    private static final int SOURCE_LINES = 30;
    /** Where a line of a cell is named: "Cell In[3], line 2", "In [3], line 2", "cell 3, line 2". */
    private static final Pattern PLACE =
            Pattern.compile("(?:In ?\\[(\\d+)\\]|[Cc]ell \\[?(\\d+)\\]?)[^\\n]{0,40}?, line (\\d+)");

    private FailureReport() {}

    /**
     * Describes a failed run in plain text of several lines.
     *
     * @param result a run that is not done
     * @return the text, without a line end at its end; empty for a run that is done
     */
    public static String of(RunResult result) {
        if (result.status() == RunStatus.DONE) {
            return "";
        }
        return result.failedCell().map(cell -> of(result, cell))
                .orElse(result.notebook() + ": " + result.status() + "\n" + result.message());
    }

    /** The same of one of the cells that failed. */
    static String of(RunResult result, CellResult cell) {
        List<String> lines = new ArrayList<>();
        lines.add(result.notebook() + ": " + cell.outcome() + " in " + cell.label()
                + String.format(Locale.ROOT, " after %.1f s", cell.time().toMillis() / 1000.0));
        addSource(cell, lines);
        if (cell.outcome().endedRun()) {
            lines.add(result.message());
            return String.join("\n", lines);
        }
        cell.error().ifPresent(error -> {
            lines.add(AnsiText.plain(error.toString()));
            addTraceback(error, lines);
        });
        return String.join("\n", lines);
    }

    private static void addSource(CellResult cell, List<String> lines) {
        List<String> source = cell.source().lines().toList();
        int fault = faultyLine(cell);
        int first = source.size() <= SOURCE_LINES ? 1 : Math.max(1, Math.min(fault - SOURCE_LINES / 2, source.size() - SOURCE_LINES + 1));
        int last = Math.min(source.size(), first + SOURCE_LINES - 1);
        for (int i = first; i <= last; i++) {
            lines.add(String.format(Locale.ROOT, "%s %4d | %s", i == fault ? ">" : " ", i, source.get(i - 1)));
        }
        if (last < source.size()) {
            lines.add("       | … " + (source.size() - last) + " more lines");
        }
    }

    /** The line of the cell, from 1, that the traceback blames; 0 if it does not tell. */
    static int faultyLine(CellResult cell) {
        if (cell.error().isEmpty()) {
            return 0;
        }
        Matcher matcher = PLACE.matcher(AnsiText.plain(String.join("\n", cell.error().get().traceback())));
        int line = 0;
        while (matcher.find()) {
            boolean python = matcher.group(1) != null;
            String count = python ? matcher.group(1) : matcher.group(2);
            // IPython names the innermost call last, Java first.
            if (count.equals(Integer.toString(cell.executionCount())) && (python || line == 0)) {
                line = Integer.parseInt(matcher.group(3));
            }
        }
        return line;
    }

    private static void addTraceback(CellError error, List<String> lines) {
        List<String> traceback = AnsiText.plain(String.join("\n", error.traceback())).lines()
                .filter(line -> !line.isBlank() && !line.matches("-{20,}"))
                .toList();
        traceback.stream().limit(TRACEBACK_LINES).filter(line -> !line.equals(error.toString()))
                .forEach(line -> lines.add("  " + line));
        if (traceback.size() > TRACEBACK_LINES) {
            lines.add("  … " + (traceback.size() - TRACEBACK_LINES) + " more lines in the output notebook");
        }
    }
}
