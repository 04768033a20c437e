package org.adadiff.jupyter.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The answers to requests about code. Positions on the wire count code points, in Java's strings UTF-16 units. */
final class CodeRequests {
    private final JavaKernel kernel;
    private final CellOutput output;
    private final CellInput input;
    private final CellHistory history = new CellHistory();
    private int executionCount = 1;

    CodeRequests(JavaKernel kernel, CellOutput output, CellInput input) {
        this.kernel = kernel;
        this.output = output;
        this.input = input;
    }

    static JsonObject ok() {
        JsonObject reply = new JsonObject();
        reply.addProperty("status", "ok");
        return reply;
    }

    /** Returns the reply, or null for a message that has none. Whatever goes wrong is in the reply. */
    JsonObject answer(Message message) {
        try {
            return switch (message.type()) {
                case "execute_request" -> execute(message);
                case "complete_request" -> complete(message);
                case "inspect_request" -> inspect(message);
                case "is_complete_request" -> isComplete(message);
                case "history_request" -> history.answer(message);
                case "comm_info_request" -> {
                    JsonObject reply = ok();
                    reply.add("comms", new JsonObject());
                    yield reply;
                }
                case "comm_open" -> {
                    // Nothing here listens to comms, and a frontend that opens one is to know
                    JsonObject close = new JsonObject();
                    close.addProperty("comm_id", message.string("comm_id"));
                    close.add("data", new JsonObject());
                    output.publish("comm_close", message.header(), close);
                    yield null;
                }
                default -> null;
            };
        } catch (Throwable e) {
            return failure(e);
        }
    }

    private JsonObject failure(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            MemoryReserve.release();
        }
        return error(ErrorReport.of(e, kernel.evaluator()));
    }

    static JsonObject kernelInfo() {
        JsonObject reply = ok();
        reply.addProperty("protocol_version", MessageCodec.PROTOCOL_VERSION);
        reply.addProperty("implementation", "adadiff");
        reply.addProperty("implementation_version", version());
        reply.add("language_info", new Gson().toJsonTree(JavaKernel.LANGUAGE));
        reply.addProperty("banner", JavaKernel.BANNER);
        reply.add("help_links", new JsonArray());
        return reply;
    }

    private static String version() {
        Properties build = new Properties();
        try (InputStream in = CodeRequests.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read build.properties beside " + CodeRequests.class, e);
        }
        return build.getProperty("version");
    }

    private JsonObject execute(Message message) {
        String code = message.string("code");
        boolean silent = message.flag("silent", false);
        boolean store = !silent && message.flag("store_history", true);
        int count = store ? executionCount++ : executionCount;
        MemoryReserve.hold();
        input.begin(message);
        if (!silent) {
            JsonObject executeInput = new JsonObject();
            executeInput.addProperty("code", code);
            executeInput.addProperty("execution_count", count);
            output.publish("execute_input", executeInput);
        }
        JsonObject reply;
        String resultText = null;
        try {
            kernel.evaluator().beginCell();
            DisplayData page = kernel.assistant().answer(code);
            Object result = page == null ? kernel.evaluate(code, "cell " + count) : null;
            if (result != null && !silent) {
                JsonObject executeResult = MimeBundle.of(kernel.evaluator().render(result));
                // Only displays can be replaced later
                executeResult.remove("transient");
                executeResult.addProperty("execution_count", count);
                output.publish("execute_result", executeResult);
                JsonElement text = executeResult.getAsJsonObject("data").get("text/plain");
                resultText = text == null ? null : text.getAsString();
            }
            reply = ok();
            reply.add("payload", page == null ? new JsonArray() : pager(page));
            reply.add("user_expressions", userExpressions(message.object("user_expressions")));
        } catch (Throwable e) {
            reply = failure(e);
            JsonObject published = reply.deepCopy();
            published.remove("status");
            output.publish("error", published);
        }
        if (store) {
            history.add(count, code, resultText);
        }
        reply.addProperty("execution_count", count);
        return reply;
    }

    /** Has the frontend show something beside the notebook. */
    private static JsonArray pager(DisplayData page) {
        JsonObject payload = new JsonObject();
        payload.addProperty("source", "page");
        payload.add("data", MimeBundle.of(page).get("data"));
        payload.addProperty("start", 0);
        JsonArray payloads = new JsonArray();
        payloads.add(payload);
        return payloads;
    }

    private JsonObject userExpressions(JsonObject expressions) {
        JsonObject values = new JsonObject();
        for (Map.Entry<String, JsonElement> expression : expressions.entrySet()) {
            JsonObject value;
            try {
                value = MimeBundle.of(kernel.evaluator().render(kernel.evaluate(expression.getValue().getAsString(), "user expression")));
                value.addProperty("status", "ok");
            } catch (Throwable e) {
                value = failure(e);
            }
            values.add(expression.getKey(), value);
        }
        return values;
    }

    private JsonObject complete(Message message) {
        String code = message.string("code");
        ReplacementOptions options = kernel.complete(code, cursor(message, code));
        JsonObject reply = ok();
        reply.add("matches", strings(options.getReplacements()));
        reply.addProperty("cursor_start", code.codePointCount(0, options.getSourceStart()));
        reply.addProperty("cursor_end", code.codePointCount(0, options.getSourceEnd()));
        reply.add("metadata", new JsonObject());
        return reply;
    }

    private JsonObject inspect(Message message) {
        String code = message.string("code");
        DisplayData found = kernel.inspect(code, cursor(message, code), message.number("detail_level", 0) > 0);
        JsonObject reply = MimeBundle.of(found == null ? new DisplayData() : found);
        reply.remove("transient");
        reply.addProperty("status", "ok");
        reply.addProperty("found", found != null);
        return reply;
    }

    private JsonObject isComplete(Message message) {
        String answer = kernel.isComplete(message.string("code"));
        boolean incomplete = answer.isBlank();
        JsonObject reply = new JsonObject();
        reply.addProperty("status", incomplete ? "incomplete" : answer);
        if (incomplete) {
            reply.addProperty("indent", answer);
        }
        return reply;
    }

    private static int cursor(Message message, String code) {
        int codePoints = code.codePointCount(0, code.length());
        return code.offsetByCodePoints(0, Math.max(0, Math.min(message.number("cursor_pos", codePoints), codePoints)));
    }

    private static JsonObject error(ErrorReport report) {
        JsonObject error = new JsonObject();
        error.addProperty("status", "error");
        error.addProperty("ename", report.name());
        error.addProperty("evalue", report.message());
        error.add("traceback", strings(report.traceback()));
        return error;
    }

    private static JsonArray strings(List<String> strings) {
        JsonArray array = new JsonArray();
        strings.forEach(array::add);
        return array;
    }
}
