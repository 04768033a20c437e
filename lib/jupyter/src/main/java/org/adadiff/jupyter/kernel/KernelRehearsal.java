package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A kernel and a frontend in one process that do once what notebooks do; whatever classes this loads go into {@link KernelArchive}. */
final class KernelRehearsal {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final List<String> CELLS =
            List.of(
                    "1 + 1",
                    "int x = 3;\nString text = \"a\" + x;\nSystem.out.println(text);",
                    "record Point(int x, int y) {}\nclass Shape { int area() { return 1; } }\nint twice(int n) { return 2 * n; }",
                    "import java.util.stream.*;\nvar list = IntStream.range(0, 9).boxed().map(i -> twice(i)).collect(Collectors.toList());",
                    "Map<String, List<Integer>> map = new TreeMap<>();\nmap.put(\"k\", list);\nmap",
                    "for (int i = 0; i < 3; i++) { System.out.printf(\"%d %.2f%n\", i, Math.sqrt(i)); }",
                    "String id = display(\"<b>x</b>\", \"text/html\");\nupdateDisplay(id, \"y\");",
                    "new int[] {1, 2}",
                    "%jars none/*.jar",
                    "display(new int[0]);",
                    "int wrong = \"x\";",
                    "throw new IllegalStateException(\"x\", new RuntimeException());",
                    "");

    private final ZContext context = new ZContext(1);
    private final MessageCodec codec;
    private final ZMQ.Socket shell;

    private KernelRehearsal(ConnectionFile connection) {
        codec = new MessageCodec(connection.signatureScheme(), connection.key());
        shell = context.createSocket(SocketType.DEALER);
        shell.setReceiveTimeOut(TIMEOUT_MILLIS);
        shell.connect(connection.address(connection.shellPort()));
    }

    public static void main(String[] arguments) throws IOException {
        int[] ports = freePorts(5);
        String ip = InetAddress.getLoopbackAddress().getHostAddress();
        ConnectionFile connection =
                new ConnectionFile(ip, ports[0], ports[1], ports[2], ports[3], ports[4], "hmac-sha256", "rehearsal");
        new KernelServer(connection, Map.of()).run();
        KernelRehearsal frontend = new KernelRehearsal(connection);
        frontend.request("kernel_info_request", "", 0);
        for (String cell : CELLS) {
            frontend.request("execute_request", cell, 0);
        }
        frontend.request("complete_request", "text.sub", 8);
        frontend.request("inspect_request", "text.substring(1)", 8);
        frontend.request("is_complete_request", "for (;;) {", 0);
        frontend.request("history_request", "", 0);
        System.exit(0);
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            reserved.add(new ServerSocket(0));
            ports[i] = reserved.get(i).getLocalPort();
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        return ports;
    }

    private void request(String type, String code, int cursor) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("cursor_pos", cursor);
        List<byte[]> frames = codec.encode(List.of(), type, new JsonObject(), content);
        for (int i = 0; i < frames.size(); i++) {
            shell.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
        do {
            if (shell.recv() == null) {
                throw new IllegalStateException("No reply to " + type + " within " + TIMEOUT_MILLIS + " ms");
            }
        } while (shell.hasReceiveMore());
    }
}
