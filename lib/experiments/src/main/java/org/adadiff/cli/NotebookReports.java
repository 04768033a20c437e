package org.adadiff.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.adadiff.jupyter.runner.HtmlReport;
import org.adadiff.jupyter.runner.RunResult;
import org.adadiff.jupyter.runner.RunStatus;

/** What is told of all runs when they have ended. */
final class NotebookReports {
    private NotebookReports() {}

    /** The name of a notebook's page; not the index's. */
    static String page(Path notebook) {
        String page = notebook.getFileName().toString().replaceFirst("\\.ipynb$", "") + ".html";
        return page.equalsIgnoreCase("index.html") ? notebook.getFileName() + ".html" : page;
    }

    /** Writes a page for each notebook, also for one that never began, to say why, and the index. */
    static void writePages(List<RunResult> results, Path directory) throws IOException {
        Map<RunResult, String> pages = new LinkedHashMap<>();
        for (RunResult result : results) {
            if (result.neverBegan() || Files.exists(result.output())) {
                pages.put(result, page(result.notebook()));
            }
        }
        HtmlReport.writeIndex(pages, directory.resolve("index.html")); // first: a page may be as large as its notebook
        for (Map.Entry<RunResult, String> page : pages.entrySet()) {
            HtmlReport.write(page.getKey(), directory.resolve(page.getValue()));
        }
    }

    /** A table of all runs, one line each, and their sum. */
    static void summarise(List<RunResult> results, PrintStream out) {
        out.printf("%n%-14s %8s %11s  %s%n", "status", "time", "cells", "notebook");
        for (RunResult result : results) {
            long ran = result.cells().stream().filter(cell -> !cell.time().isZero()).count();
            out.printf(Locale.ROOT, "%-14s %6.1f s %5d of %2d  %s%n", result.status(), result.time().toMillis() / 1e3, ran,
                    result.cells().size(), result.neverBegan() ? result.notebook() : result.output());
        }
        long done = results.stream().filter(result -> result.status() == RunStatus.DONE).count();
        out.printf(Locale.ROOT, "%d %s passed, %d failed%n", done, done == 1 ? "notebook" : "notebooks", results.size() - done);
    }
}
