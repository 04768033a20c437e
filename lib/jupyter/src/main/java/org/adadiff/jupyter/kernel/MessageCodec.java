package org.adadiff.jupyter.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Messages to frames and back: identities, a delimiter, the signature over the next four frames as bytes, then header, parent
 * header, metadata and content as JSON.
 */
final class MessageCodec {
    static final String PROTOCOL_VERSION = "5.3";
    /** Always six digits: Instant itself leaves out zeros at the end. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder().appendInstant(6).toFormatter();
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(US_ASCII);
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(US_ASCII);

    private final Gson gson = new GsonBuilder().disableHtmlEscaping().serializeNulls().setStrictness(Strictness.LENIENT).create();
    private final String session = UUID.randomUUID().toString();
    private final AtomicLong messages = new AtomicLong();
    private final Mac mac;

    MessageCodec(String signatureScheme, String key) {
        if (key.isEmpty()) {
            mac = null;
            return;
        }
        try {
            mac = Mac.getInstance(signatureScheme.replace("-", ""));
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), mac.getAlgorithm()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Signature scheme " + signatureScheme + " of the connection file: " + e.getMessage(), e);
        }
    }

    Message decode(List<byte[]> frames) {
        int delimiter = 0;
        while (delimiter < frames.size() && !Arrays.equals(frames.get(delimiter), DELIMITER)) {
            delimiter++;
        }
        if (frames.size() < delimiter + 6) {
            throw new MalformedMessageException(
                    "Message: expected a delimiter and at least 5 frames after it, found " + frames.size() + " frames");
        }
        List<byte[]> signed = frames.subList(delimiter + 2, delimiter + 6);
        // Compared in constant time: how long a forged signature takes to be refused must tell nothing
        if (!MessageDigest.isEqual(signature(signed), frames.get(delimiter + 1))) {
            throw new MalformedMessageException("Message: its signature was not made with this kernel's key");
        }
        JsonObject header = object(signed.get(0), "header");
        JsonElement type = header.get("msg_type");
        if (type == null || !type.isJsonPrimitive()) {
            throw new MalformedMessageException("Message: expected msg_type in its header, found " + header);
        }
        return new Message(List.copyOf(frames.subList(0, delimiter)), header, object(signed.get(3), "content"));
    }

    List<byte[]> encode(List<byte[]> identities, String type, JsonObject parentHeader, JsonObject content) {
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", session + "_" + messages.incrementAndGet()); // randomness for each would cost more than the rest
        header.addProperty("username", "kernel");
        header.addProperty("session", session);
        header.addProperty("date", DATE.format(Instant.now()));
        header.addProperty("msg_type", type);
        header.addProperty("version", PROTOCOL_VERSION);
        List<byte[]> signed = List.of(bytes(header), bytes(parentHeader), EMPTY_OBJECT, bytes(content));
        List<byte[]> frames = new ArrayList<>(identities);
        frames.add(DELIMITER);
        frames.add(signature(signed));
        frames.addAll(signed);
        return frames;
    }

    private byte[] bytes(JsonObject object) {
        return gson.toJson(object).getBytes(UTF_8);
    }

    private static JsonObject object(byte[] frame, String what) {
        try {
            return JsonParser.parseString(new String(frame, UTF_8)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException | StackOverflowError e) {
            throw new MalformedMessageException("Message: its " + what + " is not a JSON object: " + e.getMessage());
        }
    }

    synchronized byte[] signature(List<byte[]> frames) {
        if (mac == null) {
            return new byte[0];
        }
        frames.forEach(mac::update);
        return HexFormat.of().formatHex(mac.doFinal()).getBytes(US_ASCII);
    }
}
