package org.adadiff.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.SplittableRandom;

/**
 * Many coins with the same odds, thrown 64 at a time: a mask of 5.3 million bytes, as the full-size LSTM needs for each
 * layer and step, takes a few milliseconds.
 */
final class Coins {
    /** Binary digits to which the odds are exact. */
    private static final int DIGITS = 32;

    /** Coins thrown between two writes to the buffer. */
    private static final int BLOCK = 4096;

    /** For each 8 bits, the 8 bytes 0 or 1 in the same order, from the lowest. */
    private static final long[] BYTE_OF_EACH_BIT = byteOfEachBit();

    private final long[] block = new long[BLOCK / Long.BYTES];

    /** Reused, because the memory behind a direct buffer is freed only when a collection happens to find it. */
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    /**
     * Throws {@code count} coins, each 0 with probability {@code rate} (in [0, 1]) and 1 otherwise.
     *
     * @return {@code count} bytes, valid until the next call
     */
    ByteBuffer toss(int count, double rate, SplittableRandom random) {
        int bytes = Math.multiplyExact((count + Long.SIZE - 1) / Long.SIZE, Long.SIZE);
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        LongBuffer coins = buffer.clear().limit(bytes).asLongBuffer();
        long odds = Math.round((1 - rate) * (1L << DIGITS));
        while (coins.hasRemaining()) {
            int length = Math.min(block.length, coins.remaining());
            for (int i = 0; i < length; i += Long.BYTES) {
                long bits = toss64(odds, random);
                for (int j = 0; j < Long.BYTES; j++) {
                    block[i + j] = BYTE_OF_EACH_BIT[(int) (bits >>> Byte.SIZE * j) & 0xFF];
                }
            }
            coins.put(block, 0, length);
        }
        return buffer.limit(count);
    }

    /**
     * 64 bits, each 1 with probability {@code odds / 2^32}. Going up the binary digits of that probability p, "or" with
     * fair coins turns the p of the digits so far into 1/2 + p/2 and "and" into p/2: one random number for 64 coins at a
     * half, two at a quarter, at most 32.
     */
    private static long toss64(long odds, SplittableRandom random) {
        if (odds == 1L << DIGITS) {
            return -1;
        }
        long bits = 0;
        for (int digit = Long.numberOfTrailingZeros(odds); digit < DIGITS; digit++) {
            long fair = random.nextLong();
            bits = (odds >>> digit & 1) == 1 ? bits | fair : bits & fair;
        }
        return bits;
    }

    private static long[] byteOfEachBit() {
        long[] bytes = new long[1 << Byte.SIZE];
        for (int bits = 0; bits < bytes.length; bits++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                bytes[bits] |= (bits >>> bit & 1L) << (Byte.SIZE * bit);
            }
        }
        return bytes;
    }
}
