package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Standard input of cells: each line is asked of the frontend. Where the frontend allows no input, it is at its end. */
final class CellInput extends InputStream {
    private final MessageSockets sockets;
    private final CellOutput output;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private volatile Message request;
    private Message requestOfLine;
    private byte[] line = new byte[0];
    private int position;

    CellInput(MessageSockets sockets, CellOutput output) {
        this.sockets = sockets;
        this.output = output;
    }

    /** From here on, input is asked of whoever sent this request. Takes no lock: a thread of an earlier cell may still be reading. */
    void begin(Message executeRequest) {
        lines.clear();
        request = executeRequest;
    }

    void answer(Message inputReply) {
        lines.add(inputReply.string("value"));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (requestOfLine != request) {
            requestOfLine = request;
            position = line.length;
        }
        if (position == line.length && !ask()) {
            return -1;
        }
        int count = Math.min(length, line.length - position);
        System.arraycopy(line, position, bytes, offset, count);
        position += count;
        return count;
    }

    @Override
    public synchronized int available() {
        return line.length - position;
    }

    private boolean ask() throws InterruptedIOException {
        String answer = ask("", false);
        if (answer == null) {
            return false;
        }
        line = (answer + "\n").getBytes(StandardCharsets.UTF_8);
        position = 0;
        return true;
    }

    /** Asks for a line; null where the frontend allows no input. */
    String ask(String prompt, boolean password) throws InterruptedIOException {
        Message asking = request;
        if (asking == null || !asking.flag("allow_stdin", false)) {
            return null;
        }
        output.flush();
        JsonObject content = new JsonObject();
        content.addProperty("prompt", prompt);
        content.addProperty("password", password);
        sockets.send(Channel.STDIN, asking.identities(), "input_request", asking.header(), content);
        try {
            return lines.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for input");
        }
    }
}
