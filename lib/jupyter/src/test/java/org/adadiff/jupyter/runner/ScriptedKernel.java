package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.Collectors;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A kernel in a process of its own whose cells say, a line each, which messages it sends, so that a test decides their
 * order, and what it does wrong. Nothing of it is shared with the runner but the signature.
 */
final class ScriptedKernel {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);

    private final ZContext context = new ZContext();
    private final Signature signature;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket iopub;
    private final ZMQ.Socket stdin;
    private final ZMQ.Socket control;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private JsonObject parent;
    private int count;

    private ScriptedKernel(JsonObject connection) {
        signature = new Signature(connection.get("key").getAsString());
        shell = bind(SocketType.ROUTER, connection, "shell_port");
        iopub = bind(SocketType.PUB, connection, "iopub_port");
        stdin = bind(SocketType.ROUTER, connection, "stdin_port");
        control = bind(SocketType.ROUTER, connection, "control_port");
        ZMQ.Socket heartbeat = bind(SocketType.REP, connection, "hb_port");
        Thread echo = new Thread(() -> {
            while (true) {
                heartbeat.send(heartbeat.recv());
            }
        });
        echo.setDaemon(true);
        echo.start();
    }

    /** A spec that starts it, with the class path of this JVM. */
    static KernelSpec spec(String... environment) {
        List<String> argv = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto",
                "-cp", System.getProperty("java.class.path"),
                ScriptedKernel.class.getName(), "{connection_file}");
        Map<String, String> env = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            env.put(environment[i], environment[i + 1]);
        }
        return KernelSpec.java(argv, env);
    }

    public static void main(String[] arguments) throws Exception {
        String start = System.getenv().getOrDefault("SCRIPTED_START", "");
        if (start.startsWith("die-once ") && Files.notExists(Path.of(start.substring(9)))) {
            Files.createFile(Path.of(start.substring(9)));
            System.exit(1);
        } else if (start.equals("die")) {
            System.err.println("the port is taken");
            System.exit(7);
        } else if (start.equals("silent")) {
            Thread.sleep(60_000);
        }
        ScriptedKernel kernel = new ScriptedKernel(JsonParser.parseString(Files.readString(Path.of(arguments[0]))).getAsJsonObject());
        if (start.equals("mute")) {
            Thread.sleep(60_000);
        }
        kernel.serve();
    }

    private ZMQ.Socket bind(SocketType type, JsonObject connection, String port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setSndHWM(0);
        socket.bind("tcp://127.0.0.1:" + connection.get(port).getAsInt());
        return socket;
    }

    private void serve() throws Exception {
        ZMQ.Poller poller = context.createPoller(2);
        poller.register(shell, ZMQ.Poller.POLLIN);
        poller.register(control, ZMQ.Poller.POLLIN);
        while (true) {
            poller.poll(-1);
            if (poller.pollin(1)) {
                control(receive(control));
            }
            if (poller.pollin(0)) {
                answer(receive(shell));
            }
            while (!waiting.isEmpty()) {
                answer(waiting.remove());
            }
        }
    }

    private void answer(Request request) throws Exception {
        parent = request.header();
        status("busy");
        if (request.type().equals("kernel_info_request")) {
            JsonObject info = json("status", "ok");
            info.add("language_info", json("name", "script"));
            send(shell, request.identity(), "kernel_info_reply", info);
            status("idle");
        } else if (request.type().equals("execute_request")) {
            execute(request);
        }
    }

    /** Passes the time as kernels do that tell of themselves while a cell runs. */
    private void talk(long millis) throws Exception {
        JsonObject own = parent;
        shell.setReceiveTimeOut(20);
        for (long end = System.currentTimeMillis() + millis; System.currentTimeMillis() < end; ) {
            byte[] identity = shell.recv();
            if (identity != null) {
                Request request = receive(shell, identity);
                if (request.type().equals("kernel_info_request")) {
                    answer(request);
                } else {
                    waiting.add(request);
                }
            }
        }
        shell.setReceiveTimeOut(-1);
        parent = own;
    }

    private void control(Request request) {
        if (request.type().equals("shutdown_request")) {
            System.exit(0);
        }
    }

    private void execute(Request request) throws Exception {
        count += request.content().get("silent").getAsBoolean() ? 0 : 1;
        JsonObject input = json("code", request.content().get("code").getAsString());
        input.addProperty("execution_count", count);
        publish("execute_input", input);
        JsonObject reply = json("status", "ok");
        boolean replies = true;
        boolean goesIdle = true;
        for (String line : request.content().get("code").getAsString().split("\n")) {
            String[] words = line.split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "no-reply" -> replies = false;
                case "no-idle" -> goesIdle = false;
                case "aborted" -> reply = json("status", "aborted");
                case "sleep" -> {
                    long end = System.currentTimeMillis() + Long.parseLong(rest);
                    control.setReceiveTimeOut(20);
                    while (System.currentTimeMillis() < end) {
                        byte[] identity = control.recv();
                        if (identity != null) {
                            Request order = receive(control, identity);
                            control(order);
                            if (order.type().equals("interrupt_request")) {
                                reply = raise("Interrupted", "asked to");
                                break;
                            }
                        }
                    }
                    control.setReceiveTimeOut(-1);
                }
                case "raise" -> reply = raise(rest.split(" ", 2)[0], rest.split(" ", 2)[1]);
                case "ask" -> {
                    send(stdin, request.identity(), "input_request", json("prompt", rest));
                    stream("stdout", "answered: " + receive(stdin).content().get("value").getAsString() + "\n");
                }
                default -> command(words[0], rest);
            }
        }
        reply.addProperty("execution_count", count);
        if (replies) {
            send(shell, request.identity(), "execute_reply", reply);
        }
        if (goesIdle) {
            status("idle");
        }
    }

    private void command(String command, String rest) throws Exception {
        switch (command) {
            case "" -> { }
            case "talk" -> talk(Long.parseLong(rest));
            case "out" -> stream("stdout", rest + "\n");
            case "part" -> stream("stdout", rest);
            case "err" -> stream("stderr", rest + "\n");
            case "many" -> {
                for (int i = 0; i < Integer.parseInt(rest); i++) {
                    stream("stdout", "line " + i + "\n");
                }
            }
            case "show-large" -> { // again and again, and faster than anyone can check the signatures
                String[] numbers = rest.split(" ");
                JsonObject content = bundle("x".repeat(Integer.parseInt(numbers[0])), null);
                content.getAsJsonObject("data").remove("text/html");
                List<byte[]> frames = frames("display_data", content);
                byte[] signed = signature.of(frames);
                for (int i = 0; i < (numbers.length > 1 ? Integer.parseInt(numbers[1]) : 1); i++) {
                    send(iopub, "display_data".getBytes(StandardCharsets.US_ASCII), signed, frames);
                }
            }
            case "show-deep" -> {
                JsonArray nested = new JsonArray();
                for (int i = 1; i < Integer.parseInt(rest); i++) {
                    JsonArray around = new JsonArray();
                    around.add(nested);
                    nested = around;
                }
                JsonObject content = bundle("deep", null);
                content.getAsJsonObject("data").add("application/json", nested);
                publish("display_data", content);
            }
            case "show-json" -> {
                JsonObject content = bundle("json", null);
                content.getAsJsonObject("data").add("application/json", json("text", rest));
                publish("display_data", content);
            }
            case "nothing" -> {
                JsonObject content = bundle("", null);
                content.add("data", JsonNull.INSTANCE);
                publish("execute_result", content);
            }
            case "broken" -> publish(rest, json("text/plain", "not where it belongs"));
            case "large" -> stream("stdout", "x".repeat(Integer.parseInt(rest)));
            case "result" -> {
                JsonObject content = bundle(rest, null);
                content.addProperty("execution_count", count);
                publish("execute_result", content);
            }
            case "show" -> publish("display_data", bundle(rest.split(" ", 2)[1], rest.split(" ", 2)[0]));
            case "update" -> publish("update_display_data", bundle(rest.split(" ", 2)[1], rest.split(" ", 2)[0]));
            case "clear", "clear-wait" -> {
                JsonObject content = new JsonObject();
                content.addProperty("wait", command.equals("clear-wait"));
                publish("clear_output", content);
            }
            case "chars" -> stream("stdout", rest.chars().mapToObj(Integer::toHexString).collect(Collectors.joining(" ")) + "\n");
            case "directory" -> stream("stdout", Path.of("").toAbsolutePath() + "\n");
            case "variable" -> stream("stdout", System.getenv(rest) + "\n");
            case "pid" -> stream("stdout", ProcessHandle.current().pid() + "\n");
            case "child" -> stream("stdout", new ProcessBuilder("sleep", "1000").start().pid() + "\n");
            case "log" -> System.err.println(rest);
            case "hang" -> Thread.sleep(600_000);
            case "halt" -> {
                Thread.sleep(100); // for what was sent to be on its way
                Runtime.getRuntime().halt(Integer.parseInt(rest));
            }
            case "kill" -> {
                Thread.sleep(100);
                new ProcessBuilder("/bin/sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start().waitFor();
            }
            case "forge" -> {
                List<byte[]> frames = frames("stream", streamContent("stdout", "forged\n"));
                iopub.sendMore(DELIMITER);
                iopub.sendMore("00".repeat(32));
                for (int i = 0; i < 4; i++) {
                    iopub.send(frames.get(i), i < 3 ? ZMQ.SNDMORE : 0);
                }
            }
            case "stranger" -> {
                JsonObject own = parent;
                parent = json("msg_id", "someone-else");
                stream("stdout", rest + "\n");
                parent = own;
            }
            default -> throw new IllegalArgumentException(command);
        }
    }

    private JsonObject raise(String name, String message) {
        JsonObject error = json("status", "error");
        error.addProperty("ename", name);
        error.addProperty("evalue", message);
        JsonArray traceback = new JsonArray();
        traceback.add("\u001B[31m" + name + ": " + message + "\u001B[0m");
        traceback.add("    at (cell " + count + ", line 2)");
        error.add("traceback", traceback);
        publish("error", error);
        return error;
    }

    private static JsonObject bundle(String text, String displayId) {
        JsonObject data = json("text/plain", text);
        data.addProperty("text/html", "<b>\n" + text + "</b>");
        JsonObject content = new JsonObject();
        content.add("data", data);
        content.add("metadata", new JsonObject());
        content.add("transient", displayId == null ? new JsonObject() : json("display_id", displayId));
        return content;
    }

    private void stream(String name, String text) {
        publish("stream", streamContent(name, text));
    }

    private static JsonObject streamContent(String name, String text) {
        JsonObject content = json("name", name);
        content.addProperty("text", text);
        return content;
    }

    private void status(String state) {
        publish("status", json("execution_state", state));
    }

    private void publish(String type, JsonObject content) {
        send(iopub, type.getBytes(StandardCharsets.US_ASCII), type, content);
    }

    private List<byte[]> frames(String type, JsonObject content) {
        JsonObject header = json("msg_id", UUID.randomUUID().toString());
        header.addProperty("msg_type", type);
        header.addProperty("session", "scripted");
        header.addProperty("username", "kernel");
        header.addProperty("date", Instant.now().toString());
        header.addProperty("version", "5.3");
        List<byte[]> frames = new ArrayList<>();
        for (JsonObject frame : List.of(header, parent, new JsonObject(), content)) {
            frames.add(frame.toString().getBytes(StandardCharsets.UTF_8));
        }
        return frames;
    }

    private void send(ZMQ.Socket socket, byte[] first, String type, JsonObject content) {
        List<byte[]> frames = frames(type, content);
        send(socket, first, signature.of(frames), frames);
    }

    private static void send(ZMQ.Socket socket, byte[] first, byte[] signed, List<byte[]> frames) {
        socket.sendMore(first);
        socket.sendMore(DELIMITER);
        socket.sendMore(signed);
        for (int i = 0; i < 4; i++) {
            socket.send(frames.get(i), i < 3 ? ZMQ.SNDMORE : 0);
        }
    }

    private Request receive(ZMQ.Socket socket) {
        return receive(socket, socket.recv());
    }

    private Request receive(ZMQ.Socket socket, byte[] identity) {
        List<byte[]> frames = new ArrayList<>();
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        if (!Arrays.equals(frames.get(0), DELIMITER) || !signature.matches(frames.get(1), frames.subList(2, 6))) {
            throw new IllegalStateException("a request that is not signed");
        }
        return new Request(identity, parse(frames.get(2)), parse(frames.get(5)));
    }

    private static JsonObject parse(byte[] frame) {
        return JsonParser.parseString(new String(frame, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    private static JsonObject json(String key, String value) {
        JsonObject object = new JsonObject();
        object.addProperty(key, value);
        return object;
    }

    private record Request(byte[] identity, JsonObject header, JsonObject content) {
        String type() {
            return header.get("msg_type").getAsString();
        }
    }
}
