package org.adadiff.dataset;

import java.math.BigInteger;
import java.security.MessageDigest;

/** The sum of records' SHA-256 modulo 2^256: the same for the same records in any order. */
final class RecordsDigest {
    private final MessageDigest digest = Digests.digest("SHA-256");
    private final int recordBytes;
    private BigInteger sum = BigInteger.ZERO;

    RecordsDigest(int recordBytes) {
        this.recordBytes = recordBytes;
    }

    /** Adds whole records. */
    void add(byte[] bytes, int from, int length) {
        for (int at = from; at < from + length; at += recordBytes) {
            digest.update(bytes, at, recordBytes);
            sum = sum.add(new BigInteger(1, digest.digest()));
        }
    }

    /** 64 hexadecimal digits. */
    String value() {
        return String.format("%064x", sum.mod(BigInteger.ONE.shiftLeft(256)));
    }
}
