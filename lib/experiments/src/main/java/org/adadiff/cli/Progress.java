package org.adadiff.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adadiff.jupyter.runner.CellResult;
import org.adadiff.jupyter.runner.RunListener;

/**
 * What a person sees of runs as they go on: a line for each cell that has ended, what cells write if that is asked for, and
 * on a terminal a last line that says what is running and for how long.
 */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final Pattern CONTROL = Pattern.compile("\u001B(?!\\[[0-9;]*m)|[\\p{Cntrl}&&[^\n\t\u001B]]");

    private final PrintStream out;
    private final boolean terminal;
    private final boolean log;
    private final int notebooks;
    private final BooleanSupplier cancelled;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final Timer clock = new Timer("progress", true);
    private int ended;
    private boolean lineShown;

    /** A cell that runs, and the line it has begun to write. */
    private static final class Running {
        private final String cell;
        private final long start = System.nanoTime();
        private final StringBuilder begun = new StringBuilder();

        Running(String cell) {
            this.cell = cell;
        }
    }

    Progress(PrintStream out, boolean terminal, boolean log, int notebooks, BooleanSupplier cancelled) {
        this.out = out;
        this.terminal = terminal;
        this.log = log;
        this.notebooks = notebooks;
        this.cancelled = cancelled;
        if (terminal) {
            clock.schedule(new TimerTask() {
                @Override
                public void run() {
                    print("");
                }
            }, 1000, 1000);
        }
    }

    /** Prints whole lines above the progress line. */
    synchronized void print(String lines) {
        if (lineShown) {
            out.print("\r\u001B[K");
            lineShown = false;
        }
        if (!lines.isEmpty()) {
            // What cells print is shown, colours too, but does not ring the bell, move the cursor or make the log a binary file
            out.println(CONTROL.matcher(lines).replaceAll(
                    control -> Character.toString(control.group().equals("\u007F") ? '␡' : '␀' + control.group().charAt(0))));
        }
        if (terminal && !running.isEmpty()) {
            long now = System.nanoTime();
            String line = (notebooks > 1 ? ended + "/" + notebooks + " notebooks; " : "") + running.values().stream()
                    .map(cell -> cell.cell + ", " + (now - cell.start) / 1_000_000_000 + " s").collect(Collectors.joining("; "));
            out.print(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…");
            lineShown = true;
        }
        out.flush();
    }

    synchronized void notebookEnded() {
        ended++;
        print("");
    }

    @Override
    public synchronized void close() {
        clock.cancel();
        running.clear();
        print("");
    }

    /** For one notebook. */
    RunListener of(Path notebook) {
        String name = notebook.getFileName().toString();
        return new RunListener() {
            @Override
            public void cellStarted(int number, int cells) {
                synchronized (Progress.this) {
                    running.put(notebook.toString(), new Running(name + " cell " + number + "/" + cells));
                }
            }

            @Override
            public void text(String text) {
                if (log) {
                    log(notebook, name, text);
                }
            }

            @Override
            public void cellFinished(CellResult cell, int cells) {
                synchronized (Progress.this) {
                    if (running.containsKey(notebook.toString()) && !running.get(notebook.toString()).begun.isEmpty()) {
                        log(notebook, name, "\n");
                    }
                    running.remove(notebook.toString());
                    print(String.format(Locale.ROOT, "%s  cell %d/%d  %-7s %5.1f s  %s", name, cell.number(), cells,
                            cell.outcome(), cell.time().toMillis() / 1e3, cell.title()));
                }
            }

            @Override
            public void notice(String message) {
                print(name + ": " + message);
            }

            @Override
            public boolean isCancelled() {
                return cancelled.getAsBoolean();
            }
        };
    }

    /** Whole lines only, each as the last carriage return left it: a progress bar is one line of a log. */
    private synchronized void log(Path notebook, String name, String text) {
        Running cell = running.get(notebook.toString());
        if (cell == null) {
            return;
        }
        cell.begun.append(text.replace("\r\n", "\n"));
        if (text.indexOf('\n') < 0) { // what was there before has none either; a line may have millions of pieces
            return;
        }
        int end = cell.begun.lastIndexOf("\n");
        String lines = Stream.of(cell.begun.substring(0, end).split("\n"))
                .map(line -> name + " | " + line.substring(line.lastIndexOf('\r') + 1)).collect(Collectors.joining("\n"));
        cell.begun.delete(0, end + 1);
        print(lines);
    }
}
