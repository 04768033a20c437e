package org.adadiff.jupyter.runner;

import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.adadiff.jupyter.runner.Message.Channel;

/** One cell's run: from the request, when this is made, until the kernel has both replied and gone idle, or its time is over. */
final class CellRun {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    /** How long a kernel that was interrupted may take to end the cell. */
    private static final Duration OBEY = Duration.ofSeconds(5);
    /** How long one of reply and idle may stay away, with no output coming, once the other is there. */
    private static final Duration OTHER_HALF = Duration.ofSeconds(30);

    /** After how long without a message the kernel is asked whether it has done with the cell. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Set<String> OUTPUTS = Set.of("stream", "display_data", "execute_result", "error");

    private final KernelSession kernel;
    private final Cell cell;
    private final CellOutputs outputs;
    private final JsonObject execution;
    private final BooleanSupplier cancelled;
    private final String request;
    private Message reply;
    private boolean idle;
    private String question = ""; // the request that asks whether the cell has ended
    private boolean over; // it has, whatever has come of its reply
    private int late;
    private String askedForInput; // the prompt, if the cell waits for a person

    CellRun(KernelSession kernel, Cell cell, CellOutputs outputs, BooleanSupplier cancelled) {
        this.kernel = kernel;
        this.cell = cell;
        this.outputs = outputs;
        this.cancelled = cancelled;
        execution = cell.execution();
        request = kernel.client().send(Channel.SHELL, "execute_request", content(cell.source(), false));
    }

    /**
     * Waits for its end.
     *
     * @return the error it raised, if it did
     * @throws RunException if it did not end, in time or at all; an error output in the cell then says so too
     */
    Optional<CellError> end(Deadline deadline) throws RunException {
        try {
            await(deadline);
        } catch (RunException failed) {
            // The signal that ends this JVM may have ended the kernel first
            boolean forThat = failed.status() != RunStatus.CANCELLED && cancelled.getAsBoolean();
            RunException why = forThat ? cancellation(failed) : failed;
            String name = switch (why.status()) {
                case KERNEL_DIED -> "KernelDied";
                case CANCELLED -> "Cancelled";
                default -> "TimedOut";
            };
            outputs.add(new CellError(name, why.getMessage(), List.of(name + ": " + why.getMessage())));
            throw why;
        } finally {
            outputs.seal();
        }
        if (askedForInput != null) {
            return Optional.of(new CellError(
                    "InputRequested", "the cell asked for input, and no one is there to answer: " + askedForInput, List.of()));
        }
        if (reply.text("status").equals("ok")) {
            return Optional.empty();
        }
        if (reply.text("status").equals("error")) {
            return Optional.of(outputs.error().orElseGet(
                    () -> new CellError(reply.text("ename"), reply.text("evalue"), List.of())));
        }
        return Optional.of(new CellError(
                "Aborted", "the kernel did not run the cell: its reply is '" + reply.text("status") + "'", List.of()));
    }

    static RunException cancellation(Throwable cause) {
        return new RunException(RunStatus.CANCELLED, "the run was cancelled", cause);
    }

    /** How many outputs came that belong to an earlier cell, whose threads ran on, or to no cell; they are left out. */
    int lateOutputs() {
        return late;
    }

    private static JsonObject content(String code, boolean silent) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("silent", silent);
        content.addProperty("store_history", !silent);
        content.add("user_expressions", new JsonObject());
        content.addProperty("allow_stdin", false);
        // Cells are sent one by one. With true, IPython's kernel also aborts a cell that comes soon after one that failed.
        content.addProperty("stop_on_error", false);
        return content;
    }

    private void await(Deadline deadline) throws RunException {
        Deadline otherHalf = null;
        Deadline silence = Deadline.in(SILENCE);
        while (reply == null || !idle) {
            Optional<Message> message = kernel.next();
            if (message.isPresent()) {
                accept(message.get());
                otherHalf = null;
                silence = Deadline.in(SILENCE);
            }
            if (over && reply == null) {
                throw new RunException(RunStatus.TIMED_OUT,
                        "the kernel did not reply to the cell, and answers later requests: its reply was lost, and outputs may be missing");
            }
            if (reply != null ^ idle) {
                otherHalf = otherHalf == null ? Deadline.in(OTHER_HALF) : otherHalf;
                Deadline first = otherHalf.or(deadline);
                if (first.isOver()) { // an interrupt would not help: the cell itself has ended
                    throw new RunException(
                            RunStatus.TIMED_OUT,
                            reply == null
                                    ? "the kernel went idle but did not reply within " + first.limit()
                                    : "the kernel replied but did not go idle within " + first.limit()
                                            + ": outputs may be missing");
                }
            } else if (reply == null && deadline.isOver()) {
                timeOut(deadline);
            } else if (silence.isOver() && question.isEmpty()) {
                question = kernel.client().send(Channel.SHELL, "kernel_info_request", new JsonObject());
            }
            if ((reply == null || !idle) && cancelled.getAsBoolean()) {
                throw cancellation(null);
            }
        }
    }

    /** Interrupts, so that the cell's last words and the kernel's traceback still reach the notebook. */
    private void timeOut(Deadline deadline) throws RunException {
        String heartbeat = kernel.heartbeat();
        kernel.interrupt();
        Deadline obey = Deadline.in(OBEY);
        try {
            while ((reply == null || !idle) && !obey.isOver()) {
                kernel.next().ifPresent(this::accept);
            }
        } catch (RunException ended) { // some kernels know no other answer to an interrupt
            throw new RunException(
                    RunStatus.TIMED_OUT, "not done within " + deadline.limit() + "; interrupted, and " + ended.getMessage(), ended);
        }
        throw new RunException(
                RunStatus.TIMED_OUT,
                "not done within " + deadline.limit()
                        + (reply != null && idle
                                ? "; interrupted"
                                : "; interrupted, which the kernel did not obey (" + heartbeat + ")"));
    }

    /**
     * Kernels take one request after the other, so that an answer tells that the cell has ended; its own reply would have come first.
     * Some give information about themselves at any time, though. Those are asked again, with an empty cell, which must wait; not
     * everyone is, as IJava counts it.
     */
    private void answer(Message message) {
        if (message.type().equals("kernel_info_reply")) {
            question = kernel.client().send(Channel.SHELL, "execute_request", content("", true));
        }
        over |= message.type().equals("execute_reply");
    }

    private void accept(Message message) {
        if (message.parentId().equals(question)) {
            answer(message);
        }
        if (!message.parentId().equals(request)) {
            late += OUTPUTS.contains(message.type()) ? 1 : 0;
            return;
        }
        if (message.channel() == Channel.IOPUB) {
            if (message.type().equals("status")) {
                idle |= message.isStatus("idle");
                stamp("iopub.status." + message.text("execution_state"), message);
            } else if (message.type().equals("execute_input")) {
                stamp("iopub.execute_input", message);
            }
            outputs.accept(message);
        } else if (message.type().equals("execute_reply")) {
            reply = message;
            stamp("shell.execute_reply", message);
            if (message.content().has("execution_count")) {
                cell.setExecutionCount(message.content().get("execution_count"));
            }
        } else if (message.type().equals("input_request") && askedForInput == null) {
            askedForInput = message.text("prompt");
            JsonObject answer = new JsonObject();
            answer.addProperty("value", "");
            kernel.client().send(Channel.STDIN, "input_reply", answer);
            kernel.interrupt();
        }
    }

    private void stamp(String event, Message message) {
        Instant time;
        try {
            time = Instant.parse(message.date().replaceFirst("\\+00:?00$", "Z"));
        } catch (DateTimeException withoutSeconds) { // as jupyter-jvm-basekernel writes it
            time = Instant.now();
        }
        execution.addProperty(event, TIMESTAMP.format(time));
    }
}
