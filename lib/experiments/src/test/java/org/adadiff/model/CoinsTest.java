package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoinsTest {
    @ParameterizedTest
    @CsvSource({"0, 1001", "0.1, 100000", "0.25, 99999", "0.4, 1000000", "0.5, 100000", "0.9999, 1000000", "1, 64"})
    void zeroComesUpAtTheGivenRate(double rate, int count) {
        float[] coins = toss(count, rate, 1);
        assertEquals(count, coins.length, "number of coins");
        int zeros = 0;
        for (float coin : coins) {
            assertTrue(coin == 0 || coin == (float) (1 / (1 - rate)), "expected 0 or 1 / (1 - rate), found " + coin);
            zeros += coin == 0 ? 1 : 0;
        }
        double deviation = Math.sqrt(rate * (1 - rate) / count);
        assertEquals(rate, (double) zeros / count, 5 * deviation, "share of zeros");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.25, 0.4})
    void coinsAreIndependent(double rate) {
        float[] coins = toss(200_000, rate, 1);
        for (int distance : new int[] {1, 2, 7, 8, 32, 63, 64, 128, 4096}) {
            double both = IntStream.range(0, coins.length - distance)
                    .filter(i -> coins[i] == 0 && coins[i + distance] == 0)
                    .count();
            assertEquals(rate * rate, both / (coins.length - distance), 0.005, "both zero at distance " + distance);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 4095, 4096, 4097})
    void anyNumberOfCoinsIsTheStartOfALongerThrow(int count) {
        assertArrayEquals(Arrays.copyOf(toss(10_000, 0.5, 3), count), toss(count, 0.5, 3));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "3, 5", "5000, 1", "1, 5000"})
    void onesStandBeforeAndAfterTheCoins(int before, int after) {
        float[] mask = new float[before + 100 + after];
        new Coins().toss(FloatBuffer.wrap(mask), before, 100, after, 0.5, new SplittableRandom(1));
        float[] expected = new float[mask.length];
        Arrays.fill(expected, 1);
        System.arraycopy(toss(100, 0.5, 1), 0, expected, before, 100);
        assertArrayEquals(expected, mask);
    }

    @Test
    void theBufferIsUsedAgainButNotWhatWasInIt() {
        Coins coins = new Coins();
        float[] first = copy(coins, 1000, new SplittableRandom(1));
        float[] shorter = copy(coins, 10, new SplittableRandom(2));
        assertArrayEquals(toss(10, 0.5, 2), shorter, "a shorter throw after a longer one");
        assertArrayEquals(first, copy(coins, 1000, new SplittableRandom(1)), "same seed");
        assertFalse(Arrays.equals(first, copy(coins, 1000, new SplittableRandom(2))), "another seed");
    }

    private static float[] toss(int count, double rate, long seed) {
        float[] values = new float[count];
        new Coins().toss(FloatBuffer.wrap(values), 0, count, 0, rate, new SplittableRandom(seed));
        return values;
    }

    private static float[] copy(Coins coins, int count, SplittableRandom random) {
        float[] values = new float[count];
        coins.toss(FloatBuffer.wrap(values), 0, count, 0, 0.5, random);
        return values;
    }
}
