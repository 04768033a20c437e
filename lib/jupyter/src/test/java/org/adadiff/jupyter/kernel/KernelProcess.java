package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A real kernel process, spoken to over ZeroMQ. One thread at a time. */
final class KernelProcess implements AutoCloseable {
    private static final int START_SECONDS = 30;

    /** Everything that came back for one execute request. */
    record Executed(JsonObject reply, List<JsonObject> published) {
        String status() {
            return reply.get("status").getAsString();
        }

        /** Contents of the messages of a type, in order. */
        List<JsonObject> contents(String type) {
            return published.stream()
                    .filter(message -> message.get("type").getAsString().equals(type))
                    .map(message -> message.getAsJsonObject("content"))
                    .toList();
        }

        String stream(String name) {
            StringBuilder text = new StringBuilder();
            for (JsonObject content : contents("stream")) {
                if (content.get("name").getAsString().equals(name)) {
                    text.append(content.get("text").getAsString());
                }
            }
            return text.toString();
        }

        String text() {
            List<JsonObject> results = contents("execute_result");
            return results.isEmpty() ? null : results.get(0).getAsJsonObject("data").get("text/plain").getAsString();
        }

        String ename() {
            return reply.has("ename") ? reply.get("ename").getAsString() : "no error; " + reply;
        }

        String traceback() {
            StringBuilder text = new StringBuilder();
            reply.getAsJsonArray("traceback").forEach(line -> text.append(line.getAsString()).append('\n'));
            return text.toString().replaceAll("\u001b\\[\\d+m", "");
        }
    }

    private final ZContext context = new ZContext(1);
    private final MessageCodec codec;
    private final Process process;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket stdin;
    private final ZMQ.Socket iopub;
    private final List<JsonObject> passedOver = new ArrayList<>();

    private KernelProcess(Process process, ConnectionFile connection) {
        this.process = process;
        codec = new MessageCodec(connection.signatureScheme(), connection.key());
        shell = connect(SocketType.DEALER, connection.address(connection.shellPort()));
        control = connect(SocketType.DEALER, connection.address(connection.controlPort()));
        stdin = connect(SocketType.DEALER, connection.address(connection.stdinPort()));
        iopub = connect(SocketType.SUB, connection.address(connection.iopubPort()));
        iopub.subscribe(new byte[0]);
    }

    /** Starts a kernel in a folder; returns when it answers and its output arrives. */
    static KernelProcess start(Path folder, Map<String, String> environment, String... jvmOptions) throws IOException {
        return start(ownJdk(), folder, environment, jvmOptions);
    }

    /** Starts a kernel on another JDK. */
    static KernelProcess start(Path jdk, Path folder, Map<String, String> environment, String... jvmOptions) throws IOException {
        Path connectionFile = writeConnectionFile(folder);
        List<String> command = command(connectionFile, jvmOptions);
        command.set(0, jdk.resolve("bin/java").toString());
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().putAll(environment);
        KernelProcess kernel = new KernelProcess(builder.start(), ConnectionFile.read(connectionFile));
        kernel.awaitReady();
        return kernel;
    }

    static List<String> command(Path connectionFile, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(ownJdk().resolve("bin/java").toString()));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelMain.class.getName(), connectionFile.toString()));
        return command;
    }

    private static Path ownJdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The JDK of these tests, and that of version 25 where one is installed in the usual place. */
    static List<Path> jdks() throws IOException {
        List<Path> jdks = new ArrayList<>(List.of(ownJdk()));
        Path installed = Path.of("/usr/lib/jvm");
        if (Runtime.version().feature() < 25 && Files.isDirectory(installed)) {
            try (Stream<Path> folders = Files.list(installed)) {
                folders.filter(folder -> isVersion25(folder.resolve("release"))).findFirst().ifPresent(jdks::add);
            }
        }
        return jdks;
    }

    private static boolean isVersion25(Path release) {
        try {
            return Files.isReadable(release) && Files.readString(release).contains("JAVA_VERSION=\"25");
        } catch (IOException e) {
            return false;
        }
    }

    static Path writeConnectionFile(Path folder) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("transport", "tcp");
        json.addProperty("ip", "127.0.0.1");
        json.addProperty("key", "a0436f6c-1916-498b-8eb9-e81ab9368e84");
        json.addProperty("signature_scheme", "hmac-sha256");
        List<ServerSocket> reserved = new ArrayList<>();
        for (String port : List.of("shell_port", "control_port", "stdin_port", "iopub_port", "hb_port")) {
            ServerSocket socket = new ServerSocket(0);
            reserved.add(socket);
            json.addProperty(port, socket.getLocalPort());
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        return Files.writeString(folder.resolve("connection.json"), json.toString());
    }

    private ZMQ.Socket connect(SocketType type, String address) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHWM(0);
        socket.setLinger(0);
        // The kernel answers on stdin to the identity that asked on shell
        socket.setIdentity("test-client".getBytes(StandardCharsets.US_ASCII));
        socket.connect(address);
        return socket;
    }

    private void awaitReady() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            send(shell, "kernel_info_request", new JsonObject());
            iopub.setReceiveTimeOut(200);
            if (receive(iopub) != null) {
                // Everything that the repeated questions have caused
                execute("null");
                return;
            }
        }
        throw new IllegalStateException("The kernel did not start within " + START_SECONDS + " s");
    }

    Process process() {
        return process;
    }

    Executed execute(String code) {
        return await(sendExecute(code));
    }

    /** Sends an execute request and returns its message id. */
    String sendExecute(String code) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("allow_stdin", true);
        return sendExecute(content);
    }

    String sendExecute(JsonObject content) {
        return sendShell("execute_request", content);
    }

    String sendShell(String type, JsonObject content) {
        return send(shell, type, content);
    }

    /** Waits for what is published for a request, passing over all else. */
    JsonObject awaitPublished(String messageId, String type) {
        iopub.setReceiveTimeOut(START_SECONDS * 1000);
        while (true) {
            JsonObject message = receive(iopub);
            if (message == null) {
                throw new IllegalStateException("No " + type + " for " + messageId);
            }
            if (messageId.equals(message.get("parent").getAsString()) && type.equals(message.get("type").getAsString())) {
                return message.getAsJsonObject("content");
            }
        }
    }

    /** What a cell printed after it had ended, as far as it arrived while other cells were awaited. */
    List<String> lateStreams(String messageId) {
        return passedOver.stream()
                .filter(message -> messageId.equals(message.get("parent").getAsString()) && message.get("type").getAsString().equals("stream"))
                .map(message -> message.getAsJsonObject("content").get("text").getAsString())
                .toList();
    }

    Executed await(String messageId) {
        JsonObject reply = reply(shell, messageId);
        List<JsonObject> published = new ArrayList<>();
        iopub.setReceiveTimeOut((int) Duration.ofSeconds(START_SECONDS).toMillis());
        while (true) {
            JsonObject message = receive(iopub);
            if (message == null) {
                throw new IllegalStateException("No idle status for " + messageId + ": " + published);
            }
            if (!messageId.equals(message.get("parent").getAsString())) {
                passedOver.add(message);
                continue;
            }
            JsonObject content = message.getAsJsonObject("content");
            if (message.get("type").getAsString().equals("status") && content.get("execution_state").getAsString().equals("idle")) {
                return new Executed(reply.getAsJsonObject("content"), published);
            }
            published.add(message);
        }
    }

    /** The reply alone; what is published stays unread until another request is awaited. */
    JsonObject awaitReply(String messageId) {
        return reply(shell, messageId).getAsJsonObject("content");
    }

    JsonObject request(String type, JsonObject content) {
        return reply(shell, send(shell, type, content)).getAsJsonObject("content");
    }

    JsonObject controlRequest(String type, JsonObject content) {
        return reply(control, send(control, type, content)).getAsJsonObject("content");
    }

    /** Waits until the kernel asks for a line, and gives it; returns the question. */
    JsonObject answerInput(String line) {
        JsonObject question = awaitInputRequest();
        JsonObject content = new JsonObject();
        content.addProperty("value", line);
        send(stdin, "input_reply", content);
        return question;
    }

    JsonObject awaitInputRequest() {
        stdin.setReceiveTimeOut(START_SECONDS * 1000);
        JsonObject request = receive(stdin);
        if (request == null) {
            throw new IllegalStateException("The kernel asked for no input");
        }
        return request.getAsJsonObject("content");
    }

    /** The delimiter, the signature of four frames, and these. */
    List<byte[]> signed(List<byte[]> json) {
        List<byte[]> frames = new ArrayList<>(List.of("<IDS|MSG>".getBytes(StandardCharsets.US_ASCII), codec.signature(json)));
        frames.addAll(json);
        return frames;
    }

    void sendRaw(List<byte[]> frames) {
        sendFrames(shell, frames);
    }

    private JsonObject reply(ZMQ.Socket socket, String messageId) {
        socket.setReceiveTimeOut(START_SECONDS * 1000);
        while (true) {
            JsonObject message = receive(socket);
            if (message == null) {
                throw new IllegalStateException("No reply to " + messageId + "; kernel alive: " + process.isAlive());
            }
            if (messageId.equals(message.get("parent").getAsString())) {
                return message;
            }
        }
    }

    private String send(ZMQ.Socket socket, String type, JsonObject content) {
        List<byte[]> frames = codec.encode(List.of(), type, new JsonObject(), content);
        sendFrames(socket, frames);
        String header = new String(frames.get(2), StandardCharsets.UTF_8);
        return JsonParser.parseString(header).getAsJsonObject().get("msg_id").getAsString();
    }

    private static void sendFrames(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    /** Type, id of the parent, and content; null when the time is over. */
    private JsonObject receive(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        do {
            byte[] frame = socket.recv();
            if (frame == null) {
                return null;
            }
            frames.add(frame);
        } while (socket.hasReceiveMore());
        try {
            Message message = codec.decode(frames);
            String parent = new String(frames.get(frames.size() - 3), StandardCharsets.UTF_8);
            JsonObject parentHeader = JsonParser.parseString(parent).getAsJsonObject();
            JsonObject received = new JsonObject();
            received.addProperty("type", message.type());
            received.add("date", message.header().get("date"));
            received.addProperty("parent", parentHeader.has("msg_id") ? parentHeader.get("msg_id").getAsString() : "");
            received.add("content", message.content());
            return received;
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        context.close();
    }
}
