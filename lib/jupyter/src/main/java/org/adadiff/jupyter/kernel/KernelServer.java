package org.adadiff.jupyter.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Answers the frontend. Requests that touch code are answered one by one on the thread that runs cells; interrupt, shutdown and the
 * question who this is are answered at once, by the thread that receives them.
 */
final class KernelServer {
    // Deeply nested code makes the compiler recurse deeply
    private static final long STACK_BYTES = 16L << 20;
    private static final int WARM_UP_ROUNDS = 120;
    private static final long IDLE_MILLIS = 200;

    private final ProcessEnd end;
    private final MessageSockets sockets;
    private final CellOutput output;
    private final PrintStream out;
    private final PrintStream err;
    private final CellInput input;
    private final Map<String, String> environment;
    private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private volatile Message running;
    // Null as soon as cells can run. Guarded by this
    private List<Runnable> waitingForReady = new ArrayList<>();
    private volatile JavaKernel kernel;
    // Of the thread of the cells
    private CodeRequests requests;
    private String startUpProblem = "";
    private int warmUpRounds;

    KernelServer(ConnectionFile connection, Map<String, String> environment) throws IOException {
        sockets = new MessageSockets(connection, this::receive, () -> exit(1));
        output = new CellOutput(sockets, environment);
        out = output.stream("stdout");
        err = output.stream("stderr");
        end = new ProcessEnd(this::closeSockets, output::notice);
        input = new CellInput(sockets, output);
        this.environment = environment;
    }

    /** Starts answering, and returns; the thread of the cells keeps the process alive. */
    void run() throws IOException {
        System.setOut(out);
        System.setErr(err);
        System.setIn(input);
        // The compiler starts while the sockets do: each takes its time
        new Thread(null, this::answerQueued, "cells", STACK_BYTES).start();
        sockets.start();
        listening.countDown();
    }

    /** Ends the process: what was sent still goes out, shutdown hooks run, and nothing of that may take long. */
    void exit(int status) {
        end.begin(status);
    }

    private void closeSockets() throws InterruptedException {
        try {
            output.flush();
        } finally {
            sockets.close();
        }
    }

    private void receive(Channel channel, Message message) {
        if (channel == Channel.STDIN) {
            input.answer(message);
            return;
        }
        switch (message.type()) {
            case "kernel_info_request" -> whenReady(() -> answerAtOnce(channel, message, CodeRequests.kernelInfo()));
            case "interrupt_request" -> {
                if (kernel != null) {
                    kernel.interrupt();
                }
                answerAtOnce(channel, message, CodeRequests.ok());
            }
            case "shutdown_request" -> {
                JsonObject reply = CodeRequests.ok();
                reply.addProperty("restart", message.flag("restart", false));
                answerAtOnce(channel, message, reply);
                exit(0);
            }
            default -> queue.add(message);
        }
    }

    /** Frontends ask who this is until they get an answer, and then take it that cells can run. */
    private synchronized void whenReady(Runnable answer) {
        if (waitingForReady == null) {
            answer.run();
        } else {
            waitingForReady.add(answer);
        }
    }

    private synchronized void ready() {
        waitingForReady.forEach(Runnable::run);
        waitingForReady = null;
    }

    private void answerAtOnce(Channel channel, Message message, JsonObject reply) {
        status(message, "busy");
        reply(channel, message, reply);
        status(message, "idle");
        Message still = running;
        if (still != null) {
            // Frontends show the latest status, whatever it belongs to
            status(still, "busy");
        }
    }

    private void answerQueued() {
        try {
            kernel = new JavaKernel(output, input, environment);
            requests = new CodeRequests(kernel, output, input);
            Thread.currentThread().setContextClassLoader(kernel.evaluator().loader());
            kernel.importDefaults();
            listening.await();
        } catch (Throwable e) {
            KernelLog.warn("cannot start: " + e);
            exit(1);
            return;
        }
        MemoryReserve.watch(this::runOutOfMemory);
        ready();
        startUpProblem = kernel.startUp();
        MemoryReserve.hold();
        sockets.startWarmUp(() -> running != null);
        long patienceMillis = IDLE_MILLIS; // a runner sends the first cell at once
        while (true) {
            Message request = null;
            try {
                request = next(patienceMillis);
                answer(request);
                patienceMillis = IDLE_MILLIS;
            } catch (InterruptedException e) {
                // Some thread of a cell has kept this one's name and interrupts it late: that is no reason to stop
                continue;
            } catch (Throwable e) {
                MemoryReserve.release();
                if (request != null) {
                    answerInShort(request, e);
                }
            }
        }
    }

    /** Memory is about to run out. Unless the compiler is at work, it is the code of a cell that needs it. */
    private void runOutOfMemory() {
        if (running == null || kernel.evaluator().isRunning()) {
            StopPoint.runOutOfMemory();
        }
    }

    /** Waits for a request, and has the compiler warm up when none comes for so long: after one, the next often follows at once. */
    private Message next(long patienceMillis) throws InterruptedException {
        Message request = null;
        for (long patience = patienceMillis; request == null && warmUpRounds < WARM_UP_ROUNDS; patience = 0) {
            request = queue.poll(patience, TimeUnit.MILLISECONDS);
            if (request == null) {
                kernel.evaluator().snippets().warmUp(warmUpRounds++);
            }
        }
        return request == null ? queue.take() : request;
    }

    private void answer(Message message) {
        running = message;
        status(message, "busy");
        if (message.type().equals("execute_request")) {
            output.flush();
            Cell.begin(message.header());
            restoreStreams();
            System.err.print(startUpProblem);
            startUpProblem = "";
        }
        JsonObject reply = requests.answer(message);
        output.flush();
        // Taken before the reply is sent: what the frontend sends when it knows of the failure does run
        List<Message> aborted = failed(message, reply) ? takeQueuedCells() : List.of();
        if (reply != null) {
            reply(Channel.SHELL, message, reply);
        }
        running = null;
        status(message, "idle");
        aborted.forEach(this::abort);
    }

    /** A cell may set them to another stream; without any, the next one could not even be told what is wrong. */
    private void restoreStreams() {
        if (System.out == null) {
            System.setOut(out);
        }
        if (System.err == null) {
            System.setErr(err);
        }
        if (System.in == null) {
            System.setIn(input);
        }
    }

    /**
     * For when there was no memory left to answer properly: a frontend that gets no reply, or does not hear that the kernel is idle,
     * waits for ever. It passes over what it gets twice.
     */
    private void answerInShort(Message message, Throwable e) {
        try {
            KernelLog.warn("a request could not be answered: " + e);
            JsonObject reply = new JsonObject();
            reply.addProperty("status", "error");
            reply.addProperty("ename", e.getClass().getName());
            reply.addProperty("evalue", "");
            reply.add("traceback", new JsonArray());
            reply(Channel.SHELL, message, reply);
            running = null;
            status(message, "idle");
        } catch (OutOfMemoryError again) {
            exit(1);
        }
    }

    private static boolean failed(Message message, JsonObject reply) {
        return message.type().equals("execute_request")
                && reply.get("status").getAsString().equals("error")
                && message.flag("stop_on_error", true);
    }

    /** After a cell that failed, those that were sent along with it do not run. */
    private List<Message> takeQueuedCells() {
        List<Message> cells = queue.stream().filter(message -> message.type().equals("execute_request")).toList();
        queue.removeAll(cells);
        return cells;
    }

    private void abort(Message cell) {
        JsonObject aborted = new JsonObject();
        aborted.addProperty("status", "aborted");
        answerAtOnce(Channel.SHELL, cell, aborted);
    }

    private void reply(Channel channel, Message message, JsonObject reply) {
        String type = message.type().replaceFirst("_request$", "_reply");
        sockets.send(channel, message.identities(), type, message.header(), reply);
    }

    private void status(Message message, String state) {
        JsonObject content = new JsonObject();
        content.addProperty("execution_state", state);
        sockets.send(Channel.IOPUB, List.of(), "status", message.header(), content);
    }
}
