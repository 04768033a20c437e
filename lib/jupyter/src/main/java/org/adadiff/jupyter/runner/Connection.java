package org.adadiff.jupyter.runner;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.adadiff.jupyter.runner.Message.Channel;

/**
 * Where a kernel listens and how messages are signed.
 *
 * @param shell TCP port on 127.0.0.1, as are the others
 * @param key secret of the HMAC-SHA256 signatures
 */
record Connection(int shell, int iopub, int stdin, int control, int heartbeat, String key) {
    static final String IP = "127.0.0.1";

    /** Ports this process has given out: parallel runs must not get one that is chosen but not yet bound. */
    private static final Set<Integer> GIVEN_OUT = new HashSet<>();

    /**
     * Chooses free ports. Another process may take one before the kernel binds it; the kernel then dies at once and is
     * started again with others.
     */
    static Connection choose() throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> open = new ArrayList<>();
        synchronized (GIVEN_OUT) {
            try {
                while (ports.size() < 5) {
                    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(IP));
                    open.add(socket);
                    if (GIVEN_OUT.add(socket.getLocalPort())) {
                        ports.add(socket.getLocalPort());
                    }
                }
            } finally {
                for (ServerSocket socket : open) {
                    socket.close();
                }
            }
        }
        return new Connection(
                ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), UUID.randomUUID().toString());
    }

    /** Lets the ports be chosen again. */
    void release() {
        synchronized (GIVEN_OUT) {
            GIVEN_OUT.removeAll(List.of(shell, iopub, stdin, control, heartbeat));
        }
    }

    int port(Channel channel) {
        return switch (channel) {
            case SHELL -> shell;
            case IOPUB -> iopub;
            case STDIN -> stdin;
            case CONTROL -> control;
        };
    }

    String address(int port) {
        return "tcp://" + IP + ":" + port;
    }

    /** Writes the connection file where only this user can read it. */
    Path write(String kernelName) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("shell_port", shell);
        json.addProperty("iopub_port", iopub);
        json.addProperty("stdin_port", stdin);
        json.addProperty("control_port", control);
        json.addProperty("hb_port", heartbeat);
        json.addProperty("ip", IP);
        json.addProperty("key", key);
        json.addProperty("transport", "tcp");
        json.addProperty("signature_scheme", "hmac-sha256");
        json.addProperty("kernel_name", kernelName);
        Path file = Files.createTempFile("kernel-", ".json"); // with mode 0600 where there are modes
        Files.writeString(file, json.toString());
        return file;
    }
}
