package org.adadiff.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Dropout masks from coins with the same odds, thrown 64 at a time: a mask of 5.3 million numbers, as the full-size LSTM
 * needs for each layer and step, takes a few milliseconds.
 */
final class Coins {
    /** Binary digits to which the odds are exact. */
    private static final int DIGITS = 32;

    /** Numbers between two writes to the target. */
    private static final int BLOCK = 4096;

    private final float[] ones = new float[BLOCK];
    private final long[] pairs = new long[BLOCK / 2];
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final LongBuffer blockOfPairs = block.asLongBuffer();
    private final FloatBuffer blockOfNumbers = block.asFloatBuffer();

    Coins() {
        Arrays.fill(ones, 1);
    }

    /**
     * Throws {@code count} coins, each 0 with probability {@code rate} (in [0, 1]) and 1 / (1 - rate) otherwise.
     *
     * @param target gets them from its position on
     * @param before how many ones come before the coins
     * @param after how many ones come after them
     */
    void toss(FloatBuffer target, int before, int count, int after, double rate, SplittableRandom random) {
        putOnes(target, before);
        long odds = Math.round((1 - rate) * (1L << DIGITS));
        long kept = Float.floatToRawIntBits((float) (1 / (1 - rate)));
        long[] pairOfBits = {0, kept, kept << Integer.SIZE, kept << Integer.SIZE | kept}; // of 2 bits, from the lowest
        for (int left = count; left > 0; left -= BLOCK) {
            int length = Math.min(BLOCK, left);
            for (int i = 0; 2 * i < length; i += Long.SIZE / 2) {
                long bits = toss64(odds, random);
                for (int j = 0; j < Long.SIZE / 2; j++) {
                    pairs[i + j] = pairOfBits[(int) (bits >>> 2 * j) & 3];
                }
            }
            blockOfPairs.put(0, pairs);
            target.put(blockOfNumbers.clear().limit(length));
        }
        putOnes(target, after);
    }

    private void putOnes(FloatBuffer target, int count) {
        for (int left = count; left > 0; left -= BLOCK) {
            target.put(ones, 0, Math.min(BLOCK, left));
        }
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
}
