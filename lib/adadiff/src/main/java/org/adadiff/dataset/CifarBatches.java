package org.adadiff.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;

/** One epoch over the images: order, augmentation, and one copy into the engine a batch. */
final class CifarBatches implements Iterator<Batch> {
    private final Cifar cifar;
    private final NDManager manager;
    private final Cifar.Options options;
    private final int epoch;
    private final int[] order;
    private final int batches;
    private final float[] image = new float[PixelWriter.PIXELS];
    /** Direct and reused: the engine copies from it before it returns, and would copy a heap buffer twice. */
    private final FloatBuffer pixels;

    private int next;

    CifarBatches(Cifar cifar, NDManager manager, Cifar.Options options, int epoch) {
        this.cifar = cifar;
        this.manager = manager;
        this.options = options;
        this.epoch = epoch;
        int images = options.limit() == 0 ? cifar.size() : Math.min(options.limit(), cifar.size());
        order = options.shuffle() ? permutation(images, options.seed(), epoch) : IntStream.range(0, images).toArray();
        int full = images / options.batchSize();
        batches = options.dropLast() || images % options.batchSize() == 0 ? full : full + 1;
        int capacity = Math.min(options.batchSize(), images) * PixelWriter.PIXELS;
        pixels = ByteBuffer.allocateDirect(capacity * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
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

    @Override
    public boolean hasNext() {
        return next < batches;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + batches + " batches of epoch " + epoch + " have been returned");
        }
        int from = next * options.batchSize();
        int[] indices = Arrays.copyOfRange(order, from, Math.min(from + options.batchSize(), order.length));
        next++;
        float[] labels = new float[indices.length];
        pixels.clear();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            cifar.image(index, options.augment() ? CropFlip.of(options.seed(), epoch, index) : CropFlip.NONE, image);
            pixels.put(image);
            labels[i] = cifar.label(index);
        }
        pixels.flip();
        NDManager batchManager = manager.newSubManager();
        NDArray data = batchManager.create(pixels, new Shape(indices.length, PixelWriter.CHANNELS, PixelWriter.SIDE, PixelWriter.SIDE));
        NDArray labelArray = batchManager.create(labels, new Shape(indices.length));
        return new Batch(
                batchManager,
                new NDList(data),
                new NDList(labelArray),
                indices.length,
                Batchifier.STACK,
                Batchifier.STACK,
                next,
                batches,
                Arrays.stream(indices).boxed().toList());
    }
}
