package org.adadiff.jupyter.runner;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over a message's four JSON frames: header, parent header, metadata, content. For one thread. */
final class Signature {
    private final Mac mac;

    Signature(String key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JVM has HmacSHA256", impossible);
        }
    }

    /** The signature in lower-case hexadecimal, as ASCII. */
    byte[] of(List<byte[]> frames) {
        frames.forEach(mac::update);
        return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    }

    boolean matches(byte[] signature, List<byte[]> frames) {
        return MessageDigest.isEqual(signature, of(frames));
    }

    /** The content is read to its end. */
    boolean matches(byte[] signature, List<byte[]> before, InputStream content) throws IOException {
        before.forEach(mac::update);
        byte[] piece = new byte[1 << 13];
        for (int n = content.read(piece); n > 0; n = content.read(piece)) {
            mac.update(piece, 0, n);
        }
        return matches(signature, List.of());
    }
}
