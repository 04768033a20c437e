package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * A cell that runs or has run. A thread works for the cell that started it, so that what it prints late still shows where it belongs,
 * and an interrupt reaches all threads of a cell and no others.
 */
final class Cell {
    private static final InheritableThreadLocal<Cell> OF_THREAD = new InheritableThreadLocal<>();
    private static volatile Cell latest = new Cell(new JsonObject());

    private final JsonObject requestHeader;
    // Guarded by CellOutput
    private int printed;

    private Cell(JsonObject requestHeader) {
        this.requestHeader = requestHeader;
    }

    /** The calling thread, and those that it starts from now on, work for a new cell. */
    static Cell begin(JsonObject requestHeader) {
        Cell cell = new Cell(requestHeader);
        OF_THREAD.set(cell);
        latest = cell;
        return cell;
    }

    /** The calling thread, and those that it starts from now on, work for this cell. */
    void join() {
        OF_THREAD.set(this);
    }

    static Cell latest() {
        return latest;
    }

    /** The cell that the calling thread works for. The threads of parallel streams work for whichever runs, whoever started them. */
    static Cell current() {
        Cell cell = Thread.currentThread() instanceof ForkJoinWorkerThread ? null : OF_THREAD.get();
        return cell == null ? latest : cell;
    }

    JsonObject requestHeader() {
        return requestHeader;
    }

    /** Counts characters towards the cell's limit, and returns how many of them are within it. */
    int print(int chars, int limit) {
        int within = Math.max(0, Math.min(chars, limit - printed));
        printed += within;
        return within;
    }

    boolean hasPrinted(int chars) {
        return printed >= chars;
    }
}
