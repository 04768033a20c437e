package org.adadiff.bench;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A kernel of whatever maker, in a process of its own, and a frontend. */
final class KernelTalk implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int AGAIN_MILLIS = 50;
    private static final String INFO = "kernel_info_request";
    private static final String EXECUTE = "execute_request";
    private static final String ALGORITHM = "HmacSHA256";
    private static final String DELIMITER = "<IDS|MSG>";
    private static final List<String> PORTS = List.of("shell_port", "iopub_port", "control_port", "stdin_port", "hb_port");

    /** A message that came back: its type, the id of the request it answers, its content. */
    private record Received(String type, String request, JsonObject content) {}

    private final ZContext context = new ZContext(1);
    private final Mac mac;
    private final Path connectionFile;
    private final Process process;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket iopub;
    private int sent;

    /**
     * Starts a kernel.
     *
     * @param command its command, as kernel.json has it
     * @param environment variables that it gets
     */
    KernelTalk(List<String> command, Map<String, String> environment) throws IOException {
        String key = UUID.randomUUID().toString();
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
        Map<String, Integer> ports = freePorts();
        JsonObject connection = new JsonObject();
        connection.addProperty("transport", "tcp");
        connection.addProperty("ip", "127.0.0.1");
        connection.addProperty("signature_scheme", "hmac-sha256");
        connection.addProperty("key", key);
        ports.forEach(connection::addProperty);
        connectionFile = Files.createTempFile("kernel-", ".json");
        Files.writeString(connectionFile, connection.toString());
        shell = socket(SocketType.DEALER, ports.get("shell_port"));
        iopub = socket(SocketType.SUB, ports.get("iopub_port"));
        iopub.subscribe(new byte[0]);
        ProcessBuilder builder = new ProcessBuilder(command.stream()
                .map(word -> word.replace("{connection_file}", connectionFile.toString())).toList());
        builder.environment().putAll(environment);
        process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** The command that a kernel.json has. */
    static List<String> command(Path kernelSpec) throws IOException {
        List<String> command = new ArrayList<>();
        object(Files.readString(kernelSpec)).getAsJsonArray("argv").forEach(word -> command.add(word.getAsString()));
        return command;
    }

    /** The variables that a kernel.json sets. */
    static Map<String, String> environment(Path kernelSpec) throws IOException {
        Map<String, String> environment = new HashMap<>();
        object(Files.readString(kernelSpec)).getAsJsonObject("env").entrySet()
                .forEach(variable -> environment.put(variable.getKey(), variable.getValue().getAsString()));
        return environment;
    }

    private static Map<String, Integer> freePorts() throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        for (int i = 0; i < PORTS.size(); i++) {
            reserved.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        return Stream.iterate(0, i -> i + 1).limit(PORTS.size())
                .collect(Collectors.toMap(PORTS::get, i -> reserved.get(i).getLocalPort()));
    }

    private ZMQ.Socket socket(SocketType type, int port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHWM(0);
        socket.setLinger(0);
        socket.setReconnectIVL(10); // ms: the kernel listens some time after this connects
        socket.setReceiveTimeOut(TIMEOUT_MILLIS);
        socket.connect("tcp://127.0.0.1:" + port);
        return socket;
    }

    /** Waits until the kernel says who it is and its output arrives: a request that came too soon for it is lost, and so is an output. */
    void awaitReady() throws IOException {
        long start = System.nanoTime();
        shell.setReceiveTimeOut(AGAIN_MILLIS);
        iopub.setReceiveTimeOut(AGAIN_MILLIS);
        do {
            if (System.nanoTime() - start > TIMEOUT_MILLIS * 1_000_000L) {
                throw silent(INFO);
            }
            send(INFO, new JsonObject());
        } while (!skip(shell) || !skip(iopub));
        shell.setReceiveTimeOut(TIMEOUT_MILLIS);
        iopub.setReceiveTimeOut(TIMEOUT_MILLIS);
    }

    /** Takes a message without a look at it; false if none comes. */
    private static boolean skip(ZMQ.Socket socket) {
        boolean found = socket.recv() != null;
        while (found && socket.hasReceiveMore()) {
            socket.recv();
        }
        return found;
    }

    /** Runs a cell and waits for its reply and its end; returns what it printed on standard output and its value. */
    String execute(String code) throws IOException {
        return ask(EXECUTE, cell(code));
    }

    /** Sends cells all at once, so that the kernel waits for nobody, and waits for the end of the last. */
    void executeAll(List<String> cells) throws IOException {
        cells.subList(0, cells.size() - 1).forEach(code -> send(EXECUTE, cell(code)));
        execute(cells.get(cells.size() - 1));
    }

    private static JsonObject cell(String code) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("silent", false);
        content.addProperty("store_history", true);
        content.addProperty("allow_stdin", false);
        content.addProperty("stop_on_error", true);
        content.add("user_expressions", new JsonObject());
        return content;
    }

    /** Asks what may stand at the end of the code; returns the matches as JSON. */
    String complete(String code) throws IOException {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("cursor_pos", code.length());
        return ask("complete_request", content);
    }

    private String ask(String type, JsonObject content) throws IOException {
        String request = send(type, content);
        JsonObject reply = reply(request, type);
        // Not every kernel's kernel_info_reply has the status that the protocol asks for
        if (reply.has("status") && !reply.get("status").getAsString().equals("ok")) {
            throw new IOException(type + " " + content + ": expected status ok, found " + reply);
        }
        StringBuilder text = new StringBuilder(reply.has("matches") ? reply.get("matches").toString() : "");
        while (true) {
            Received message = receive(iopub, type);
            if (!message.request().equals(request)) {
                continue;
            }
            switch (message.type()) {
                case "stream" -> text.append(message.content().get("text").getAsString());
                case "execute_result" -> {
                    JsonObject data = message.content().getAsJsonObject("data");
                    // Not every kernel sends the text/plain that the protocol asks for
                    text.append(data.get(data.has("text/plain") ? "text/plain" : "text/html").getAsString());
                }
                case "status" -> {
                    if (message.content().get("execution_state").getAsString().equals("idle")) {
                        return text.toString();
                    }
                }
                default -> { }
            }
        }
    }

    private JsonObject reply(String request, String type) throws IOException {
        Received message = receive(shell, type);
        while (!message.request().equals(request)) {
            message = receive(shell, type);
        }
        return message.content();
    }

    private String send(String type, JsonObject content) {
        String id = "request-" + ++sent;
        String header = new Gson().toJson(Map.of("msg_id", id, "session", "bench", "username", "bench", "msg_type", type,
                "version", "5.3", "date", Instant.now().toString()));
        List<String> frames = List.of(header, "{}", "{}", content.toString());
        frames.forEach(frame -> mac.update(frame.getBytes(StandardCharsets.UTF_8)));
        shell.sendMore(DELIMITER);
        shell.sendMore(HexFormat.of().formatHex(mac.doFinal()));
        for (int i = 0; i < frames.size(); i++) {
            shell.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
        return id;
    }

    private Received receive(ZMQ.Socket socket, String awaited) throws IOException {
        List<String> frames = new ArrayList<>();
        do {
            String frame = socket.recvStr();
            if (frame == null) {
                throw silent(awaited);
            }
            frames.add(frame);
        } while (socket.hasReceiveMore());
        int header = frames.indexOf(DELIMITER) + 2;
        JsonObject parent = object(frames.get(header + 1));
        return new Received(object(frames.get(header)).get("msg_type").getAsString(),
                parent.has("msg_id") ? parent.get("msg_id").getAsString() : "",
                object(frames.get(header + 3)));
    }

    private IOException silent(String awaited) {
        return new IOException("kernel: expected an answer to " + awaited + " within " + TIMEOUT_MILLIS / 1000 + " s, found none; the "
                + (process.isAlive() ? "process lives" : "process has ended with exit code " + process.exitValue()));
    }

    @Override
    public void close() throws IOException {
        context.close();
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS); // the next one is measured alone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        Files.deleteIfExists(connectionFile);
    }

    private static JsonObject object(String json) {
        return new Gson().fromJson(json, JsonObject.class);
    }
}
