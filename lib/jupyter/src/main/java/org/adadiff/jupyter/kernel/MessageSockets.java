package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The kernel's sockets. Only two threads touch them, neither of which runs a cell's code: an interrupt that reaches a ZeroMQ call
 * breaks its socket, so cells only add to a queue. One thread takes from that queue and publishes; replies it passes to the other,
 * which waits for requests.
 */
final class MessageSockets {
    private static final int LINGER_MILLIS = 500;
    private static final int MEMORY_WAIT_MILLIS = 100;
    private static final int MEMORY_WAITS = 50;
    private static final int WARM_UP_MESSAGES = 2000;
    private static final byte[] LAST = new byte[0];
    private static final String ECHO = "echo_request";

    private record Outgoing(Channel channel, List<byte[]> identities, String type, JsonObject parentHeader, JsonObject content) {}

    private final ZContext context = new ZContext(1);
    private final Map<Channel, ZMQ.Socket> routers = new EnumMap<>(Channel.class);
    private final ZMQ.Socket publisher;
    private final ZMQ.Socket heartbeat;
    private final ZMQ.Socket repliesIn;
    private final ZMQ.Socket repliesOut;
    private final BlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>();
    private final MessageCodec codec;
    private final BiConsumer<Channel, Message> receiver;
    private final String shellAddress;
    private final Runnable onBroken;
    private final Thread receiving = new Thread(this::receive, "jupyter-receive");
    private final Thread sending = new Thread(this::send, "jupyter-send");

    /**
     * @param connection where to listen, and the key
     * @param receiver gets each message; on the thread that receives
     * @param onBroken what to do if ZeroMQ itself fails: nobody hears this kernel any more
     */
    MessageSockets(ConnectionFile connection, BiConsumer<Channel, Message> receiver, Runnable onBroken) {
        this.onBroken = onBroken;
        context.setUncaughtExceptionHandler((thread, e) -> giveUp(e));
        this.codec = new MessageCodec(connection.signatureScheme(), connection.key());
        this.receiver = receiver;
        shellAddress = connection.address(connection.shellPort());
        routers.put(Channel.SHELL, bind(SocketType.ROUTER, shellAddress));
        routers.put(Channel.CONTROL, bind(SocketType.ROUTER, connection.address(connection.controlPort())));
        routers.put(Channel.STDIN, bind(SocketType.ROUTER, connection.address(connection.stdinPort())));
        publisher = bind(SocketType.PUB, connection.address(connection.iopubPort()));
        heartbeat = bind(SocketType.REP, connection.address(connection.heartbeatPort()));
        repliesIn = bind(SocketType.PULL, "inproc://replies");
        repliesOut = context.createSocket(SocketType.PUSH);
        repliesOut.setHWM(0);
        repliesOut.connect("inproc://replies");
    }

    private ZMQ.Socket bind(SocketType type, String address) {
        ZMQ.Socket socket = context.createSocket(type);
        // The default of 1000 messages drops what a slow subscriber has not read, the idle status among it
        socket.setHWM(0);
        socket.setLinger(LINGER_MILLIS);
        if (!socket.bind(address)) {
            throw new IllegalStateException("Cannot listen at " + address + ": error " + socket.errno());
        }
        return socket;
    }

    void start() {
        receiving.start();
        sending.start();
    }

    /**
     * Sends this kernel messages that it echoes: until the JIT has seen what a message goes through, each costs milliseconds. Call it
     * on a thread of its own.
     *
     * @param enough asked before each message
     */
    void warmUp(BooleanSupplier enough) {
        try (ZContext own = new ZContext(1)) {
            ZMQ.Socket frontend = own.createSocket(SocketType.DEALER);
            frontend.setLinger(0);
            frontend.setReceiveTimeOut(LINGER_MILLIS);
            frontend.connect(shellAddress);
            JsonObject content = new JsonObject();
            content.addProperty("code", "x + 1");
            content.addProperty("silent", false);
            for (int i = 0; i < WARM_UP_MESSAGES && !enough.getAsBoolean(); i++) {
                sendAll(frontend, codec.encode(List.of(), ECHO, content, content));
                receiveAll(frontend);
            }
        } catch (ZMQException e) {
            KernelLog.warn("warming up: " + e);
        }
    }

    /** Queues a message; never blocks, never throws on an interrupted thread. */
    void send(Channel channel, List<byte[]> identities, String type, JsonObject parentHeader, JsonObject content) {
        outgoing.add(new Outgoing(channel, identities, type, parentHeader, content));
    }

    /** Sends what is queued and closes all sockets; call it on a thread of its own. */
    void close() throws InterruptedException {
        outgoing.add(new Outgoing(null, List.of(), "", null, null));
        sending.join(2L * LINGER_MILLIS);
        receiving.join(2L * LINGER_MILLIS);
    }

    private void send() {
        try {
            while (true) {
                Outgoing message = outgoing.take();
                if (message.channel() == null) {
                    break;
                }
                List<byte[]> frames = encode(message);
                if (message.channel() == Channel.IOPUB) {
                    sendAll(publisher, frames);
                } else {
                    repliesOut.sendMore(new byte[] {(byte) message.channel().ordinal()});
                    sendAll(repliesOut, frames);
                }
            }
            repliesOut.send(LAST);
            repliesOut.close();
            publisher.close();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    private void giveUp(Throwable e) {
        onBroken.run();
        KernelLog.warn("the connection is lost: " + e);
    }

    /** A cell may have taken all memory, but will soon have ended, with an error. Without it, the frontend would wait for ever. */
    private List<byte[]> encode(Outgoing message) throws InterruptedException {
        for (int waits = 0; ; waits++) {
            try {
                return MemoryReserve.use(
                        () -> codec.encode(message.identities(), message.type(), message.parentHeader(), message.content()));
            } catch (OutOfMemoryError e) {
                if (waits == MEMORY_WAITS) {
                    throw e;
                }
                Thread.sleep(MEMORY_WAIT_MILLIS);
            }
        }
    }

    private void receive() {
        ZMQ.Poller poller = context.createPoller(5);
        List<Channel> channels = List.copyOf(routers.keySet());
        channels.forEach(channel -> poller.register(routers.get(channel), ZMQ.Poller.POLLIN));
        int heartbeatIndex = poller.register(heartbeat, ZMQ.Poller.POLLIN);
        int repliesIndex = poller.register(repliesIn, ZMQ.Poller.POLLIN);
        try {
            boolean open = true;
            while (open) {
                try {
                    open = receive(poller, channels, heartbeatIndex, repliesIndex);
                } catch (OutOfMemoryError e) {
                    // A cell has taken all memory. What it leaves is to be heard of
                    MemoryReserve.release();
                }
            }
            poller.close();
            context.close();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    /** Waits for messages, and deals with what has come; false when this kernel is to be heard no more. */
    private boolean receive(ZMQ.Poller poller, List<Channel> channels, int heartbeatIndex, int repliesIndex) {
        poller.poll(-1);
        boolean open = !poller.pollin(repliesIndex) || forwardReply();
        for (int i = 0; i < channels.size(); i++) {
            if (poller.pollin(i)) {
                receive(channels.get(i));
            }
        }
        if (poller.pollin(heartbeatIndex)) {
            sendAll(heartbeat, receiveAll(heartbeat));
        }
        return open;
    }

    private void receive(Channel channel) {
        try {
            Message message = codec.decode(receiveAll(routers.get(channel)));
            if (message.type().equals(ECHO)) {
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

    private boolean forwardReply() {
        List<byte[]> frames = receiveAll(repliesIn);
        if (frames.size() < 2) {
            return false;
        }
        sendAll(routers.get(Channel.values()[frames.get(0)[0]]), frames.subList(1, frames.size()));
        return true;
    }

    private static List<byte[]> receiveAll(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        do {
            frames.add(socket.recv());
        } while (socket.hasReceiveMore());
        return frames;
    }

    private static void sendAll(ZMQ.Socket socket, List<byte[]> frames) {
        int last = frames.size() - 1;
        for (int i = 0; i < last; i++) {
            socket.sendMore(frames.get(i));
        }
        socket.send(frames.get(last));
    }
}
