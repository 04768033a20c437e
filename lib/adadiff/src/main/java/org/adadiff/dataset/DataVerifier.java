package org.adadiff.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what is in a data directory: official, the official images in another order, a sample, something else, damaged, or nothing. */
public final class DataVerifier {
    /** {@link RecordsDigest} of the official images. For CIFAR-100 none is known. */
    private static final Map<Split, String> CIFAR10_RECORDS = Map.of(
            Split.TRAIN, "d17523651dcffdf1be45e6671e5077f61b15cbf5376a64e556c870e6fb6066d3",
            Split.TEST, "ab21d127e2bbf4b95f1588dcadf3c8502b8fedb328dd5315bc7fa51b5ab965c0");

    private DataVerifier() {}

    /**
     * Checks every file of every data set in this directory. Reads all of it: a few seconds for the real sets.
     *
     * @param dataDirectory the data directory
     * @return for each data set a finding about its folder, and one about its sample where there is one
     * @throws IOException if a file is there but can't be read
     */
    public static List<Finding> verify(Path dataDirectory) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (OfficialDataset dataset : OfficialDataset.values()) {
            Path real = dataDirectory.resolve(dataset.folder());
            Path sample = DataDirectory.sample(dataDirectory, dataset);
            if (Files.exists(real) || !Files.exists(sample)) {
                findings.add(inspect(dataset, real));
            }
            if (Files.exists(sample)) {
                findings.add(inspect(dataset, sample));
            }
        }
        return findings;
    }

    /**
     * Checks every file of one data set, where the loaders would find it.
     *
     * @param dataDirectory the data directory
     * @param dataset which data set
     * @return a finding about its folder, or else about its sample
     * @throws IOException if neither is there, or a file can't be read
     */
    public static Finding verify(Path dataDirectory, OfficialDataset dataset) throws IOException {
        return inspect(dataset, DataDirectory.find(dataDirectory, dataset));
    }

    static Finding inspect(OfficialDataset dataset, Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return new Finding(dataset, folder, State.MISSING, List.of(DataFileException.HOW_TO_GET));
        }
        List<String> damage = new ArrayList<>();
        boolean officialRecords = checkStructure(dataset, folder, damage);
        if (!damage.isEmpty()) {
            return new Finding(dataset, folder, State.DAMAGED, damage);
        }
        if (SampleMarker.isSample(folder)) {
            return new Finding(dataset, folder, State.SAMPLE, List.of());
        }
        List<String> differences = new ArrayList<>();
        for (OfficialDataset.OfficialFile file : dataset.files()) {
            String found = Digests.sha256(folder.resolve(file.name()));
            if (!file.sha256().isEmpty() && !file.sha256().equals(found)) {
                differences.add(folder.resolve(file.name()) + ": expected SHA-256 " + file.sha256() + ", found " + found);
            }
        }
        if (differences.isEmpty()) {
            return new Finding(dataset, folder, State.OFFICIAL, List.of());
        }
        return officialRecords ? new Finding(dataset, folder, State.OTHER_ORDER, List.of())
                : new Finding(dataset, folder, State.DIFFERENT, differences);
    }

    /** Reads everything; adds what is wrong to the list, and says whether the records are known to be the official ones. */
    private static boolean checkStructure(OfficialDataset dataset, Path folder, List<String> damage) throws IOException {
        return switch (dataset) {
            case CIFAR10 -> checkCifar(Cifar.Variant.CIFAR10, folder, Split.TRAIN, damage)
                    & checkCifar(Cifar.Variant.CIFAR10, folder, Split.TEST, damage);
            case CIFAR100 -> checkCifar(Cifar.Variant.CIFAR100, folder, Split.TRAIN, damage)
                    & checkCifar(Cifar.Variant.CIFAR100, folder, Split.TEST, damage);
            case PENN_TREEBANK -> {
                try {
                    PennTreebank.loadFolder(folder);
                } catch (DataFileException e) {
                    damage.add(e.getMessage());
                }
                yield false;
            }
        };
    }

    private static boolean checkCifar(Cifar.Variant variant, Path folder, Split split, List<String> damage) throws IOException {
        try {
            RecordsDigest digest = new RecordsDigest(variant.recordBytes());
            CifarFiles.scan(CifarFiles.recordFiles(folder, variant, split), variant,
                    SampleMarker.counts(folder, variant.dataset()), digest::add);
            CifarFiles.names(folder.resolve(variant.namesFile()), variant.classes());
            return variant == Cifar.Variant.CIFAR10 && digest.value().equals(CIFAR10_RECORDS.get(split));
        } catch (DataFileException e) {
            if (!damage.contains(e.getMessage())) {
                damage.add(e.getMessage());
            }
            return false;
        }
    }

    /** What a folder holds. */
    public enum State {
        /** Every file with a known checksum has it. */
        OFFICIAL("official"),
        /** The official images, all of them and no others, but in another order: as good, though not bit by bit the same runs. */
        OTHER_ORDER("the official images in another order"),
        /** Right in form, but neither the official content nor a sample: say so where results are shown. */
        DIFFERENT("right in form, but not the official content"),
        /** A generated sample. */
        SAMPLE("generated sample"),
        /** There is nothing. */
        MISSING("missing"),
        /** A file is missing or is not what it should be; loading fails. */
        DAMAGED("damaged");

        private final String description;

        State(String description) {
            this.description = description;
        }

        /**
         * Says it in words.
         *
         * @return a few words in lower case
         */
        public String description() {
            return description;
        }
    }

    /**
     * What was found about one folder.
     *
     * @param dataset the data set
     * @param folder where it was looked for
     * @param state what it holds
     * @param details one line for each thing wrong or different: file, expected, found
     */
    public record Finding(OfficialDataset dataset, Path folder, State state, List<String> details) {
        /**
         * Says whether the data set can be loaded from this folder.
         *
         * @return false if missing or damaged
         */
        public boolean usable() {
            return state != State.MISSING && state != State.DAMAGED;
        }

        /**
         * Says it in a line, without the details.
         *
         * @return for example {@code CIFAR-10: official (data/cifar-10-batches-bin)}
         */
        @Override
        public String toString() {
            return dataset.title() + ": " + state.description() + " (" + folder + ")";
        }
    }
}
