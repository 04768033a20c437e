package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BpttBatchesTest {
    private static int[] text(int length) {
        return IntStream.range(0, length).toArray();
    }

    @Test
    void streamsAreContiguousAndTargetsAreTheNextTokens() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // 23 tokens in 3 streams of 7: 0-6, 7-13, 14-20; 21 and 22 are dropped
            BpttBatches batches = BpttBatches.fixed(text(23), 3, 4);
            assertEquals(2, batches.size());
            assertEquals(18, batches.targets());
            try (BpttBatches.Sequence first = batches.batch(manager, 0);
                    BpttBatches.Sequence second = batches.batch(manager, 1)) {
                assertEquals(new Shape(4, 3), first.tokens().getShape());
                assertEquals(new Shape(12), first.targets().getShape());
                assertEquals(DataType.INT32, first.tokens().getDataType());
                assertEquals(DataType.INT32, first.targets().getDataType());
                assertArrayEquals(new int[] {0, 7, 14, 1, 8, 15, 2, 9, 16, 3, 10, 17}, first.tokens().toIntArray());
                assertArrayEquals(new int[] {1, 8, 15, 2, 9, 16, 3, 10, 17, 4, 11, 18}, first.targets().toIntArray());
                assertEquals(2, second.length());
                assertEquals(4, second.drawnLength());
                assertArrayEquals(new int[] {4, 11, 18, 5, 12, 19}, second.tokens().toIntArray());
                assertArrayEquals(new int[] {5, 12, 19, 6, 13, 20}, second.targets().toIntArray());
            }
            assertTrue(manager.getManagedArrays().isEmpty(), "closed with their batch");
        }
    }

    @Test
    void fixedLengthCoversEveryTargetExactlyOnce() {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int length : new int[] {2, 9, 70, 71, 72, 141, 142}) {
                List<Integer> targets = new ArrayList<>();
                for (BpttBatches.Sequence sequence : BpttBatches.fixed(text(length), 1, 70).batches(manager, 0)) {
                    try (sequence) {
                        IntStream.of(sequence.targets().toIntArray()).forEach(targets::add);
                    }
                }
                assertEquals(IntStream.range(1, length).boxed().toList(), targets, "text of " + length);
            }
        }
    }

    /** AWD-LSTM's loop: while i < len - 1 - 1, with length min(drawn, len - 1 - i). */
    @Test
    void randomCutsFollowOneAnotherAsInAwdLstm() {
        for (int epoch = 0; epoch < 200; epoch++) {
            BpttBatches batches = BpttBatches.random(text(1003), 2, 70, 5, epoch);
            int streamLength = 501;
            int start = 0;
            for (int i = 0; i < batches.size(); i++) {
                assertTrue(start < streamLength - 2, "a batch starts where the loop would go on");
                if (i < batches.size() - 1) {
                    assertTrue(batches.length(i) >= 5, "at least 5");
                }
                start += batches.length(i);
            }
            assertTrue(start >= streamLength - 2 && start <= streamLength - 1, "ends at " + start);
        }
    }

    @Test
    void randomLengthsHaveThePapersDistribution() {
        BpttBatches batches = BpttBatches.random(new int[2_000_000], 1, 70, 3, 0);
        int n = batches.size() - 1;
        double[] lengths = IntStream.range(0, n).mapToDouble(batches::length).toArray();
        int halved = (int) IntStream.range(0, n).filter(i -> lengths[i] < 52.5).count();
        double[] full = IntStream.range(0, n).mapToDouble(i -> lengths[i]).filter(l -> l >= 52.5).toArray();
        double mean = Arrays.stream(full).average().orElseThrow();
        double variance = Arrays.stream(full).map(l -> (l - mean) * (l - mean)).average().orElseThrow();
        // n is about 29,300: standard errors 0.0013, 0.03 and 0.02; rounding down takes half a token
        assertEquals(0.05, (double) halved / n, 0.005);
        assertEquals(69.5, mean, 0.12);
        assertEquals(5, Math.sqrt(variance), 0.1);
        int shortest = IntStream.range(0, BpttBatches.random(new int[10_000], 1, 4, 3, 0).size() - 1)
                .map(BpttBatches.random(new int[10_000], 1, 4, 3, 0)::length).min().orElseThrow();
        assertEquals(5, shortest);
    }

    @Test
    void cutsFollowFromSeedAndEpochAndCanBeResumed() {
        int[] text = text(5000);
        assertEquals(lengths(BpttBatches.random(text, 4, 70, 1, 2)), lengths(BpttBatches.random(text, 4, 70, 1, 2)));
        assertFalse(lengths(BpttBatches.random(text, 4, 70, 1, 2)).equals(lengths(BpttBatches.random(text, 4, 70, 1, 3))), "next epoch");
        assertFalse(lengths(BpttBatches.random(text, 4, 70, 1, 2)).equals(lengths(BpttBatches.random(text, 4, 70, 2, 2))), "next seed");
        try (NDManager manager = NDManager.newBaseManager()) {
            BpttBatches batches = BpttBatches.random(text, 4, 70, 1, 2);
            List<int[]> all = new ArrayList<>();
            batches.batches(manager, 0).forEach(sequence -> all.add(sequence.tokens().toIntArray()));
            int at = 7;
            for (BpttBatches.Sequence sequence : batches.batches(manager, at)) {
                assertEquals(at, sequence.index());
                assertArrayEquals(all.get(at++), sequence.tokens().toIntArray());
            }
            assertEquals(all.size(), at);
            assertThrows(IndexOutOfBoundsException.class, () -> batches.batches(manager, all.size() + 1));
        }
    }

    private static List<Integer> lengths(BpttBatches batches) {
        return IntStream.range(0, batches.size()).mapToObj(batches::length).toList();
    }

    @Test
    void textTooShortForItsStreamsIsRefused() {
        assertEquals(
                "text of 39 tokens in 20 streams: expected at least 1 stream and 2 tokens in each",
                assertThrows(IllegalArgumentException.class, () -> BpttBatches.fixed(text(39), 20, 70)).getMessage());
        assertEquals(
                "sequence length: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> BpttBatches.fixed(text(39), 1, 0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> BpttBatches.fixed(text(39), 0, 70));
    }
}
