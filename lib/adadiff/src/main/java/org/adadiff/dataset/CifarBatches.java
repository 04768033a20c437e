package org.adadiff.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.adadiff.engine.FilledArrays;

/**
 * One epoch over the images of {@link Cifar}, cut into batches. What batch k holds follows from the data, the options, the epoch and k
 * alone, so a run can resume at any of them.
 *
 * <p>Batches have data (N,3,32,32) float32 and labels (N) float32, N the batch size but for the last one; their indices are the images'.
 */
public final class CifarBatches implements Iterable<Batch> {
    private final Cifar cifar;
    private final NDManager manager;
    private final Cifar.Options options;
    private final int epoch;
    private final int[] order;
    private final int size;

    CifarBatches(Cifar cifar, NDManager manager, Cifar.Options options, int epoch) {
        this.cifar = cifar;
        this.manager = manager;
        this.options = options;
        this.epoch = epoch;
        int images = options.limit() == 0 ? cifar.size() : Math.min(options.limit(), cifar.size());
        order = options.shuffle() ? permutation(images, options.seed(), epoch) : IntStream.range(0, images).toArray();
        int full = images / options.batchSize();
        size = options.dropLast() || images % options.batchSize() == 0 ? full : full + 1;
    }

    /** A uniform permutation of 0..size-1 (Fisher and Yates), the same for the same seed and epoch. */
    static int[] permutation(int size, long seed, int epoch) {
        // java.util.Random: its algorithm is part of its specification, so an order is the same on every JVM
        Random random = new Random(Seeds.of(seed, epoch, -1));
        int[] order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /**
     * Returns the number of batches.
     *
     * @return 0 where the last batch is dropped and is the only one
     */
    public int size() {
        return size;
    }

    /** Returns all batches from the first on; see {@link #from}. */
    @Override
    public PreparedBatches iterator() {
        return from(0);
    }

    /**
     * Returns the batches from one on, each prepared in the background while the one before is used. The first is begun at once.
     *
     * @param first the batch to start with, 0 for all
     * @return the batches in order; close each when done, and the iterator when it is left early
     * @throws IndexOutOfBoundsException if first is negative or above {@link #size()}
     */
    public PreparedBatches from(int first) {
        return new PreparedBatches(this, manager, Objects.checkFromToIndex(first, size, size));
    }

    /** Makes the arrays of one batch. */
    Content content(int index, NDManager owner, FilledArrays arrays) {
        int from = index * options.batchSize();
        int[] images = Arrays.copyOfRange(order, from, Math.min(from + options.batchSize(), order.length));
        float[] image = new float[PixelWriter.PIXELS];
        NDArray data = arrays.create(owner, new Shape(images.length, PixelWriter.CHANNELS, PixelWriter.SIDE, PixelWriter.SIDE), target -> {
            for (int i : images) {
                cifar.image(i, options.augment() ? CropFlip.of(options.seed(), epoch, i) : CropFlip.NONE, image);
                target.put(image);
            }
        });
        NDArray labels = arrays.create(owner, new Shape(images.length), target -> {
            for (int i : images) {
                target.put(cifar.label(i));
            }
        });
        return new Content(data, labels, index + 1, size, Arrays.stream(images).boxed().toList());
    }

    @Override
    public String toString() {
        return size + " batches of epoch " + epoch;
    }

    /**
     * A batch that nobody has been given yet.
     *
     * @param data (N,3,32,32) float32
     * @param labels (N) float32
     * @param number its place in the epoch, from 1
     * @param total batches in the epoch
     * @param images the N images' indices
     */
    record Content(NDArray data, NDArray labels, int number, int total, List<Integer> images) {
        /** Moves the arrays to a manager of their own below this one. */
        Batch handTo(NDManager manager) {
            return new Batch(
                    manager.newSubManager(),
                    new NDList(data),
                    new NDList(labels),
                    images.size(),
                    Batchifier.STACK,
                    Batchifier.STACK,
                    number,
                    total,
                    images);
        }
    }
}
