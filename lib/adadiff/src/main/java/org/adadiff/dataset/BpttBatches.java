package org.adadiff.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.adadiff.engine.FilledArrays;

/**
 * A text cut for truncated back-propagation through time, as in AWD-LSTM. The text becomes B contiguous streams of equal length (what is
 * left over at its end is dropped); batch after batch takes the next T tokens of every stream, so the hidden state carries over. A
 * token's target is the token after it.
 */
public final class BpttBatches {
    private static final double HALF_PROBABILITY = 0.05;
    private static final double LENGTH_DEVIATION = 5;
    private static final int SHORTEST = 5;

    private final int[] text;
    private final int streams;
    private final int streamLength;
    private final int[] starts;
    private final int[] drawn;

    /** Takes lengths until all targets of a stream but {@code unused} have come. */
    private BpttBatches(int[] text, int streams, int unused, IntSupplier lengths) {
        if (streams < 1 || text.length / streams < 2) {
            throw new IllegalArgumentException(
                    "text of " + text.length + " tokens in " + streams + " streams: expected at least 1 stream and 2 tokens in each");
        }
        this.text = text;
        this.streams = streams;
        this.streamLength = text.length / streams;
        IntStream.Builder startBuilder = IntStream.builder();
        IntStream.Builder drawnBuilder = IntStream.builder();
        int end = Math.max(1, streamLength - 1 - unused);
        int start = 0;
        while (start < end) {
            int length = lengths.getAsInt();
            startBuilder.add(start);
            drawnBuilder.add(length);
            start += length;
        }
        this.starts = startBuilder.build().toArray();
        this.drawn = drawnBuilder.build().toArray();
    }

    /**
     * Cuts at random lengths, for training: around bptt with probability 0.95, else around bptt / 2; normally distributed with standard
     * deviation 5, at least 5. As in AWD-LSTM, a single target left at the end is not used.
     *
     * @param text word numbers; not copied
     * @param streams B, the batch size
     * @param bptt 70 in the paper, at least 1
     * @param seed the run's seed
     * @param epoch every epoch is cut anew
     * @return the same cuts for the same arguments
     * @throws IllegalArgumentException if a stream would have fewer than 2 tokens
     */
    public static BpttBatches random(int[] text, int streams, int bptt, long seed, int epoch) {
        requireLength(bptt);
        // java.util.Random: its algorithm is part of its specification, so the cuts are the same on every JVM
        Random random = new Random(Seeds.of(seed, epoch, -2));
        return new BpttBatches(text, streams, 1, () -> {
            double mean = random.nextDouble() < HALF_PROBABILITY ? bptt / 2.0 : bptt;
            return Math.max(SHORTEST, (int) (mean + LENGTH_DEVIATION * random.nextGaussian()));
        });
    }

    /**
     * Cuts at one length, for evaluation: every target of every stream comes exactly once.
     *
     * @param text word numbers; not copied
     * @param streams B, the batch size
     * @param length T of all batches but the last, at least 1
     * @return the batches
     * @throws IllegalArgumentException if a stream would have fewer than 2 tokens
     */
    public static BpttBatches fixed(int[] text, int streams, int length) {
        requireLength(length);
        return new BpttBatches(text, streams, 0, () -> length);
    }

    private static void requireLength(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("sequence length: expected at least 1, found " + length);
        }
    }

    /**
     * Returns the number of batches.
     *
     * @return at least 1
     */
    public int size() {
        return starts.length;
    }

    /**
     * Returns the length of a batch.
     *
     * @param index the batch, from 0
     * @return T; less than what was drawn where the text ends
     */
    public int length(int index) {
        return Math.min(drawn[index], streamLength - 1 - starts[index]);
    }

    /**
     * Returns the sum of T x B over all batches.
     *
     * @return how many targets one pass has
     */
    public long targets() {
        int last = size() - 1;
        return (long) streams * (starts[last] + length(last));
    }

    /**
     * Makes one batch. Batches can be made in any order, so a run can resume at any of them.
     *
     * @param manager owns the batch's arrays; closing the batch frees them
     * @param index the batch, from 0
     * @return tokens and targets
     * @throws IndexOutOfBoundsException if there is no such batch
     */
    public Sequence batch(NDManager manager, int index) {
        int length = length(Objects.checkIndex(index, size()));
        int[] tokens = new int[length * streams];
        int[] targets = new int[length * streams];
        for (int stream = 0; stream < streams; stream++) {
            int from = stream * streamLength + starts[index];
            for (int t = 0; t < length; t++) {
                tokens[t * streams + stream] = text[from + t];
                targets[t * streams + stream] = text[from + t + 1];
            }
        }
        NDManager own = manager.newSubManager();
        NDArray tokenArray = FilledArrays.ints(own, new Shape(length, streams), tokens);
        NDArray targetArray = FilledArrays.ints(own, new Shape((long) length * streams), targets);
        return new Sequence(index, length, drawn[index], tokenArray, targetArray, own);
    }

    /**
     * Returns the batches from one on.
     *
     * @param manager owns the batches
     * @param first the batch to start with, 0 for all
     * @return batches in order; close each when done
     * @throws IndexOutOfBoundsException if first is negative or above {@link #size()}
     */
    public Iterable<Sequence> batches(NDManager manager, int first) {
        Objects.checkFromToIndex(first, size(), size());
        return () -> new Iterator<>() {
            private int next = first;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Sequence next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("all " + size() + " batches have been returned");
                }
                return batch(manager, next++);
            }
        };
    }

    /**
     * One batch of sequences.
     *
     * @param index its place in the epoch
     * @param length T
     * @param drawnLength the length before the end of the text cut it; AWD-LSTM scales the learning rate by this over bptt
     * @param tokens (T, B) int32
     * @param targets (T*B) int32, in the order of the tokens
     * @param manager owns the arrays
     */
    public record Sequence(int index, int length, int drawnLength, NDArray tokens, NDArray targets, NDManager manager)
            implements AutoCloseable {
        /** Frees the arrays. */
        @Override
        public void close() {
            manager.close();
        }
    }
}
