package org.adadiff.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of files, and of images whatever their order. */
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

    /** The sum of the records' SHA-256 modulo 2^256: the same for the same records in any order. */
    static String ofRecords(byte[] records, int recordBytes) {
        MessageDigest digest = digest("SHA-256");
        BigInteger sum = BigInteger.ZERO;
        for (int at = 0; at < records.length; at += recordBytes) {
            digest.update(records, at, recordBytes);
            sum = sum.add(new BigInteger(1, digest.digest()));
        }
        return String.format("%064x", sum.mod(BigInteger.ONE.shiftLeft(256)));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
