package org.adadiff.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes small generated sets in the formats of the real ones, so that everything runs without a download: 1,000 + 200 images each for
 * CIFAR-10 and CIFAR-100, 20,000 / 4,000 / 4,000 tokens of text. They can be learnt, and mean nothing.
 */
public final class SampleGenerator {
    private static final int CIFAR10_PER_FILE = 200;
    private static final int CIFAR100_TRAIN = 1_000;
    private static final int CIFAR100_TEST = 200;
    private static final int TRAIN_TOKENS = 20_000;
    private static final int OTHER_TOKENS = 4_000;

    private SampleGenerator() {}

    /**
     * Writes all three sets below {@code dataDirectory/sample}, each in one step; an earlier sample is replaced.
     *
     * @param dataDirectory the data directory; made if need be
     * @param seed the same seed gives the same bytes
     * @return the folders written
     * @throws DataFileException if a folder is there that is not a sample; it is left alone
     * @throws IOException if a file can't be written
     */
    public static List<Path> generate(Path dataDirectory, long seed) throws IOException {
        List<Path> written = new ArrayList<>();
        for (OfficialDataset dataset : OfficialDataset.values()) {
            Path folder = DataDirectory.sample(dataDirectory, dataset);
            if (Files.exists(folder) && !SampleMarker.isSample(folder)) {
                throw DataFileException.damaged(
                        folder, "nothing, or a sample with its file " + SampleMarker.FILE, "something else; it is left alone");
            }
            try (StagedFolder staged = new StagedFolder(folder)) {
                Map<String, Integer> counts = switch (dataset) {
                    case CIFAR10 -> cifar10(staged.path(), seed);
                    case CIFAR100 -> cifar100(staged.path(), seed);
                    case PENN_TREEBANK -> pennTreebank(staged.path(), seed);
                };
                SampleMarker.write(staged.path(), dataset, counts, seed);
                staged.commit();
            }
            written.add(folder);
        }
        return written;
    }

    private static Map<String, Integer> cifar10(Path folder, long seed) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        Cifar.Variant variant = Cifar.Variant.CIFAR10;
        int file = 0;
        for (Path path : CifarFiles.recordFiles(folder, variant, Split.TRAIN)) {
            counts.put(path.getFileName().toString(), images(path, variant, CIFAR10_PER_FILE, Seeds.of(seed, 10, file++)));
        }
        Path test = folder.resolve(variant.testFile());
        counts.put(variant.testFile(), images(test, variant, CIFAR10_PER_FILE, Seeds.of(seed, 10, file)));
        counts.put(variant.namesFile(), names(folder.resolve(variant.namesFile()), "pattern", variant.classes()));
        return counts;
    }

    private static Map<String, Integer> cifar100(Path folder, long seed) throws IOException {
        Cifar.Variant variant = Cifar.Variant.CIFAR100;
        Path train = folder.resolve(variant.trainFiles().get(0));
        Path test = folder.resolve(variant.testFile());
        return new TreeMap<>(Map.of(
                train.getFileName().toString(), images(train, variant, CIFAR100_TRAIN, Seeds.of(seed, 100, 0)),
                test.getFileName().toString(), images(test, variant, CIFAR100_TEST, Seeds.of(seed, 100, 1)),
                "fine_label_names.txt", names(folder.resolve("fine_label_names.txt"), "pattern", variant.classes()),
                "coarse_label_names.txt", names(folder.resolve("coarse_label_names.txt"), "colour", variant.coarseClasses())));
    }

    /** Equally many images of every class, in random order. */
    private static int images(Path file, Cifar.Variant variant, int count, long seed) throws IOException {
        Random random = new Random(seed);
        int[] order = CifarBatches.permutation(count, seed, 0);
        byte[] records = new byte[count * variant.recordBytes()];
        for (int i = 0; i < count; i++) {
            int label = order[i] % variant.classes();
            int at = i * variant.recordBytes();
            if (variant.coarseClasses() > 0) {
                records[at++] = (byte) (label % variant.coarseClasses());
            }
            records[at++] = (byte) label;
            SamplePattern.of(label, variant).draw(random, records, at);
        }
        Files.write(file, records);
        return count;
    }

    private static int names(Path file, String prefix, int count) throws IOException {
        Files.write(file, IntStream.range(0, count).mapToObj(i -> prefix + "_" + i).toList(), StandardCharsets.UTF_8);
        return count;
    }

    private static Map<String, Integer> pennTreebank(Path folder, long seed) throws IOException {
        SampleLanguage language = new SampleLanguage(Seeds.of(seed, 0, 0));
        Map<String, Integer> counts = new TreeMap<>();
        for (Split split : Split.values()) {
            String file = OfficialDataset.PENN_TREEBANK.files().get(split.ordinal()).name();
            int tokens = split == Split.TRAIN ? TRAIN_TOKENS : OTHER_TOKENS;
            Files.writeString(folder.resolve(file), language.text(tokens, Seeds.of(seed, 1, split.ordinal())), StandardCharsets.UTF_8);
            counts.put(file, tokens);
        }
        return counts;
    }
}
