package org.adadiff.jupyter.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ConnectionTest {
    @Test
    void portsAreNeverSharedByParallelRuns() {
        List<Connection> connections = IntStream.range(0, 200).parallel().mapToObj(i -> choose()).toList();
        List<Integer> ports = connections.stream()
                .flatMap(c -> Stream.of(c.shell(), c.iopub(), c.stdin(), c.control(), c.heartbeat())).toList();
        connections.forEach(Connection::release);
        assertEquals(1000, ports.stream().distinct().count());
        assertEquals(200, connections.stream().map(Connection::key).distinct().count());
    }

    private static Connection choose() {
        try {
            return Connection.choose();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void connectionFileIsForThisUserAloneAndNamesLoopbackOnly() throws IOException {
        Connection connection = choose();
        Path file = connection.write("java");
        try {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            assertEquals("127.0.0.1", json.get("ip").getAsString());
            assertTrue(json.get("key").getAsString().length() >= 32);
        } finally {
            Files.delete(file);
            connection.release();
        }
    }
}
