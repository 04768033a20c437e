package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The output notebook while cells run: after every cell a complete notebook under its name, for which no more is written
 * than what is new.
 *
 * <p>Two copies take turns. The hidden one gets the cells it lacks and is then put under the name by renaming a hard link,
 * so that a kill at any moment leaves a whole file. Finished cells grow into a gap of blanks, which JSON allows, before the
 * cells to come; a gap that is full is made anew, in proportion to the file. A finished cell in which something is displayed
 * anew is written over, with blanks behind it for the next time. At the end all gaps are taken out. What is written, all in
 * all, is a few times what cells have put out, however many there are; and what has been written is not kept in memory.
 */
final class SavedNotebook {
    private static final int LEAST_GAP = 1 << 14; // bytes
    private static final int LEAST_ROOM = 1 << 8; // bytes behind a cell that has been displayed anew
    private static final byte[] BLANKS = new byte[1 << 13];

    static {
        Arrays.fill(BLANKS, (byte) ' ');
    }

    private final Notebook notebook;
    private final List<Cell> cells;
    private final Path target;
    private final LongTexts texts;
    private final Path link; // on its way to become the target
    private final long headEnd;
    private final byte[] pending; // the cells before they ran, each with the comma before it, and the foot
    private final int[] pendingStarts; // of each cell, and of the foot
    private final long[] ends; // of each finished cell's place, in the copy that is shown
    private final long[] filled; // where the cell's text in it ends
    private int finished;
    private boolean saving; // and still so when it has failed: the numbers above are then not those of the copy that is shown
    private Copy shown;
    private Copy hidden;

    /** One of the two files. */
    private static final class Copy {
        private final Path path;
        private int finished; // cells that have run, or been passed over, and are where both copies have them; -1 if nothing has been written
        private Set<Integer> outdated = Set.of(); // those among them whose text is an older one
        private long pendingAt; // where the cells to come start
        private int pendingFrom; // the first of them

        Copy(Path path) {
            this.path = path;
        }
    }

    /** Names for what stands beside an output while its cells run. */
    static List<Path> parts(Path file) throws IOException {
        Path target = AtomicFile.target(file);
        return List.of(AtomicFile.part(target), AtomicFile.part(target), AtomicFile.part(target));
    }

    /** Writes the notebook as it is before its first cell has run. */
    SavedNotebook(Notebook notebook, Path file, List<Path> parts, LongTexts texts) throws IOException {
        this.notebook = notebook;
        this.texts = texts;
        cells = notebook.cells();
        target = AtomicFile.target(file);
        link = parts.get(0);
        shown = new Copy(parts.get(1));
        hidden = new Copy(parts.get(2));
        ends = new long[cells.size()];
        filled = new long[cells.size()];
        pendingStarts = new int[cells.size() + 1];
        NotebookWriter.Frame frame = NotebookWriter.Frame.of(notebook);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer text = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            for (int i = 0; i < cells.size(); i++) {
                pendingStarts[i] = bytes.size();
                NotebookWriter.cell(cells.get(i), i, text);
                text.flush();
            }
            pendingStarts[cells.size()] = bytes.size();
            text.write(frame.foot());
        }
        pending = bytes.toByteArray();
        try (FileChannel out = open(hidden)) {
            headEnd = write(frame.head().getBytes(StandardCharsets.UTF_8), 0, out, 0);
            hidden.pendingAt = headEnd;
            write(pending, 0, out, headEnd);
        }
        showHidden();
        hidden.finished = -1;
    }

    /**
     * Saves what has been run up to and with a cell, and lets go of its outputs.
     *
     * @param changes what was displayed anew in cells saved before: by cell and output, data and metadata
     */
    void save(int cell, Map<Integer, Map<Integer, JsonObject>> changes) throws IOException {
        int inPlace;
        saving = true;
        try (FileChannel out = open(hidden); FileChannel in = open(shown)) {
            if (hidden.finished < 0) {
                copy(in, 0, in.size(), out, 0);
                hidden.finished = finished;
                hidden.pendingAt = shown.pendingAt;
                hidden.pendingFrom = shown.pendingFrom;
            }
            for (int older : hidden.outdated) {
                copy(in, end(older), end(older + 1), out, end(older));
            }
            copy(in, end(hidden.finished), end(finished), out, end(hidden.finished));
            inPlace = displayAnew(changes, in, out);
            for (; finished < cell; finished++) { // Markdown, and what is not to run
                int start = pendingStarts[finished];
                ends[finished] = write(Arrays.copyOfRange(pending, start, pendingStarts[finished + 1]), 0, out, end(finished));
                filled[finished] = ends[finished];
            }
            ends[cell] = render(cells.get(cell), cell, out, end(cell));
            filled[cell] = ends[cell];
            finished = cell + 1;
            placePending(out);
        }
        cells.get(cell).json().add("outputs", new JsonArray());
        showHidden();
        hidden.finished = Math.min(hidden.finished, inPlace);
        hidden.outdated = changes.keySet().stream().filter(changed -> changed < hidden.finished).collect(Collectors.toSet());
        saving = false;
    }

    /** Writes the notebook in its last form: without gaps, and with what stands around the cells as it is now. */
    void finish(Map<Integer, Map<Integer, JsonObject>> changes) throws IOException {
        if (saving) {
            return; // what was saved before stays, gaps and all
        }
        Files.deleteIfExists(hidden.path);
        try (FileChannel out = open(hidden); FileChannel in = open(shown)) {
            NotebookWriter.Frame frame = NotebookWriter.Frame.of(notebook);
            long at = write(frame.head().getBytes(StandardCharsets.UTF_8), 0, out, 0);
            for (int i = 0; i < finished; i++) {
                at = changes.containsKey(i)
                        ? render(changed(i, end(i), changes.get(i), in), i, out, at)
                        : copy(in, end(i), filled[i], out, at);
            }
            at = write(Arrays.copyOfRange(pending, pendingStarts[finished], pendingStarts[cells.size()]), 0, out, at);
            write(frame.foot().getBytes(StandardCharsets.UTF_8), 0, out, at);
        }
        showHidden();
    }

    private long end(int cells) {
        return cells == 0 ? headEnd : ends[cells - 1];
    }

    /** Blanks out cells that have found their place before, or moves those to come when the gap has been too small. */
    private void placePending(FileChannel out) throws IOException {
        long end = end(finished);
        int start = pendingStarts[finished];
        long at = hidden.pendingAt + start - pendingStarts[hidden.pendingFrom];
        if (end <= at) {
            blank(out, Math.max(end, hidden.pendingAt), at);
        } else {
            at = end + Math.max(LEAST_GAP, end / 2);
            blank(out, end, at);
            out.truncate(write(pending, start, out, at));
        }
        hidden.pendingAt = at;
        hidden.pendingFrom = finished;
        hidden.finished = finished;
    }

    /** Changes saved cells in their places, if there is room for it; gives the number of cells before the first that has to move. */
    private int displayAnew(Map<Integer, Map<Integer, JsonObject>> changes, FileChannel in, FileChannel out) throws IOException {
        for (int i : new TreeSet<>(changes.keySet())) {
            long end = render(changed(i, end(i), changes.get(i), in), i, out, end(i));
            if (end > ends[i]) {
                move(i, changes, in, out);
                return i;
            }
            filled[i] = end;
            blank(out, end, ends[i]);
        }
        return finished;
    }

    /** Writes the cells from one on anew, those that change with room behind them. */
    private void move(int first, Map<Integer, Map<Integer, JsonObject>> changes, FileChannel in, FileChannel out) throws IOException {
        long from = end(first); // in the copy that is shown
        for (int i = first; i < finished; i++) {
            long next = ends[i];
            if (changes.containsKey(i)) {
                filled[i] = render(changed(i, from, changes.get(i), in), i, out, end(i));
                ends[i] = filled[i] + Math.max(LEAST_ROOM, (filled[i] - end(i)) / 2);
                blank(out, filled[i], ends[i]);
            } else {
                long length = filled[i] - from;
                ends[i] = copy(in, from, next, out, end(i));
                filled[i] = end(i) + length;
            }
            from = next;
        }
    }

    /** A saved cell with some of its outputs displayed anew. */
    private Cell changed(int index, long start, Map<Integer, JsonObject> changes, FileChannel in) throws IOException {
        in.position(start + (index == 0 ? 0 : 1)); // past the comma
        JsonReader json = LongTexts.json(new LongStringMarker(Channels.newReader(in, StandardCharsets.UTF_8), texts, false));
        Cell cell = new Cell(texts.element(json).getAsJsonObject());
        changes.forEach((output, display) -> display.entrySet()
                .forEach(member -> cell.outputs().get(output).getAsJsonObject().add(member.getKey(), member.getValue())));
        return cell;
    }

    /** Puts the hidden copy under the notebook's name; a system without hard links gets a third copy there. */
    private void showHidden() throws IOException {
        Files.deleteIfExists(link);
        try {
            Files.createLink(link, hidden.path);
        } catch (UnsupportedOperationException | IOException noLinks) {
            Files.copy(hidden.path, link);
        }
        AtomicFile.replace(target, link);
        Copy next = shown;
        shown = hidden;
        hidden = next;
    }

    private static FileChannel open(Copy copy) throws IOException {
        return FileChannel.open(copy.path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static long render(Cell cell, int index, FileChannel out, long at) throws IOException {
        out.position(at);
        OutputStream bytes = Channels.newOutputStream(out); // not closed: the channel goes on
        Writer text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), 1 << 14);
        NotebookWriter.cell(cell, index, text);
        text.flush();
        return out.position();
    }

    /** Each of these writes at a place, and gives the place after it. */
    private static long write(byte[] bytes, int from, FileChannel out, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, bytes.length - from);
        while (buffer.hasRemaining()) {
            at += out.write(buffer, at);
        }
        return at;
    }

    private static long copy(FileChannel in, long from, long to, FileChannel out, long at) throws IOException {
        out.position(at);
        while (from < to) {
            long copied = in.transferTo(from, to - from, out);
            if (copied <= 0) {
                throw new IOException("the output notebook was cut short while it was being written");
            }
            from += copied;
        }
        return out.position();
    }

    private static void blank(FileChannel out, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            at += out.write(ByteBuffer.wrap(BLANKS, 0, (int) Math.min(BLANKS.length, to - at)), at);
        }
    }
}
