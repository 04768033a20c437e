package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** A frontend whose messages this kernel echoes: until the JIT has seen what a message goes through, each costs milliseconds. */
final class MessageWarmUp {
    static final String REQUEST = "echo_request";
    private static final int MESSAGES = 2000;
    private static final int BUSY_MILLIS = 50;
    private static final int ANSWER_MILLIS = 500;

    private final MessageCodec codec;
    private final String address;
    private final BooleanSupplier busy;
    private final Thread thread = new KernelThread(this::run, "warm-up");
    private volatile boolean ending;

    /**
     * @param codec the kernel's
     * @param address of its shell channel
     * @param busy whether a request is being answered, which this is not to delay
     */
    MessageWarmUp(MessageCodec codec, String address, BooleanSupplier busy) {
        this.codec = codec;
        this.address = address;
        this.busy = busy;
    }

    void start() {
        thread.start();
    }

    /** At its end the JVM waits 300 ms for a thread that still waits for the network. */
    void end() throws InterruptedException {
        ending = true;
        thread.join(2L * BUSY_MILLIS);
    }

    private void run() {
        try (ZContext context = MessageSockets.context()) {
            ZMQ.Socket frontend = context.createSocket(SocketType.DEALER);
            frontend.setLinger(0);
            frontend.setReceiveTimeOut(ANSWER_MILLIS);
            frontend.connect(address);
            JsonObject content = new JsonObject();
            content.addProperty("code", "x + 1");
            content.addProperty("silent", false);
            for (int i = 0; i < MESSAGES && !ending; i++) {
                while (busy.getAsBoolean() && !ending) {
                    Thread.sleep(BUSY_MILLIS);
                }
                MessageSockets.sendAll(frontend, codec.encode(List.of(), REQUEST, content, content));
                MessageSockets.receiveAll(frontend);
            }
        } catch (ZMQException | InterruptedException e) {
            KernelLog.warn("warming up: " + e);
        }
    }
}
