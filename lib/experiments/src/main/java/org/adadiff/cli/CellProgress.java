package org.adadiff.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.adadiff.jupyter.runner.CellResult;
import org.adadiff.jupyter.runner.RunListener;

/** One line for each cell: which notebook, which cell, what became of it, and how long it took. */
final class CellProgress implements RunListener {
    private final String name;

    CellProgress(Path notebook) {
        name = notebook.getFileName().toString();
    }

    @Override
    public void cellFinished(CellResult cell, int cells) {
        String firstLine = cell.source().lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
        System.out.printf(Locale.ROOT, "%s  cell %d/%d  %-7s %5.1f s  %s%n", name, cell.number(), cells,
                cell.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '), cell.time().toMillis() / 1e3,
                firstLine.length() <= 60 ? firstLine : firstLine.substring(0, 59) + "…");
    }

    @Override
    public void notice(String message) {
        System.out.println(name + ": " + message);
    }
}
