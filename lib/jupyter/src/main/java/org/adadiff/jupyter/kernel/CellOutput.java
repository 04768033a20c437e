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

/**
 * What cells print and display, in order. Printed text is gathered and sent when 50 ms have passed, when it grows large, or when
 * anything else is published: one message for each println would swamp the frontend. What a thread prints after its cell has
 * ended goes to the last cell. A cell that never stops printing must not fill the memory of whoever reads it: what it prints past a
 * limit is left out, and it says so.
 */
final class CellOutput {
    private static final int FLUSH_MILLIS = 50;
    private static final int FLUSH_CHARS = 1 << 16;
    private static final int MAX_CHARS_PER_CELL = 8 << 20;

    private final MessageSockets sockets;
    private final StringBuilder text = new StringBuilder();
    private String streamOfText = "stdout";
    private JsonObject parentHeader = new JsonObject();
    private int charsOfCell;

    CellOutput(MessageSockets sockets) {
        this.sockets = sockets;
        Thread flushing = new Thread(this::flushRegularly, "cell-output");
        flushing.setDaemon(true);
        flushing.start();
    }

    /** A stream that prints as {@code stdout} or {@code stderr}. */
    PrintStream stream(String name) {
        return new PrintStream(new TextStream(name), false, StandardCharsets.UTF_8);
    }

    /** From here on, output belongs to the request with this header. */
    synchronized void begin(JsonObject requestHeader) {
        flush();
        parentHeader = requestHeader;
        charsOfCell = 0;
    }

    synchronized void publish(String type, JsonObject content) {
        flush();
        sockets.send(Channel.IOPUB, List.of(), type, parentHeader, content);
    }

    synchronized void flush() {
        if (text.isEmpty()) {
            return;
        }
        JsonObject content = new JsonObject();
        content.addProperty("name", streamOfText);
        content.addProperty("text", text.toString());
        text.setLength(0);
        sockets.send(Channel.IOPUB, List.of(), "stream", parentHeader, content);
    }

    private synchronized void append(String stream, CharSequence chars) {
        if (chars.isEmpty() || charsOfCell >= MAX_CHARS_PER_CELL) {
            return;
        }
        int left = MAX_CHARS_PER_CELL - charsOfCell;
        charsOfCell += Math.min(left, chars.length());
        add(stream, chars.length() <= left ? chars : chars.subSequence(0, left));
        if (charsOfCell == MAX_CHARS_PER_CELL) {
            add("stderr", "\n[printed " + MAX_CHARS_PER_CELL + " characters; the rest of what this cell prints is left out]\n");
        }
    }

    private void add(String stream, CharSequence chars) {
        if (!stream.equals(streamOfText)) {
            flush();
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
        try {
            while (true) {
                synchronized (this) {
                    while (text.isEmpty()) {
                        wait();
                    }
                }
                Thread.sleep(FLUSH_MILLIS);
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
