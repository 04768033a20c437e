package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * The kernel's sockets, all on one thread, which runs no cell's code: an interrupt that reaches a ZeroMQ call breaks its socket, so cells
 * only add to a queue.
 */
final class MessageSockets {
    private static final int LINGER_MILLIS = 500;
    private static final int SENT_AT_ONCE = 8; // between two looks at what has come: a cell that prints without end can be interrupted
    private static final int MEMORY_WAIT_MILLIS = 100;
    private static final int MEMORY_WAITS = 50;
    private static final int MEMORY_WAITS_IF_LARGE = 5;
    private static final int MOST_QUEUED = 100;
    private static final long ROOM_NANOS = 1_000_000;

    private static final OutgoingMessage LAST = new OutgoingMessage(null, List.of(), "", null, null);

    private final ZContext context = context();
    private final ConnectionFile connection;
    private final Selector selector = Selector.open();
    private final Map<Channel, ZMQ.Socket> sockets = new EnumMap<>(Channel.class);
    private ZMQ.Socket heartbeat;
    private final Queue<OutgoingMessage> outgoing = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger(); // outgoing's size, which the queue itself would have to count
    private MessageCodec codec;
    private final BiConsumer<Channel, Message> receiver;
    private final Runnable onBroken;
    private final Thread thread = new KernelThread(this::run, "jupyter-sockets");
    private volatile MessageWarmUp warmUp;

    /**
     * @param connection where to listen, and the key
     * @param receiver gets each message; on the thread of the sockets
     * @param onBroken what to do if ZeroMQ itself fails: nobody hears this kernel any more
     * @throws IOException if the operating system gives no selector, which waits for messages
     */
    MessageSockets(ConnectionFile connection, BiConsumer<Channel, Message> receiver, Runnable onBroken) throws IOException {
        this.onBroken = onBroken;
        this.connection = connection;
        this.receiver = receiver;
    }

    /**
     * Listens, from now on; what has been sent before goes out.
     *
     * @throws IOException if the operating system gives no sockets
     * @throws IllegalStateException if an address is taken
     */
    void start() throws IOException {
        context.setUncaughtExceptionHandler((thread, e) -> giveUp(e));
        codec = new MessageCodec(connection.signatureScheme(), connection.key());
        sockets.put(Channel.SHELL, bind(SocketType.ROUTER, connection.address(connection.shellPort())));
        sockets.put(Channel.CONTROL, bind(SocketType.ROUTER, connection.address(connection.controlPort())));
        sockets.put(Channel.STDIN, bind(SocketType.ROUTER, connection.address(connection.stdinPort())));
        sockets.put(Channel.IOPUB, bind(SocketType.PUB, connection.address(connection.iopubPort())));
        heartbeat = bind(SocketType.REP, connection.address(connection.heartbeatPort()));
        thread.start();
    }

    static ZContext context() {
        ZContext context = new ZContext(1);
        context.setThreadFactor(KernelThread::new);
        return context;
    }

    private ZMQ.Socket bind(SocketType type, String address) throws IOException {
        ZMQ.Socket socket = context.createSocket(type);
        // The default of 1000 messages drops what a slow subscriber has not read, the idle status among it
        socket.setHWM(0);
        socket.setLinger(LINGER_MILLIS);
        if (!socket.bind(address)) {
            throw new IllegalStateException("Cannot listen at " + address + ": error " + socket.errno());
        }
        socket.getFD().register(selector, SelectionKey.OP_READ);
        return socket;
    }

    /** Has this kernel talk to itself, in the background; {@code busy} says whether a frontend's request is being answered. */
    void startWarmUp(BooleanSupplier busy) {
        warmUp = new MessageWarmUp(codec, connection.address(connection.shellPort()), busy);
        warmUp.start();
    }

    /**
     * Queues a message; waits while there are many to be sent, so that a cell which shows things without end does not fill the
     * memory. Never throws on an interrupted thread, nor waits there.
     */
    void send(Channel channel, List<byte[]> identities, String type, JsonObject parentHeader, JsonObject content) {
        add(new OutgoingMessage(channel, identities, type, parentHeader, content));
        Thread sender = Thread.currentThread();
        while (queued.get() > MOST_QUEUED && sender != thread && thread.isAlive() && !sender.isInterrupted()) {
            LockSupport.parkNanos(ROOM_NANOS);
        }
    }

    private void add(OutgoingMessage message) {
        queued.incrementAndGet();
        outgoing.add(message);
        selector.wakeup();
    }

    /** Sends what is queued and closes all sockets; call it on a thread of its own. */
    void close() throws InterruptedException {
        if (warmUp != null) {
            warmUp.end();
        }
        add(LAST);
        thread.join(2L * LINGER_MILLIS);
    }

    private void run() {
        try {
            int memoryWaits = 0;
            while (outgoing.peek() != LAST) {
                try {
                    int sent = 0;
                    while (sent < SENT_AT_ONCE && sendNext()) {
                        sent++;
                    }
                    // Sending may have hidden from the selector what has come meanwhile
                    if (!receiveWaiting() && sent == 0) {
                        selector.select();
                        selector.selectedKeys().clear();
                    }
                    memoryWaits = 0;
                } catch (OutOfMemoryError e) {
                    MemoryReserve.release();
                    if (++memoryWaits > MEMORY_WAITS) {
                        throw e;
                    }
                    if (memoryWaits < MEMORY_WAITS_IF_LARGE || !leaveOutLarge()) {
                        // A cell has taken all memory, but will soon have ended, with an error
                        selector.select(MEMORY_WAIT_MILLIS);
                    }
                }
            }
            context.close();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    private void giveUp(Throwable e) {
        onBroken.run();
        KernelLog.warn("the connection is lost: " + e);
    }

    private boolean sendNext() {
        OutgoingMessage message = outgoing.peek();
        if (message == null || message == LAST) {
            return false;
        }
        // Without memory it stays in the queue: a frontend that gets no reply waits for ever
        List<byte[]> frames = MemoryReserve.use(() -> encoded(message));
        outgoing.remove();
        queued.decrementAndGet();
        sendAll(sockets.get(message.channel()), frames);
        return true;
    }

    /** What a cell shows may be too large for the memory all by itself; says so in its place, and whether that was so. */
    private boolean leaveOutLarge() {
        OutgoingMessage message = outgoing.peek();
        List<byte[]> frames;
        try {
            if (message == null || !message.isLargeOutput()) {
                return false;
            }
            frames = encoded(message.leftOut());
        } catch (OutOfMemoryError e) {
            return false; // not even for that yet
        }
        outgoing.remove();
        queued.decrementAndGet();
        sendAll(sockets.get(message.channel()), frames);
        return true;
    }

    private List<byte[]> encoded(OutgoingMessage message) {
        return codec.encode(message.identities(), message.type(), message.parentHeader(), message.content());
    }

    /** Takes a message from each socket that has one; false if none has. */
    private boolean receiveWaiting() {
        boolean received = false;
        for (Map.Entry<Channel, ZMQ.Socket> socket : sockets.entrySet()) {
            if (hasMessage(socket.getValue())) {
                receive(socket.getKey(), receiveAll(socket.getValue()));
                received = true;
            }
        }
        if (hasMessage(heartbeat)) {
            sendAll(heartbeat, receiveAll(heartbeat));
            received = true;
        }
        return received;
    }

    private static boolean hasMessage(ZMQ.Socket socket) {
        return (socket.getEvents() & ZMQ.Poller.POLLIN) != 0;
    }

    private void receive(Channel channel, List<byte[]> frames) {
        try {
            Message message = MemoryReserve.use(() -> codec.decode(frames));
            if (message.type().equals(MessageWarmUp.REQUEST)) {
                send(channel, message.identities(), "echo_reply", message.header(), message.content());
            } else {
                receiver.accept(channel, message);
            }
        } catch (MalformedMessageException e) {
            KernelLog.warn(channel + ": " + e.getMessage());
        } catch (Throwable e) {
            // Whatever one message does, the next one is answered
            KernelLog.warn(channel + ": " + e);
        }
    }

    static List<byte[]> receiveAll(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        do {
            frames.add(socket.recv());
        } while (socket.hasReceiveMore());
        return frames;
    }

    static void sendAll(ZMQ.Socket socket, List<byte[]> frames) {
        int last = frames.size() - 1;
        for (int i = 0; i < last; i++) {
            socket.sendMore(frames.get(i));
        }
        socket.send(frames.get(last));
    }
}
