package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.adadiff.jupyter.runner.Message.Channel;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A kernel's sockets. They belong to the thread that makes this object: ZeroMQ sockets must not be shared, and that
 * thread must never be interrupted, which would break them.
 */
final class KernelClient implements AutoCloseable {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);

    /** What becomes part of the notebook without being looked into. */
    private static final Set<String> OUTPUTS = Set.of("stream", "execute_result", "display_data", "update_display_data");

    private static final int BATCH = 200; // messages read from one channel before the others have their turn
    private static final int KNOCK_MILLIS = 1000; // a port that others flood may not answer at all

    private final Thread owner = Thread.currentThread();
    private final Connection connection;
    private final ZContext context = new ZContext();
    private final Map<Channel, ZMQ.Socket> sockets = new EnumMap<>(Channel.class);
    private final List<Channel> channels = List.of(Channel.IOPUB, Channel.SHELL, Channel.CONTROL, Channel.STDIN);
    private final ZMQ.Poller poller;
    private final ZMQ.Socket heartbeat;
    private final LongTexts texts;
    private final LongTexts waiting; // long contents that have come and not been read; they come while strings are kept among the texts
    private final Queue<Arrived> received = new ArrayDeque<>();
    private final Signature signature;
    private final String session = UUID.randomUUID().toString();
    private int kept; // of what is received, contents that wait in a file
    private int refused;
    private int sent;
    private boolean connected;
    private volatile Throwable broken;

    /**
     * Makes the sockets, which are of use once they {@link #connect}.
     *
     * @param texts takes the long strings of outputs
     */
    KernelClient(Connection connection, LongTexts texts) {
        this.connection = connection;
        this.texts = texts;
        waiting = texts.another();
        signature = new Signature(connection.key());
        context.setLinger(0);
        // Without the thread that reads the network nothing would ever arrive, and the run would wait for ever
        context.setUncaughtExceptionHandler((thread, error) -> broken = error);
        sockets.put(Channel.SHELL, socket(SocketType.DEALER));
        sockets.put(Channel.IOPUB, socket(SocketType.SUB));
        sockets.put(Channel.CONTROL, socket(SocketType.DEALER));
        sockets.put(Channel.STDIN, socket(SocketType.DEALER));
        heartbeat = socket(SocketType.DEALER);
        poller = context.createPoller(channels.size());
        channels.forEach(channel -> poller.register(sockets.get(channel), ZMQ.Poller.POLLIN));
    }

    private ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setRcvHWM(0); // a full queue would drop output, and with it the news that a cell has ended
        socket.setSndHWM(0);
        socket.setMsgAllocationHeapThreshold(0); // off the heap, a large message would have to be copied
        // The kernel binds some sockets after others. Never backing off, as a kernel's question is dropped when it comes by
        // the stdin channel before that is connected, which a slower retry has been seen to allow.
        socket.setReconnectIVL(10); // ms
        socket.setIdentity(session.getBytes(StandardCharsets.US_ASCII)); // stdin answers by the shell's identity
        if (type == SocketType.SUB) {
            socket.subscribe(new byte[0]);
        }
        return socket;
    }

    /**
     * Connects, if the kernel listens; false if it does not yet. Asking costs little: five sockets of ZeroMQ that try by
     * themselves, for many kernels at a time, took more of the processor than the kernels' start.
     */
    boolean connect() {
        checkThread();
        try (Socket knock = new Socket()) {
            knock.connect(new InetSocketAddress(Connection.IP, connection.shell()), KNOCK_MILLIS);
        } catch (IOException notYet) {
            return false;
        }
        channels.forEach(channel -> sockets.get(channel).connect(connection.address(connection.port(channel))));
        heartbeat.connect(connection.address(connection.heartbeat()));
        connected = true;
        return true;
    }

    boolean isConnected() {
        return connected;
    }

    /** Sends a request; its replies and outputs carry the returned id as their parent's. */
    String send(Channel channel, String type, JsonObject content) {
        checkThread();
        String id = session + "_" + ++sent;
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", id);
        header.addProperty("session", session);
        header.addProperty("username", "adadiff");
        header.addProperty("date", Instant.now().toString());
        header.addProperty("msg_type", type);
        header.addProperty("version", "5.3");
        List<byte[]> frames = new ArrayList<>();
        for (String json : List.of(header.toString(), "{}", "{}", content.toString())) {
            frames.add(SurrogateWriter.escape(json).getBytes(StandardCharsets.UTF_8));
        }
        ZMQ.Socket socket = sockets.get(channel);
        socket.sendMore(DELIMITER);
        socket.sendMore(signature.of(frames));
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
        }
        return id;
    }

    /** The next message from any channel, or nothing if none comes in time. Damaged, incomplete and unsigned ones are passed over. */
    Optional<Message> receive(Duration time) {
        checkThread();
        // Reading a long message takes longer than sending it: those behind it are put away first, as they would pile up in memory
        if (received.isEmpty() || kept > 0) {
            takeIn(received.isEmpty() ? time.toMillis() : 0);
        }
        for (Arrived next = received.poll(); next != null; next = received.poll()) {
            kept -= next.kept.isPresent() ? 1 : 0;
            Optional<Message> message = message(next);
            if (message.isPresent()) {
                return message;
            }
        }
        return Optional.empty();
    }

    private void takeIn(long millis) {
        if (poller.poll(millis) > 0) {
            for (int i = 0; i < channels.size(); i++) {
                for (int n = 0; poller.pollin(i) && n < BATCH && read(channels.get(i)); n++) {
                    // Asking the poller for every message would cost more than reading it.
                }
            }
        }
    }

    /** What has come; a content that is long is kept, and not among the frames that are signed. */
    private record Arrived(Channel channel, byte[] signature, List<byte[]> signed, List<byte[]> buffers, Optional<Supplier<InputStream>> kept) {
        /** At its beginning. */
        InputStream content() {
            return kept.map(Supplier::get).orElseGet(() -> new ByteArrayInputStream(signed.get(3)));
        }
    }

    /** Nothing if it is damaged or its signature is wrong. */
    private Optional<Message> message(Arrived arrived) {
        try {
            // Only now, as the signature of a long message takes longer than the kernel to send the next one
            if (signature.matches(arrived.signature, arrived.signed.subList(0, 3), attentive(arrived.content()))) {
                JsonElement content = texts.parse(text(attentive(arrived.content())));
                Message message = Message.of(arrived.channel, json(arrived.signed.get(0)), json(arrived.signed.get(1)),
                        (arrived.kept.isPresent() ? content : LongText.inMemory(content)).getAsJsonObject(), arrived.buffers);
                if (message.isWhole()) {
                    return Optional.of(message);
                }
            }
        } catch (IOException | JsonParseException | IllegalStateException damaged) {
            // falls through
        }
        refused++;
        return Optional.empty();
    }

    /** While it is read, what comes is taken in. */
    private InputStream attentive(InputStream content) {
        return new FilterInputStream(content) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                takeIn(0);
                return super.read(buffer, offset, length);
            }
        };
    }

    /** False if there is nothing to read. */
    private boolean read(Channel channel) {
        List<byte[]> frames = new ArrayList<>();
        ZMQ.Socket socket = sockets.get(channel);
        do {
            byte[] frame = socket.recv(ZMQ.DONTWAIT);
            if (frame == null) {
                return false;
            }
            frames.add(frame);
        } while (socket.hasReceiveMore());
        int start = 0;
        while (start < frames.size() && !Arrays.equals(frames.get(start), DELIMITER)) {
            start++;
        }
        if (start + 6 > frames.size()) {
            refused++;
            return true;
        }
        List<byte[]> signed = frames.subList(start + 2, start + 6); // header, parent, metadata, content
        byte[] content = signed.get(3);
        boolean output = content.length > LongTexts.PIECE && isOutput(signed.get(0));
        if (output) {
            signed.set(3, null);
            kept++;
        }
        received.add(new Arrived(channel, frames.get(start + 1), signed, frames.subList(start + 6, frames.size()),
                output ? Optional.of(waiting.keep(content)) : Optional.empty()));
        return true;
    }

    private static boolean isOutput(byte[] header) {
        try {
            return OUTPUTS.contains(Message.text(json(header), "msg_type"));
        } catch (JsonParseException | IllegalStateException damaged) {
            return false;
        }
    }

    private static JsonObject json(byte[] frame) {
        return JsonParser.parseReader(LongTexts.json(text(new ByteArrayInputStream(frame)))).getAsJsonObject();
    }

    /** Not by way of one string: a frame may be as large as the largest output. */
    private static Reader text(InputStream frame) {
        return new BufferedReader(new InputStreamReader(frame, StandardCharsets.UTF_8));
    }

    /** What ended the connection to the kernel, if something on this side did, such as a message too large for the memory. */
    Optional<Throwable> broken() {
        return Optional.ofNullable(broken);
    }

    /** How many messages were passed over because they were damaged, lacked something or were signed wrongly. */
    int refused() {
        return refused;
    }

    /** Whether the kernel's heartbeat answers: it lives, whatever its cells do. */
    boolean beats(Duration time) {
        checkThread();
        while (heartbeat.recv(ZMQ.DONTWAIT) != null) {
            // An answer to an earlier question says nothing about now.
        }
        heartbeat.send(new byte[0], ZMQ.SNDMORE | ZMQ.DONTWAIT); // the empty frame a REQ socket would put first
        heartbeat.send("ping".getBytes(StandardCharsets.US_ASCII), ZMQ.DONTWAIT);
        heartbeat.setReceiveTimeOut((int) time.toMillis());
        return heartbeat.recv() != null;
    }

    private void checkThread() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("sockets of " + owner.getName() + " used by " + Thread.currentThread().getName());
        }
    }

    @Override
    public void close() {
        waiting.close();
        if (broken != null) {
            return; // the sockets would wait for the thread that is gone
        }
        poller.close();
        context.close();
    }
}
