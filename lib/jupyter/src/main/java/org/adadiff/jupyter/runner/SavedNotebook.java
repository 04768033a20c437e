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

/**
 * The output notebook while cells run: after every cell a complete notebook under its name, for which no more is written
 * than what is new.
 *
 * <p>Two copies take turns. The hidden one gets the cells it lacks and is then put under the name by renaming a hard link,
 * so that a kill at any moment leaves a whole file. Finished cells grow into a gap of blanks, which JSON allows, before the
 * cells to come; a gap that is full is made anew, in proportion to the file. At the end the gap is taken out. What is
 * written, all in all, is a few times the notebook's size, however many cells it has; and what has been written is not kept
 * in memory.
 */
final class SavedNotebook {
    private static final int LEAST_GAP = 1 << 14; // bytes
    private static final byte[] BLANKS = new byte[1 << 13];

    static {
        Arrays.fill(BLANKS, (byte) ' ');
    }

    private final Notebook notebook;
    private final List<Cell> cells;
    private final Path target;
    private final List<Path> parts;
    private final LongTexts texts;
    private final Path link; // on its way to become the target
    private final long headEnd;
    private final byte[] pending; // the cells before they ran, each with the comma before it, and the foot
    private final int[] pendingStarts; // of each cell, and of the foot
    private long[] ends; // in both copies, of each finished cell
    private int finished;
    private Copy shown;
    private Copy hidden;

    /** One of the two files. */
    private static final class Copy {
        private final Path path;
        private int finished; // cells that have run, or been passed over; -1 if nothing has been written
        private long pendingAt; // where the cells to come start

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
        this.parts = parts;
        this.texts = texts;
        cells = notebook.cells();
        target = AtomicFile.target(file);
        link = parts.get(0);
        shown = new Copy(parts.get(1));
        hidden = new Copy(parts.get(2));
        ends = new long[cells.size()];
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
        if (!changes.isEmpty()) {
            rewrite(changes, false);
        }
        try (FileChannel out = open(hidden); FileChannel in = open(shown)) {
            if (hidden.finished < 0) {
                copy(in, 0, in.size(), out, 0);
                hidden.finished = shown.finished;
                hidden.pendingAt = shown.pendingAt;
            }
            copy(in, end(hidden.finished), end(finished), out, end(hidden.finished));
            for (; finished < cell; finished++) { // Markdown, and what is not to run
                int start = pendingStarts[finished];
                ends[finished] = write(Arrays.copyOfRange(pending, start, pendingStarts[finished + 1]), 0, out, end(finished));
            }
            ends[cell] = render(cells.get(cell), cell, out, end(cell));
            finished = cell + 1;
            placePending(out);
        }
        cells.get(cell).json().add("outputs", new JsonArray());
        showHidden();
    }

    /** Takes the gap out, and writes anew what stands around the cells. */
    void finish(Map<Integer, Map<Integer, JsonObject>> changes) throws IOException {
        rewrite(changes, true);
        for (Path part : parts) {
            Files.deleteIfExists(part);
        }
    }

    private long end(int cells) {
        return cells == 0 ? headEnd : ends[cells - 1];
    }

    /** Blanks out cells that have found their place before, or moves those to come when the gap has been too small. */
    private void placePending(FileChannel out) throws IOException {
        long end = end(finished);
        int start = pendingStarts[finished];
        long at = hidden.pendingAt + start - pendingStarts[hidden.finished];
        if (end <= at) {
            blank(out, Math.max(end, hidden.pendingAt), at);
        } else {
            at = end + Math.max(LEAST_GAP, end / 2);
            blank(out, end, at);
            out.truncate(write(pending, start, out, at));
        }
        hidden.pendingAt = at;
        hidden.finished = finished;
    }

    /** A new file from the shown one: with some outputs changed or, at the end, in its last form. */
    private void rewrite(Map<Integer, Map<Integer, JsonObject>> changes, boolean last) throws IOException {
        Files.deleteIfExists(hidden.path);
        long[] newEnds = new long[ends.length];
        try (FileChannel out = open(hidden); FileChannel in = open(shown)) {
            NotebookWriter.Frame frame = NotebookWriter.Frame.of(notebook);
            long at = last ? write(frame.head().getBytes(StandardCharsets.UTF_8), 0, out, 0) : copy(in, 0, headEnd, out, 0);
            for (int i = 0; i < finished; i++) {
                at = changes.containsKey(i)
                        ? render(changed(i, changes.get(i), in), i, out, at)
                        : copy(in, end(i), end(i + 1), out, at);
                newEnds[i] = at;
            }
            if (last) {
                int start = pendingStarts[finished];
                at = write(Arrays.copyOfRange(pending, start, pendingStarts[cells.size()]), 0, out, at);
                write(frame.foot().getBytes(StandardCharsets.UTF_8), 0, out, at);
            } else {
                hidden.pendingAt = at;
                hidden.finished = finished;
                write(pending, pendingStarts[finished], out, at);
            }
        }
        ends = newEnds;
        showHidden();
        hidden.finished = -1;
        Files.deleteIfExists(hidden.path);
    }

    /** A saved cell with some of its outputs displayed anew. */
    private Cell changed(int index, Map<Integer, JsonObject> changes, FileChannel in) throws IOException {
        long comma = index == 0 ? 0 : 1;
        in.position(end(index) + comma);
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
