package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] STD = {0.2023f, 0.1994f, 0.2010f};

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    @BeforeAll
    static void generateSample() throws IOException {
        SampleGenerator.generate(shared, 1);
    }

    private static Cifar sample(Cifar.Variant variant, Split split) throws IOException {
        return Cifar.load(shared, variant, split);
    }

    @Test
    void sampleIsUsedWhereNoRealDataIs() throws IOException {
        Cifar train = sample(Cifar.Variant.CIFAR10, Split.TRAIN);
        assertTrue(train.isSample(), "generated data says so");
        assertEquals(1000, train.size());
        assertEquals(10, train.classes());
        assertEquals(5, train.files().size());
        assertEquals(200, sample(Cifar.Variant.CIFAR10, Split.TEST).size());
        assertEquals(1000, sample(Cifar.Variant.CIFAR100, Split.TRAIN).size());
        assertEquals("pattern_3", train.name(3));
    }

    @Test
    void recordsAreReadAsTheFormatSays() throws IOException {
        for (Cifar.Variant variant : Cifar.Variant.values()) {
            Cifar train = sample(variant, Split.TRAIN);
            byte[] file = Files.readAllBytes(train.files().get(0));
            int record = variant == Cifar.Variant.CIFAR10 ? 3073 : 3074;
            for (int i : new int[] {0, 1, 57, 199}) {
                assertEquals(file[i * record + record - 3073] & 0xFF, train.label(i), "label of image " + i);
                assertEquals(file[i * record + record - 3072 + 2 * 1024 + 5 * 32 + 7] & 0xFF, train.pixel(i, 2, 5, 7));
                if (variant == Cifar.Variant.CIFAR100) {
                    assertEquals(file[i * record] & 0xFF, train.coarseLabel(i), "coarse label of image " + i);
                }
            }
        }
        Cifar cifar10 = sample(Cifar.Variant.CIFAR10, Split.TEST);
        assertThrows(UnsupportedOperationException.class, () -> cifar10.coarseLabel(0));
        assertThrows(IndexOutOfBoundsException.class, () -> cifar10.label(200));
    }

    /** A literal crop, mirror and normalisation of one pixel after the other, as the reference. */
    @Test
    void imageIsPaddedWithBlackCroppedMirroredAndNormalised() throws IOException {
        Cifar cifar = sample(Cifar.Variant.CIFAR100, Split.TEST);
        float[] actual = new float[3072];
        for (int left = 0; left <= 8; left++) {
            for (int top = 0; top <= 8; top++) {
                for (boolean flip : new boolean[] {false, true}) {
                    Arrays.fill(actual, Float.NaN);
                    cifar.image(11, new CropFlip(left, top, flip), actual);
                    assertArrayEquals(literal(cifar, 11, left, top, flip), actual, 2e-6f, left + " " + top + " " + flip);
                }
            }
        }
    }

    private static float[] literal(Cifar cifar, int index, int left, int top, boolean flip) {
        float[] result = new float[3072];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 32; x++) {
                    int paddedX = left + (flip ? 31 - x : x);
                    int paddedY = top + y;
                    boolean inside = paddedX >= 4 && paddedX < 36 && paddedY >= 4 && paddedY < 36;
                    int value = inside ? cifar.pixel(index, c, paddedY - 4, paddedX - 4) : 0;
                    result[c * 1024 + y * 32 + x] = (value / 255f - MEAN[c]) / STD[c];
                }
            }
        }
        return result;
    }

    @Test
    void batchesHoldEveryImageOnceWithItsLabel() throws IOException {
        Cifar train = sample(Cifar.Variant.CIFAR10, Split.TRAIN);
        List<Integer> seen = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            int count = 0;
            for (Batch batch : train.batches(manager, new Cifar.Options(128, false, true, 5, 0), 0)) {
                try (batch) {
                    int n = count++ < 7 ? 128 : 1000 - 7 * 128;
                    assertEquals(new Shape(n, 3, 32, 32), batch.getData().head().getShape());
                    assertEquals(new Shape(n), batch.getLabels().head().getShape());
                    assertEquals(DataType.FLOAT32, batch.getData().head().getDataType());
                    assertEquals(n, batch.getSize());
                    assertEquals(8, batch.getProgressTotal());
                    float[] pixels = batch.getData().head().toFloatArray();
                    float[] labels = batch.getLabels().head().toFloatArray();
                    float[] image = new float[3072];
                    for (int i = 0; i < n; i++) {
                        int index = (Integer) batch.getIndices().get(i);
                        seen.add(index);
                        train.image(index, CropFlip.NONE, image);
                        assertArrayEquals(image, Arrays.copyOfRange(pixels, i * 3072, (i + 1) * 3072), "image " + index);
                        assertEquals(train.label(index), labels[i], "label of " + index);
                    }
                }
            }
            assertEquals(8, count);
        }
        assertNotEquals(IntStream.range(0, 1000).boxed().toList(), seen, "shuffled");
        assertEquals(IntStream.range(0, 1000).boxed().toList(), seen.stream().sorted().toList(), "each image once");
    }

    @Test
    void augmentationDependsOnSeedEpochAndIndexButNotOnTheBatch() throws IOException {
        Cifar train = sample(Cifar.Variant.CIFAR10, Split.TRAIN);
        Map<Integer, float[]> ofLargeBatches = images(train, new Cifar.Options(100, true, true, 5, 300), 2);
        Map<Integer, float[]> ofSmallBatches = images(train, new Cifar.Options(7, true, false, 5, 300), 2);
        Map<Integer, float[]> ofNextEpoch = images(train, new Cifar.Options(100, true, true, 5, 300), 3);
        assertEquals(300, ofLargeBatches.size());
        int changed = 0;
        for (int index : ofLargeBatches.keySet()) {
            assertArrayEquals(ofLargeBatches.get(index), ofSmallBatches.get(index), "image " + index);
            changed += Arrays.equals(ofLargeBatches.get(index), ofNextEpoch.get(index)) ? 0 : 1;
        }
        // Two epochs agree on one image with probability 1/162
        assertTrue(changed > 280, changed + " of 300 images differ in the next epoch");
    }

    private static Map<Integer, float[]> images(Cifar cifar, Cifar.Options options, int epoch) {
        Map<Integer, float[]> images = new HashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : cifar.batches(manager, options, epoch)) {
                try (batch) {
                    float[] pixels = batch.getData().head().toFloatArray();
                    for (int i = 0; i < batch.getSize(); i++) {
                        images.put((Integer) batch.getIndices().get(i), Arrays.copyOfRange(pixels, i * 3072, (i + 1) * 3072));
                    }
                }
            }
        }
        return images;
    }

    @Test
    void limitAndDropLastAreKept() throws IOException {
        Cifar train = sample(Cifar.Variant.CIFAR10, Split.TRAIN);
        assertEquals(List.of(64, 36), sizes(train, new Cifar.Options(64, true, true, 1, 100)));
        assertEquals(List.of(64), sizes(train, new Cifar.Options(64, true, true, 1, 100, true)));
        assertEquals(List.of(50, 50), sizes(train, new Cifar.Options(50, true, true, 1, 100, true)));
        assertEquals(List.of(), sizes(train, new Cifar.Options(200, false, false, 1, 100, true)));
        assertEquals(
                "batch size: expected at least 1, found 0",
                assertThrows(IllegalArgumentException.class, () -> Cifar.Options.evaluation(0)).getMessage());
    }

    private static List<Integer> sizes(Cifar cifar, Cifar.Options options) {
        List<Integer> sizes = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : cifar.batches(manager, options, 0)) {
                try (batch) {
                    sizes.add(batch.getSize());
                }
            }
        }
        return sizes;
    }

    @Test
    void getDataAdvancesTheEpochAndClosingABatchFreesItsArrays() throws IOException {
        Cifar train = sample(Cifar.Variant.CIFAR10, Split.TRAIN).with(Cifar.Options.training(1000, 9));
        try (NDManager manager = NDManager.newBaseManager()) {
            Set<List<?>> orders = new HashSet<>();
            for (int epoch = 0; epoch < 3; epoch++) {
                for (Batch batch : train.getData(manager)) {
                    orders.add(batch.getIndices());
                    assertEquals(Arrays.stream(CifarBatches.permutation(1000, 9, epoch)).boxed().toList(), batch.getIndices());
                    batch.close();
                }
            }
            assertEquals(3, orders.size(), "each epoch has its own order");
            assertTrue(manager.getManagedArrays().isEmpty(), "nothing is left with the caller's manager");
        }
    }

    @Test
    void wrongLengthIsRefusedWithExpectedAndFound() throws IOException {
        Path folder = copyOfSample(OfficialDataset.CIFAR10);
        Path file = folder.resolve("data_batch_2.bin");
        resize(file, 200 * 3073 - 3073);
        assertEquals(
                file + ": expected 614600 bytes (200 records of 3073), found 611527 bytes (199 records)", message(Cifar.Variant.CIFAR10));
        resize(file, 200 * 3073 + 1);
        assertEquals(
                file + ": expected 614600 bytes (200 records of 3073), found 614601 bytes, not a multiple of a record: 200 records and 1"
                        + " bytes",
                message(Cifar.Variant.CIFAR10));
    }

    @Test
    void withoutMarkerTheOfficialSizesAreInsistedOn() throws IOException {
        Path folder = copyOfSample(OfficialDataset.CIFAR100);
        Files.delete(folder.resolve("SAMPLE"));
        assertEquals(
                folder.resolve("train.bin")
                        + ": expected 153700000 bytes (50000 records of 3074), found 3074000 bytes (1000 records)",
                message(Cifar.Variant.CIFAR100));
    }

    @Test
    void labelOutOfRangeIsRefusedWithItsRecord() throws IOException {
        Path ten = copyOfSample(OfficialDataset.CIFAR10).resolve("data_batch_5.bin");
        poke(ten, 17 * 3073, 10);
        assertEquals(ten + ": expected labels within 0..9, found 10 in record 17 (counted from 0)", message(Cifar.Variant.CIFAR10));
        Path hundred = copyOfSample(OfficialDataset.CIFAR100).resolve("train.bin");
        poke(hundred, 999 * 3074 + 1, 200);
        assertEquals(
                hundred + ": expected labels within 0..99, found 200 in record 999 (counted from 0)", message(Cifar.Variant.CIFAR100));
        poke(hundred, 998 * 3074, 20);
        assertEquals(
                hundred + ": expected coarse labels within 0..19, found 20 in record 998 (counted from 0)",
                message(Cifar.Variant.CIFAR100));
    }

    @Test
    void missingFilesSayHowToGetThem() throws IOException {
        String nothing = message(Cifar.Variant.CIFAR10);
        assertTrue(nothing.startsWith("CIFAR-10 not found: expected the folder " + directory.resolve("cifar-10-batches-bin")), nothing);
        assertTrue(nothing.endsWith("run `adadiff data fetch` for the real data, or `adadiff data sample` for a small generated set"), nothing);
        Path file = copyOfSample(OfficialDataset.CIFAR10).resolve("data_batch_4.bin");
        Files.delete(file);
        String one = message(Cifar.Variant.CIFAR10);
        assertTrue(one.startsWith(file + ": expected a file, found none; run `adadiff data fetch`"), one);
        assertThrows(IllegalArgumentException.class, () -> Cifar.load(shared, Cifar.Variant.CIFAR10, Split.VALID));
    }

    @Test
    void damagedNamesAndMarkersAreRefused() throws IOException {
        Path folder = copyOfSample(OfficialDataset.CIFAR10);
        Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n\n");
        assertEquals(folder.resolve("batches.meta.txt") + ": expected 10 names, one a line, found 2", message(Cifar.Variant.CIFAR10));
        Files.writeString(folder.resolve("SAMPLE"), "test_batch.bin=-3\n");
        assertEquals(folder.resolve("SAMPLE") + ": expected data_batch_1.bin=COUNT, found nothing", message(Cifar.Variant.CIFAR10));
    }

    @Test
    void loadingTakesNoMoreMemoryThanTheFilesAndAFifth() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("cifar-10-batches-bin"));
        for (OfficialDataset.OfficialFile file : OfficialDataset.CIFAR10.files()) {
            resize(folder.resolve(file.name()), 10_000 * 3073L); // sparse: zeros, so label 0
        }
        Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
        Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TEST);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Cifar train = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TRAIN);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(50_000, train.size());
        assertFalse(train.isSample());
        assertTrue(allocated <= 1.2 * 50_000 * 3073, allocated + " bytes for " + 50_000 * 3073);
    }

    @Test
    void realCifar10HasItsImages() throws IOException {
        Path real = RealData.directoryWith(OfficialDataset.CIFAR10);
        long start = System.nanoTime();
        Cifar train = Cifar.load(real, Cifar.Variant.CIFAR10, Split.TRAIN);
        System.out.printf("CIFAR-10 training set loaded in %.2f s%n", (System.nanoTime() - start) / 1e9);
        assertEquals(50_000, train.size());
        assertEquals("airplane", train.name(0));
        int[] perClass = new int[10];
        double red = 0;
        for (int i = 0; i < train.size(); i++) {
            perClass[train.label(i)]++;
            red += train.pixel(i, 0, i % 32, i / 32 % 32);
        }
        assertArrayEquals(IntStream.generate(() -> 5000).limit(10).toArray(), perClass, "5,000 of each class");
        // The published mean of the red channel, from one pixel an image
        assertEquals(0.4914, red / train.size() / 255, 0.005);
        assertEquals(10_000, Cifar.load(real, Cifar.Variant.CIFAR10, Split.TEST).size());
    }

    @Test
    void realCifar100HasItsClasses() throws IOException {
        Path real = RealData.directoryWith(OfficialDataset.CIFAR100);
        Cifar test = Cifar.load(real, Cifar.Variant.CIFAR100, Split.TEST);
        int[] perClass = new int[100];
        int[] perCoarse = new int[20];
        for (int i = 0; i < test.size(); i++) {
            perClass[test.label(i)]++;
            perCoarse[test.coarseLabel(i)]++;
        }
        assertArrayEquals(IntStream.generate(() -> 100).limit(100).toArray(), perClass);
        assertArrayEquals(IntStream.generate(() -> 500).limit(20).toArray(), perCoarse);
        assertEquals("worm", test.name(99));
    }

    private Path copyOfSample(OfficialDataset dataset) throws IOException {
        Path source = shared.resolve("sample").resolve(dataset.folder());
        Path target = Files.createDirectories(directory.resolve(dataset.folder()));
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private String message(Cifar.Variant variant) {
        return assertThrows(DataFileException.class, () -> Cifar.load(directory, variant, Split.TRAIN)).getMessage();
    }

    private static void resize(Path file, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
    }

    private static void poke(Path file, long position, int value) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            access.write(value);
        }
    }
}
