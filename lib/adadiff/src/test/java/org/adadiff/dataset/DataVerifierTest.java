package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataVerifierTest {
    @TempDir
    Path directory;

    private Map<OfficialDataset, DataVerifier.Finding> verify() throws IOException {
        return DataVerifier.verify(directory).stream().collect(Collectors.toMap(DataVerifier.Finding::dataset, finding -> finding));
    }

    @Test
    void emptyDirectoryIsMissingEverything() throws IOException {
        List<DataVerifier.Finding> findings = DataVerifier.verify(directory);
        assertEquals(3, findings.size());
        for (DataVerifier.Finding finding : findings) {
            assertEquals(DataVerifier.State.MISSING, finding.state());
            assertFalse(finding.usable());
        }
        assertEquals("CIFAR-10: missing (" + directory.resolve("cifar-10-batches-bin") + ")", findings.get(0).toString());
        assertTrue(findings.get(0).details().get(0).contains("adadiff data fetch"));
    }

    @Test
    void samplesAreCalledSamples() throws IOException {
        SampleGenerator.generate(directory, 1);
        for (DataVerifier.Finding finding : DataVerifier.verify(directory)) {
            assertEquals(DataVerifier.State.SAMPLE, finding.state(), finding.toString());
            assertTrue(finding.usable());
        }
    }

    @Test
    void everyDamagedFileIsNamed() throws IOException {
        SampleGenerator.generate(directory, 1);
        Path ten = directory.resolve("sample/cifar-10-batches-bin");
        Files.write(ten.resolve("data_batch_1.bin"), new byte[3072]);
        Files.delete(ten.resolve("test_batch.bin"));
        Files.delete(directory.resolve("sample/ptb/ptb.valid.txt"));
        Map<OfficialDataset, DataVerifier.Finding> findings = verify();
        DataVerifier.Finding cifar10 = findings.get(OfficialDataset.CIFAR10);
        assertEquals(DataVerifier.State.DAMAGED, cifar10.state());
        assertEquals(2, cifar10.details().size(), cifar10.details().toString());
        assertTrue(cifar10.details().get(0).startsWith(ten.resolve("data_batch_1.bin") + ": expected 614600 bytes"));
        assertTrue(cifar10.details().get(1).startsWith(ten.resolve("test_batch.bin") + ": expected a file, found none"));
        assertEquals(DataVerifier.State.DAMAGED, findings.get(OfficialDataset.PENN_TREEBANK).state());
        assertEquals(DataVerifier.State.SAMPLE, findings.get(OfficialDataset.CIFAR100).state());
    }

    @Test
    void contentThatIsNotOfficialIsCalledDifferent() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("ptb"));
        // The official counts of tokens and words, with other words
        StringBuilder train = new StringBuilder();
        for (int i = 0; i < 929_588; i++) {
            train.append('w').append(i % 9_999).append(' ');
        }
        Files.writeString(folder.resolve("ptb.train.txt"), train + "\n");
        Files.writeString(folder.resolve("ptb.valid.txt"), "w1 ".repeat(73_759) + "\n");
        Files.writeString(folder.resolve("ptb.test.txt"), "w1 ".repeat(82_429) + "\n");
        DataVerifier.Finding finding = verify().get(OfficialDataset.PENN_TREEBANK);
        assertEquals(DataVerifier.State.DIFFERENT, finding.state());
        assertTrue(finding.usable());
        assertEquals(3, finding.details().size());
        assertTrue(finding.details().get(0).startsWith(
                folder.resolve("ptb.train.txt") + ": expected SHA-256 fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf, found "));
    }

    @Test
    void recordsDigestIgnoresOrderAndNothingElse() {
        byte[] records = new byte[5 * 100];
        new Random(1).nextBytes(records);
        String digest = digest(records);
        byte[] swapped = records.clone();
        System.arraycopy(records, 0, swapped, 300, 100);
        System.arraycopy(records, 300, swapped, 0, 100);
        assertEquals(digest, digest(swapped));
        byte[] changed = records.clone();
        changed[499] ^= 1;
        assertFalse(digest.equals(digest(changed)), "one bit");
        byte[] doubled = records.clone();
        System.arraycopy(records, 0, doubled, 300, 100);
        assertFalse(digest.equals(digest(doubled)), "one record twice, another left out");
        RecordsDigest inParts = new RecordsDigest(100);
        inParts.add(records, 300, 200);
        inParts.add(records, 0, 300);
        assertEquals(digest, inParts.value());
    }

    private static String digest(byte[] records) {
        RecordsDigest digest = new RecordsDigest(100);
        digest.add(records, 0, records.length);
        return digest.value();
    }

    @Test
    void realDataIsRecognised() throws IOException {
        Path real = RealData.directoryWith(OfficialDataset.CIFAR10);
        RealData.directoryWith(OfficialDataset.PENN_TREEBANK);
        long start = System.nanoTime();
        for (DataVerifier.Finding finding : DataVerifier.verify(real)) {
            System.out.println(finding);
            assertTrue(finding.usable(), finding + " " + finding.details());
            if (finding.dataset() == OfficialDataset.PENN_TREEBANK) {
                assertEquals(DataVerifier.State.OFFICIAL, finding.state());
            }
            if (finding.dataset() == OfficialDataset.CIFAR10) {
                assertTrue(
                        finding.state() == DataVerifier.State.OFFICIAL || finding.state() == DataVerifier.State.OTHER_ORDER,
                        finding + " " + finding.details());
            }
        }
        System.out.printf("verified in %.1f s%n", (System.nanoTime() - start) / 1e9);
    }

    /** data/checksums.txt is for sha256sum --check; the code must say the same. */
    @Test
    void checksumsFileAgreesWithTheCode() throws IOException {
        Map<String, String> inCode = new TreeMap<>();
        for (OfficialDataset dataset : OfficialDataset.values()) {
            dataset.files().stream().filter(file -> !file.sha256().isEmpty())
                    .forEach(file -> inCode.put(dataset.folder() + "/" + file.name(), file.sha256()));
        }
        Map<String, String> inFile = Files.readAllLines(Path.of("../../data/checksums.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("  "))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0], (a, b) -> a, TreeMap::new));
        assertEquals(inCode, inFile);
        assertTrue(Arrays.stream(OfficialDataset.values()).allMatch(dataset -> dataset.archiveMd5().matches("[0-9a-f]{32}")));
    }
}
