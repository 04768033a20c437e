package org.adadiff.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of files. */
public final class Digests {
    private static final int CHUNK_BYTES = 1 << 16;

    private Digests() {}

    /**
     * Computes a file's SHA-256.
     *
     * @param file the file
     * @return 64 hexadecimal digits
     * @throws IOException if the file can't be read
     */
    public static String sha256(Path file) throws IOException {
        return ofFile(file, "SHA-256");
    }

    static String md5(Path file) throws IOException {
        return ofFile(file, "MD5");
    }

    private static String ofFile(Path file, String algorithm) throws IOException {
        MessageDigest digest = digest(algorithm);
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
