package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleGeneratorTest {
    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    @BeforeAll
    static void generateSample() throws IOException {
        SampleGenerator.generate(shared, 1);
    }

    private static byte[] bytes(Path directory, String file) throws IOException {
        return Files.readAllBytes(directory.resolve("sample").resolve(file));
    }

    @Test
    void sameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        Path again = directory.resolve("again");
        Path other = directory.resolve("other");
        List<Path> written = SampleGenerator.generate(directory, 1);
        assertEquals(directory.resolve("sample/cifar-10-batches-bin"), written.get(0));
        SampleGenerator.generate(again, 1);
        SampleGenerator.generate(other, 2);
        for (String file : List.of("cifar-10-batches-bin/data_batch_3.bin", "cifar-100-binary/test.bin", "ptb/ptb.valid.txt")) {
            assertArrayEquals(bytes(directory, file), bytes(again, file), file);
            assertFalse(Arrays.equals(bytes(directory, file), bytes(other, file)), file);
        }
    }

    @Test
    void anEarlierSampleIsReplacedAndNothingElseIsLeft() throws IOException {
        SampleGenerator.generate(directory, 1);
        Path extra = directory.resolve("sample/ptb/left-over");
        Files.writeString(extra, "x");
        SampleGenerator.generate(directory, 2);
        assertFalse(Files.exists(extra), "the folder is replaced as a whole");
        try (var files = Files.list(directory.resolve("sample"))) {
            assertEquals(List.of("cifar-10-batches-bin", "cifar-100-binary", "ptb"), files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void whatIsNoSampleIsLeftAlone() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("sample/cifar-100-binary"));
        Files.writeString(folder.resolve("train.bin"), "mine");
        DataFileException refused = assertThrows(DataFileException.class, () -> SampleGenerator.generate(directory, 1));
        assertEquals(folder + ": expected nothing, or a sample with its file SAMPLE, found something else; it is left alone", refused.getMessage());
        assertEquals("mine", Files.readString(folder.resolve("train.bin")));
    }

    /** The nearest class mean, which knows no textures, is far above chance (10 % and 1 %) and below certainty. */
    @Test
    void imagesCanBeLearnt() throws IOException {
        double ten = nearestMeanAccuracy(Cifar.Variant.CIFAR10);
        double hundred = nearestMeanAccuracy(Cifar.Variant.CIFAR100);
        System.out.printf("nearest class mean on the samples: %.2f of 10 classes, %.2f of 100%n", ten, hundred);
        assertTrue(ten > 0.3 && ten < 0.95, "CIFAR-10 sample: " + ten);
        assertTrue(hundred > 0.08 && hundred < 0.95, "CIFAR-100 sample: " + hundred);
    }

    private double nearestMeanAccuracy(Cifar.Variant variant) throws IOException {
        Cifar train = Cifar.load(shared, variant, Split.TRAIN);
        Cifar test = Cifar.load(shared, variant, Split.TEST);
        float[][] means = new float[variant.classes()][3072];
        int[] counts = new int[variant.classes()];
        float[] image = new float[3072];
        for (int i = 0; i < train.size(); i++) {
            train.image(i, CropFlip.NONE, image);
            counts[train.label(i)]++;
            for (int k = 0; k < 3072; k++) {
                means[train.label(i)][k] += image[k];
            }
        }
        int right = 0;
        for (int i = 0; i < test.size(); i++) {
            test.image(i, CropFlip.NONE, image);
            int best = 0;
            double bestDistance = Double.MAX_VALUE;
            for (int c = 0; c < means.length; c++) {
                double distance = 0;
                for (int k = 0; k < 3072; k++) {
                    double d = image[k] - means[c][k] / counts[c];
                    distance += d * d;
                }
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = c;
                }
            }
            right += best == test.label(i) ? 1 : 0;
        }
        return (double) right / test.size();
    }

    @Test
    void classesAreBalancedAndMixed() throws IOException {
        Cifar train = Cifar.load(shared, Cifar.Variant.CIFAR100, Split.TRAIN);
        int[] counts = new int[100];
        IntStream.range(0, 1000).forEach(i -> counts[train.label(i)]++);
        assertArrayEquals(IntStream.generate(() -> 10).limit(100).toArray(), counts);
        assertTrue(IntStream.range(0, 100).map(train::label).distinct().count() > 50, "the first 100 images are of many classes");
    }

    /** Word pairs counted in the training text predict the test text far better than single words do. */
    @Test
    void textCanBeLearnt() throws IOException {
        PennTreebank corpus = PennTreebank.load(shared);
        assertEquals(20_000, corpus.tokens(Split.TRAIN).length);
        assertEquals(4_000, corpus.tokens(Split.TEST).length);
        assertEquals(201, corpus.vocabularySize(), "200 words and the line end");
        int words = corpus.vocabularySize();
        double[] single = new double[words];
        double[][] pair = new double[words][words];
        int[] train = corpus.tokens(Split.TRAIN);
        Arrays.fill(single, 0.01);
        Arrays.stream(pair).forEach(row -> Arrays.fill(row, 0.01));
        for (int i = 1; i < train.length; i++) {
            single[train[i]]++;
            pair[train[i - 1]][train[i]]++;
        }
        double singleTotal = Arrays.stream(single).sum();
        double[] pairTotals = Arrays.stream(pair).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
        int[] test = corpus.tokens(Split.TEST);
        double singleLoss = 0;
        double pairLoss = 0;
        for (int i = 1; i < test.length; i++) {
            singleLoss -= Math.log(single[test[i]] / singleTotal) / (test.length - 1);
            pairLoss -= Math.log(pair[test[i - 1]][test[i]] / pairTotals[test[i - 1]]) / (test.length - 1);
        }
        System.out.printf("perplexity of the text sample: %.1f by single words, %.1f by pairs%n", Math.exp(singleLoss), Math.exp(pairLoss));
        assertTrue(Math.exp(singleLoss) > 50, "single words: " + Math.exp(singleLoss));
        assertTrue(Math.exp(pairLoss) < 6, "pairs: " + Math.exp(pairLoss));
    }
}
