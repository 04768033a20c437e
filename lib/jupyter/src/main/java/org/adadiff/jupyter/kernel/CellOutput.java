package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What cells print and display, in order. Printed text is gathered and sent when 50 ms have passed, when it grows large, or when
 * anything else is published: one message for each println would swamp the frontend. Output goes to the cell that its thread works
 * for, even when that has ended. A cell that never stops printing must not fill the memory of whoever reads it: what it prints past a
 * limit is left out, and it says so.
 */
final class CellOutput {
    private static final int FLUSH_MILLIS = 50;
    private static final int FLUSH_CHARS = 1 << 16;
    private static final String LIMIT = "ADADIFF_KERNEL_OUTPUT_LIMIT";
    private static final int DEFAULT_LIMIT = 8 << 20;

    private final MessageSockets sockets;
    private final int limit;
    private final StringBuilder text = new StringBuilder();
    private String streamOfText = "stdout";
    private Cell cellOfText = Cell.latest();

    /**
     * @param sockets where output goes
     * @param environment of it, ADADIFF_KERNEL_OUTPUT_LIMIT: how many characters a cell may print
     */
    CellOutput(MessageSockets sockets, Map<String, String> environment) {
        this.sockets = sockets;
        limit = limit(environment.get(LIMIT));
        new KernelThread(this::flushRegularly, "cell-output").start();
    }

    /** A stream that prints as {@code stdout} or {@code stderr}. */
    PrintStream stream(String name) {
        return new PrintStream(new TextStream(name), false, StandardCharsets.UTF_8) {
            @Override
            public void close() {
                // A writer around System.out, closed at the end of a cell, must not silence the next one
                flush();
            }
        };
    }

    private static int limit(String text) {
        try {
            return text == null || text.isBlank() ? DEFAULT_LIMIT : Math.max(0, Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            KernelLog.warn(LIMIT + ": expected a number of characters, found '" + text + "'; the limit is " + DEFAULT_LIMIT);
            return DEFAULT_LIMIT;
        }
    }

    /** Publishes to the cell that the calling thread works for. */
    void publish(String type, JsonObject content) {
        publish(type, Cell.current().requestHeader(), content);
    }

    /** Publishes the kernel's own words as the cell's standard error, however much that has printed. */
    void notice(String words) {
        publish("stream", content("stderr", words));
    }

    private static JsonObject content(String name, String text) {
        JsonObject content = new JsonObject();
        content.addProperty("name", name);
        content.addProperty("text", text);
        return content;
    }

    synchronized void publish(String type, JsonObject parentHeader, JsonObject content) {
        flush();
        sockets.send(Channel.IOPUB, List.of(), type, parentHeader, content);
    }

    synchronized void flush() {
        if (text.isEmpty()) {
            return;
        }
        JsonObject content = content(streamOfText, text.toString());
        text.setLength(0);
        sockets.send(Channel.IOPUB, List.of(), "stream", cellOfText.requestHeader(), content);
    }

    private synchronized void append(String stream, CharSequence chars) {
        Cell cell = Cell.current();
        if (chars.isEmpty() || cell.hasPrinted(limit)) {
            return;
        }
        add(cell, stream, chars.subSequence(0, cell.print(chars.length(), limit)));
        if (cell.hasPrinted(limit)) {
            add(cell, "stderr", "\n[printed " + limit + " characters; the rest of what this cell prints is left out]\n");
        }
    }

    private void add(Cell cell, String stream, CharSequence chars) {
        if (cell != cellOfText || !stream.equals(streamOfText)) {
            flush();
            cellOfText = cell;
            streamOfText = stream;
        }
        if (text.isEmpty()) {
            notifyAll();
        }
        text.append(chars);
        if (text.length() >= FLUSH_CHARS) {
            flush();
        }
    }

    private void flushRegularly() {
        while (true) {
            try {
                synchronized (this) {
                    while (text.isEmpty()) {
                        wait();
                    }
                }
                Thread.sleep(FLUSH_MILLIS);
                flush();
            } catch (InterruptedException | OutOfMemoryError e) {
                // What is not sent now is sent when the cell has ended
                continue;
            }
        }
    }

    /** Decodes UTF-8; a character whose bytes come in two writes stays whole. */
    private final class TextStream extends OutputStream {
        private final String name;
        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer incomplete = ByteBuffer.allocate(0);

        TextStream(String name) {
            this.name = name;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            ByteBuffer in = ByteBuffer.allocate(incomplete.remaining() + length).put(incomplete).put(bytes, offset, length).flip();
            CharBuffer out = CharBuffer.allocate(in.remaining());
            decoder.decode(in, out, false);
            incomplete = in.slice();
            append(name, out.flip());
        }
    }
}
