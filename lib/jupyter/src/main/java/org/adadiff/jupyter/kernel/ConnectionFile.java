package org.adadiff.jupyter.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where and how the frontend wants to talk to this kernel, over TCP. An empty key means unsigned messages. */
record ConnectionFile(
        String ip,
        int shellPort,
        int controlPort,
        int stdinPort,
        int iopubPort,
        int heartbeatPort,
        String signatureScheme,
        String key) {

    static ConnectionFile read(Path file) throws IOException {
        JsonObject json;
        try {
            json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("Connection file " + file + ": expected a JSON object: " + e.getMessage(), e);
        }
        String transport = optional(json, "transport", "tcp");
        if (!transport.equals("tcp")) {
            // The kernel would start, and no frontend would ever reach it
            throw new IOException("Connection file " + file + ": expected transport tcp, found " + transport);
        }
        return new ConnectionFile(
                required(json, "ip", file).getAsString(),
                required(json, "shell_port", file).getAsInt(),
                required(json, "control_port", file).getAsInt(),
                required(json, "stdin_port", file).getAsInt(),
                required(json, "iopub_port", file).getAsInt(),
                required(json, "hb_port", file).getAsInt(),
                optional(json, "signature_scheme", "hmac-sha256"),
                optional(json, "key", ""));
    }

    String address(int port) {
        return "tcp://" + ip + ":" + port;
    }

    private static JsonElement required(JsonObject json, String field, Path file) throws IOException {
        JsonElement value = json.get(field);
        if (value == null || !value.isJsonPrimitive()) {
            throw new IOException("Connection file " + file + ": expected a value for " + field + ", found " + value);
        }
        return value;
    }

    private static String optional(JsonObject json, String field, String otherwise) {
        JsonElement value = json.get(field);
        return value == null || value.isJsonNull() ? otherwise : value.getAsString();
    }
}
