package org.adadiff.jupyter.runner;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.adadiff.jupyter.runner.Message.Channel;

/** A kernel's process and its sockets together, from start to shutdown. */
final class KernelSession {
    private static final int LAUNCHES = 3; // a port can be lost to another process between choosing and binding
    private static final Duration TICK = Duration.ofMillis(100);
    private static final long KNOCK = 5_000_000; // ns; at first
    private static final Duration SUBSCRIPTION = Duration.ofMillis(10); // about what it takes once the kernel has replied

    private final KernelSpec spec;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<Path> leftovers;
    private final LongTexts texts;
    private KernelProcess process;
    private KernelClient client;
    private RunException notLaunched; // what awaitReady is to throw
    private JsonObject languageInfo = new JsonObject();

    /**
     * Starts a kernel's process, which takes some time until it answers: see {@link #awaitReady}.
     *
     * @param leftovers files to be deleted if this JVM is killed
     * @param texts takes the long strings of outputs
     */
    KernelSession(KernelSpec spec, Path folder, Map<String, String> environment, List<Path> leftovers, LongTexts texts) {
        this.spec = spec;
        this.folder = folder;
        this.environment = environment;
        this.leftovers = leftovers;
        this.texts = texts;
        launch();
    }

    private void launch() {
        try {
            process = KernelProcess.start(spec, folder, environment, leftovers);
            client = new KernelClient(process.connection(), texts);
        } catch (RunException failed) {
            notLaunched = failed;
        } catch (IOException failed) {
            notLaunched = new RunException(RunStatus.NO_KERNEL, "the kernel '" + spec.name() + "' did not start: " + failed, failed);
        } catch (RuntimeException | Error failed) {
            abandon(); // no one else could: this object may not have been made yet
            throw failed;
        }
    }

    /**
     * Waits until the kernel answers on both its shell and its output channel.
     *
     * @param limit of the start
     * @param notebook the limit of the whole run
     * @param cancelled whether the run is to end
     * @throws RunException if it does not; its process has then been ended
     */
    void awaitReady(Deadline limit, Deadline notebook, BooleanSupplier cancelled) throws RunException {
        try {
            for (int launch = 1; ; launch++) {
                if (notLaunched != null) {
                    throw notLaunched;
                }
                if (answers(limit, notebook, cancelled)) {
                    return;
                }
                if (cancelled.getAsBoolean()) {
                    throw new RunException(RunStatus.CANCELLED, "the run was cancelled while the kernel '" + spec.name() + "' was starting");
                }
                if (launch == LAUNCHES) {
                    throw new RunException(RunStatus.NO_KERNEL,
                            "the kernel '" + spec.name() + "' ended while starting, " + LAUNCHES + " times: " + process.death());
                }
                abandon();
                launch();
            }
        } catch (RunException failed) {
            abandon();
            throw failed;
        }
    }

    /** False if the process ended, or the run is to. */
    private boolean answers(Deadline limit, Deadline notebook, BooleanSupplier cancelled) throws RunException {
        long start = System.nanoTime();
        while (!client.connect()) {
            if (process.awaitEnd(Duration.ofNanos(Math.max(KNOCK, (System.nanoTime() - start) / 50))) || cancelled.getAsBoolean()) {
                return false;
            }
            expectTime(limit, notebook, "did not listen on its ports");
        }
        String request = client.send(Channel.SHELL, "kernel_info_request", new JsonObject());
        boolean replied = false;
        boolean heard = false;
        while (!replied || !heard) {
            if (cancelled.getAsBoolean()) {
                return false;
            }
            Optional<Message> message = client.receive(replied ? SUBSCRIPTION : TICK);
            if (message.isPresent()) {
                Message got = message.get();
                heard |= got.channel() == Channel.IOPUB;
                if (got.type().equals("kernel_info_reply")) {
                    replied = true;
                    languageInfo = got.object("language_info");
                }
            } else if (!process.isAlive()) {
                return false;
            } else if (replied) {
                // The kernel spoke before it knew of our subscription, which no message tells us: make it speak again.
                client.send(Channel.SHELL, "kernel_info_request", new JsonObject());
            }
            expectTime(limit, notebook, replied
                    ? "answered, but nothing came by its output channel"
                    : "did not answer " + (client.refused() > 0
                            ? "with messages that are whole and signed rightly (" + client.refused() + " refused)"
                            : "the request " + request));
        }
        return true;
    }

    private void expectTime(Deadline limit, Deadline notebook, String silent) throws RunException {
        if (notebook.isOver()) {
            throw new RunException(
                    RunStatus.TIMED_OUT,
                    "not done within " + notebook.limit() + "; the kernel '" + spec.name() + "' was still starting" + process.lastWords());
        }
        if (limit.isOver()) {
            throw new RunException(
                    RunStatus.NO_KERNEL,
                    "the kernel '" + spec.name() + "' " + silent + " within " + limit.limit() + process.lastWords());
        }
    }

    JsonObject languageInfo() {
        return languageInfo;
    }

    KernelClient client() {
        return client;
    }

    /**
     * The next message, or nothing for a short while.
     *
     * @throws RunException if the process has ended and everything it sent has been received, or if nothing can be received
     */
    Optional<Message> next() throws RunException {
        Optional<Message> message = client.receive(TICK);
        if (message.isEmpty() && client.broken().isPresent()) {
            throw new RunException(
                    RunStatus.KERNEL_DIED, "the connection to the kernel broke in the runner: " + client.broken().get());
        }
        if (message.isEmpty() && !process.isAlive()) {
            message = client.receive(TICK); // sent just before the end
            if (message.isEmpty()) {
                throw new RunException(RunStatus.KERNEL_DIED, "the kernel died: " + process.death());
            }
        }
        return message;
    }

    void interrupt() {
        if (process.interruptByMessage()) {
            client.send(Channel.CONTROL, "interrupt_request", new JsonObject());
        } else {
            process.interrupt();
        }
    }

    /** Tells a kernel that is busy from one that hangs as a whole. */
    String heartbeat() {
        return client.beats(Duration.ofSeconds(1)) ? "its heartbeat answers" : "its heartbeat does not answer";
    }

    /** Asks the kernel to end, gives it some seconds, fewer if it has been in trouble, then makes it. */
    void close(boolean inGoodHealth) {
        if (client != null && client.isConnected() && process.isAlive()) {
            process.findChildren();
            JsonObject content = new JsonObject();
            content.addProperty("restart", false);
            client.send(Channel.CONTROL, "shutdown_request", content);
            process.awaitEnd(Duration.ofSeconds(inGoodHealth ? 5 : 2));
        }
        abandon();
    }

    /** Ends the kernel without asking. */
    private void abandon() {
        if (process != null) {
            process.close();
            process = null;
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
