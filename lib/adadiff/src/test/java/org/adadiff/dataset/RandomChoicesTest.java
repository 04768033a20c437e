package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders and augmentations are uniform and independent, by chi-squared tests on fixed seeds. */
class RandomChoicesTest {
    /** The 99.9 % quantile of chi-squared, by Wilson and Hilferty's approximation. */
    private static double limit(int degrees) {
        double a = 2.0 / (9 * degrees);
        return degrees * Math.pow(1 - a + 3.09 * Math.sqrt(a), 3);
    }

    private static double chiSquared(int[] counts) {
        double expected = IntStream.of(counts).sum() / (double) counts.length;
        return IntStream.of(counts).mapToDouble(count -> (count - expected) * (count - expected) / expected).sum();
    }

    private static void assertUniform(int[] counts, String what) {
        double statistic = chiSquared(counts);
        assertTrue(statistic < limit(counts.length - 1), what + ": chi-squared " + statistic + " of " + Arrays.toString(counts));
    }

    @Test
    void all162CropsAndMirrorsAreEquallyLikely() {
        int[] overImages = new int[162];
        int[] overEpochs = new int[162];
        int[] overSeeds = new int[162];
        for (int i = 0; i < 50_000; i++) {
            overImages[number(CropFlip.of(1, 0, i))]++;
            overEpochs[number(CropFlip.of(1, i, 7))]++;
            overSeeds[number(CropFlip.of(i, 3, 7))]++;
        }
        assertUniform(overImages, "over images");
        assertUniform(overEpochs, "over epochs");
        assertUniform(overSeeds, "over seeds");
    }

    @Test
    void neighboursAndEpochsAreIndependent() {
        int[] neighbours = new int[81];
        int[] epochs = new int[81];
        int[] flips = new int[4];
        for (int i = 0; i < 50_000; i++) {
            CropFlip here = CropFlip.of(2, 0, i);
            neighbours[here.left() * 9 + CropFlip.of(2, 0, i + 1).left()]++;
            epochs[here.top() * 9 + CropFlip.of(2, 1, i).top()]++;
            flips[(here.flip() ? 2 : 0) + (CropFlip.of(2, 1, i).flip() ? 1 : 0)]++;
        }
        assertUniform(neighbours, "this image and the next");
        assertUniform(epochs, "this epoch and the next");
        assertUniform(flips, "mirrors in this epoch and the next");
    }

    private static int number(CropFlip augmentation) {
        return (augmentation.left() * 9 + augmentation.top()) * 2 + (augmentation.flip() ? 1 : 0);
    }

    /** A cyclic shift of one order, as DJL's RandomSampler makes, reaches 4 of these 24. */
    @Test
    void all24OrdersOfFourAreEquallyLikely() {
        int[] counts = new int[24];
        for (int epoch = 0; epoch < 24_000; epoch++) {
            counts[rank(CifarBatches.permutation(4, 11, epoch))]++;
        }
        assertUniform(counts, "orders");
    }

    private static int rank(int[] order) {
        int rank = 0;
        for (int i = 0; i < order.length; i++) {
            int smallerLater = 0;
            for (int j = i + 1; j < order.length; j++) {
                smallerLater += order[j] < order[i] ? 1 : 0;
            }
            rank = rank * (order.length - i) + smallerLater;
        }
        return rank;
    }

    @Test
    void anOrderHoldsEachIndexOnceAndFollowsFromSeedAndEpoch() {
        int[] order = CifarBatches.permutation(50_000, 3, 4);
        assertArrayEquals(order, CifarBatches.permutation(50_000, 3, 4));
        assertFalse(Arrays.equals(order, CifarBatches.permutation(50_000, 3, 5)), "next epoch");
        assertFalse(Arrays.equals(order, CifarBatches.permutation(50_000, 4, 4)), "next seed");
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 50_000).toArray(), sorted);
        assertEquals(0, CifarBatches.permutation(0, 1, 1).length);
    }

    /** Recorded runs can be repeated only while these stay what they are. */
    @Test
    void choicesAreTheSameOnEveryMachine() {
        assertEquals("CropFlip[left=4, top=6, flip=true] CropFlip[left=4, top=2, flip=true] [6, 0, 2, 3, 5, 1, 4, 7]",
                CropFlip.of(1, 2, 3) + " " + CropFlip.of(42, 0, 49_999) + " " + Arrays.toString(CifarBatches.permutation(8, 42, 0)));
    }

    @Test
    void windowOutsideThePaddingIsRefused() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new CropFlip(9, 0, false));
        assertEquals("crop window: expected left and top within 0..8, found 9, 0", refused.getMessage());
    }
}
