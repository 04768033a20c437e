package org.adadiff.dataset;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * CIFAR-10 or CIFAR-100 in memory, as bytes: as large as its files. Images become float32 only as batches are made.
 *
 * <p>As a DJL {@link Dataset}, each call of {@link #getData(NDManager)} is one epoch:
 *
 * <pre>{@code
 * Cifar train = Cifar.load(DataDirectory.resolve(null), Cifar.Variant.CIFAR10, Split.TRAIN).with(Cifar.Options.training(128, 1));
 * EasyTrain.fit(trainer, 10, train, test);
 * }</pre>
 *
 * <p>What a batch holds depends on the options and the epoch only. Immutable but for the count of epochs; safe for use by several threads.
 */
public final class Cifar implements Dataset {
    private final Variant variant;
    private final Path folder;
    private final List<Path> files;
    private final byte[] records;
    private final List<String> names;
    private final Options options;
    private final AtomicInteger nextEpoch = new AtomicInteger();

    private Cifar(Variant variant, Path folder, List<Path> files, byte[] records, List<String> names, Options options) {
        this.variant = variant;
        this.folder = folder;
        this.files = files;
        this.records = records;
        this.names = names;
        this.options = options;
    }

    /**
     * Loads the real set of this data directory, or its generated sample where there is no real one.
     *
     * @param dataDirectory the data directory, see {@link DataDirectory#resolve}
     * @param variant which CIFAR
     * @param split {@link Split#TRAIN} or {@link Split#TEST}
     * @return the data; its options for {@link #getData} are {@link Options#training} (batch 128, seed 1) or, for the test split,
     *     {@link Options#evaluation} (batch 128)
     * @throws DataFileException if a file is missing, has another length, or holds a label out of range
     * @throws IOException if a file can't be read
     * @throws IllegalArgumentException if the split is VALID, which CIFAR does not have
     */
    public static Cifar load(Path dataDirectory, Variant variant, Split split) throws IOException {
        return loadFolder(DataDirectory.find(dataDirectory, variant.dataset()), variant, split);
    }

    static Cifar loadFolder(Path folder, Variant variant, Split split) throws IOException {
        List<Path> files = CifarFiles.recordFiles(folder, variant, split);
        Map<String, Integer> counts = SampleMarker.counts(folder, variant.dataset());
        byte[] records = CifarFiles.read(files, variant, counts);
        List<String> names = CifarFiles.names(folder.resolve(variant.namesFile()), variant.classes());
        Options options = split == Split.TRAIN ? Options.training(128, 1) : Options.evaluation(128);
        return new Cifar(variant, folder, files, records, names, options);
    }

    /**
     * Returns the same images (shared, not copied) with other options for {@link #getData}, from epoch 0.
     *
     * @param other the options
     * @return a data set with its own count of epochs
     */
    public Cifar with(Options other) {
        return new Cifar(variant, folder, files, records, names, Objects.requireNonNull(other, "options"));
    }

    /**
     * Returns the number of images.
     *
     * @return images in this split
     */
    public int size() {
        return records.length / variant.recordBytes();
    }

    /**
     * Returns the number of classes.
     *
     * @return 10 or 100
     */
    public int classes() {
        return variant.classes();
    }

    /**
     * Returns an image's class.
     *
     * @param index the image, from 0
     * @return 0 to {@link #classes()} - 1; for CIFAR-100 the fine label
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int index) {
        return records[offset(index) + variant.labelBytes() - 1] & 0xFF;
    }

    /**
     * Returns an image's superclass (CIFAR-100 only).
     *
     * @param index the image, from 0
     * @return 0 to 19
     * @throws UnsupportedOperationException for CIFAR-10
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int coarseLabel(int index) {
        if (variant.coarseClasses() == 0) {
            throw new UnsupportedOperationException("coarse labels: expected CIFAR-100, found " + variant.dataset().title());
        }
        return records[offset(index)] & 0xFF;
    }

    /**
     * Returns a class's name.
     *
     * @param label 0 to {@link #classes()} - 1
     * @return for example {@code airplane}
     */
    public String name(int label) {
        return names.get(label);
    }

    /**
     * Returns a stored pixel.
     *
     * @param index the image, from 0
     * @param channel 0 red, 1 green, 2 blue
     * @param y row, 0 to 31 from the top
     * @param x column, 0 to 31 from the left
     * @return 0 to 255
     * @throws IndexOutOfBoundsException if there is no such pixel
     */
    public int pixel(int index, int channel, int y, int x) {
        int at = Objects.checkIndex(channel, 3) * PixelWriter.PLANE
                + Objects.checkIndex(y, PixelWriter.SIDE) * PixelWriter.SIDE
                + Objects.checkIndex(x, PixelWriter.SIDE);
        return records[offset(index) + variant.labelBytes() + at] & 0xFF;
    }

    /**
     * Writes one image as the network sees it: cropped, mirrored, normalised with mean (0.4914, 0.4822, 0.4465) and standard deviation
     * (0.2023, 0.1994, 0.2010).
     *
     * @param index the image, from 0
     * @param augmentation the window and mirror, {@link CropFlip#NONE} for the image as it is
     * @param target 3072 floats: red, green and blue planes of 32 rows of 32
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public void image(int index, CropFlip augmentation, float[] target) {
        PixelWriter.write(records, offset(index) + variant.labelBytes(), augmentation, target);
    }

    private int offset(int index) {
        return Objects.checkIndex(index, size()) * variant.recordBytes();
    }

    /**
     * Returns one epoch's batches, prepared in the background as they are taken.
     *
     * @param manager owns the batches; closing a batch frees its arrays
     * @param options how the batches are made
     * @param epoch decides, with the seed, the order and the augmentation
     * @return the batches; each iterator starts the epoch again, with the same content
     */
    public CifarBatches batches(NDManager manager, Options options, int epoch) {
        return new CifarBatches(this, manager, options, epoch);
    }

    /** {@inheritDoc} */
    @Override
    public Iterable<Batch> getData(NDManager manager) {
        return batches(manager, options, nextEpoch.getAndIncrement());
    }

    /** Does nothing: the images are in memory already. */
    @Override
    public void prepare(Progress progress) {}

    /**
     * Says whether these are generated images rather than real ones.
     *
     * @return true for a sample of {@code adadiff data sample}
     */
    public boolean isSample() {
        return SampleMarker.isSample(folder);
    }

    /**
     * Returns the files that were read.
     *
     * @return the record files, in order
     */
    public List<Path> files() {
        return files;
    }

    /** CIFAR-10 or CIFAR-100. */
    public enum Variant {
        /** 10 classes. */
        CIFAR10(OfficialDataset.CIFAR10, 10, 0, "batches.meta.txt"),
        /** 100 classes (the fine labels), 20 superclasses. */
        CIFAR100(OfficialDataset.CIFAR100, 100, 20, "fine_label_names.txt");

        private final OfficialDataset dataset;
        private final int classes;
        private final int coarseClasses;
        private final String namesFile;

        Variant(OfficialDataset dataset, int classes, int coarseClasses, String namesFile) {
            this.dataset = dataset;
            this.classes = classes;
            this.coarseClasses = coarseClasses;
            this.namesFile = namesFile;
        }

        /**
         * Returns the published data set.
         *
         * @return where it comes from and which files it has
         */
        public OfficialDataset dataset() {
            return dataset;
        }

        /**
         * Returns the number of classes.
         *
         * @return 10 or 100
         */
        public int classes() {
            return classes;
        }

        int coarseClasses() {
            return coarseClasses;
        }

        int labelBytes() {
            return coarseClasses == 0 ? 1 : 2;
        }

        int recordBytes() {
            return labelBytes() + PixelWriter.PIXELS;
        }

        String namesFile() {
            return namesFile;
        }

        String testFile() {
            return this == CIFAR10 ? "test_batch.bin" : "test.bin";
        }

        List<String> trainFiles() {
            return recordNames().stream().filter(name -> !name.equals(testFile())).toList();
        }

        private List<String> recordNames() {
            return dataset.files().stream().map(OfficialDataset.OfficialFile::name).filter(name -> name.endsWith(".bin")).toList();
        }
    }

    /**
     * How batches are made.
     *
     * @param batchSize images a batch, at least 1
     * @param augment whether images are cropped and mirrored at random
     * @param shuffle whether each epoch has its own order; otherwise the order of the files
     * @param seed decides order and augmentation, with the epoch
     * @param limit use only the first so many images of the files, the same ones in every epoch; 0 for all
     * @param dropLast whether a last batch that is smaller than the others is left out
     */
    public record Options(int batchSize, boolean augment, boolean shuffle, long seed, int limit, boolean dropLast) {
        /**
         * Checks the numbers.
         *
         * @param batchSize at least 1
         * @param augment crop and mirror
         * @param shuffle reorder every epoch
         * @param seed any
         * @param limit 0 or more
         * @param dropLast leave out a smaller last batch
         * @throws IllegalArgumentException if a number is out of range
         */
        public Options {
            if (batchSize < 1) {
                throw new IllegalArgumentException("batch size: expected at least 1, found " + batchSize);
            }
            if (limit < 0) {
                throw new IllegalArgumentException("limit: expected 0 (all images) or more, found " + limit);
            }
        }

        /**
         * Keeps a smaller last batch.
         *
         * @param batchSize images a batch, at least 1
         * @param augment whether images are cropped and mirrored at random
         * @param shuffle whether each epoch has its own order
         * @param seed decides order and augmentation, with the epoch
         * @param limit use only the first so many images, 0 for all
         */
        public Options(int batchSize, boolean augment, boolean shuffle, long seed, int limit) {
            this(batchSize, augment, shuffle, seed, limit, false);
        }

        /**
         * Augmented and shuffled, all images, the last batch kept: as in the paper.
         *
         * @param batchSize images a batch
         * @param seed decides order and augmentation, with the epoch
         * @return options for training
         */
        public static Options training(int batchSize, long seed) {
            return new Options(batchSize, true, true, seed, 0);
        }

        /**
         * All images as they are, in the order of the files.
         *
         * @param batchSize images a batch
         * @return options for evaluation
         */
        public static Options evaluation(int batchSize) {
            return new Options(batchSize, false, false, 0, 0);
        }
    }
}
