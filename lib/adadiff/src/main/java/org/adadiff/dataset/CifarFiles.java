package org.adadiff.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads the records of CIFAR's binary files: 1 label byte (CIFAR-100: coarse, then fine) and 3072 pixel bytes each. They are kept as
 * they are, in one array, so memory is the size of the files.
 */
final class CifarFiles {
    private static final int CHUNK_BYTES = 1 << 18;

    private CifarFiles() {}

    static List<Path> recordFiles(Path folder, Cifar.Variant variant, Split split) {
        return switch (split) {
            case TRAIN -> variant.trainFiles().stream().map(folder::resolve).toList();
            case TEST -> List.of(folder.resolve(variant.testFile()));
            case VALID -> throw new IllegalArgumentException(
                    variant.dataset().title() + " has the splits TRAIN and TEST, found VALID");
        };
    }

    /** All records of these files, one after the other, every label checked. */
    static byte[] read(List<Path> files, Cifar.Variant variant, Map<String, Integer> counts) throws IOException {
        int total = 0;
        for (Path file : files) {
            int count = counts.get(file.getFileName().toString());
            checkLength(file, count, variant.recordBytes());
            total = Math.addExact(total, Math.multiplyExact(count, variant.recordBytes()));
        }
        byte[] records = new byte[total];
        int position = 0;
        for (Path file : files) {
            int end = position + counts.get(file.getFileName().toString()) * variant.recordBytes();
            readFully(file, records, position, end);
            checkLabels(file, records, position, end, variant);
            position = end;
        }
        return records;
    }

    private static void checkLength(Path file, int count, int recordBytes) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw DataFileException.missing(file);
        }
        long found = Files.size(file);
        long expected = (long) count * recordBytes;
        if (found != expected) {
            String remainder = found % recordBytes == 0
                    ? " (" + found / recordBytes + " records)"
                    : ", not a multiple of a record: " + found / recordBytes + " records and " + found % recordBytes + " bytes";
            throw DataFileException.damaged(
                    file, expected + " bytes (" + count + " records of " + recordBytes + ")", found + " bytes" + remainder);
        }
    }

    private static void readFully(Path file, byte[] records, int from, int end) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            int position = from;
            while (position < end) {
                // In chunks, because a channel keeps a direct buffer as large as the largest read
                int read = in.read(records, position, Math.min(CHUNK_BYTES, end - position));
                if (read < 0) {
                    throw DataFileException.damaged(
                            file, (end - from) + " bytes", "end of file after " + (position - from) + " (it shrank while being read)");
                }
                position += read;
            }
        }
    }

    private static void checkLabels(Path file, byte[] records, int from, int end, Cifar.Variant variant) throws DataFileException {
        for (int at = from; at < end; at += variant.recordBytes()) {
            for (int k = 0; k < variant.labelBytes(); k++) {
                int label = records[at + k] & 0xFF;
                boolean coarse = k < variant.labelBytes() - 1;
                int classes = coarse ? variant.coarseClasses() : variant.classes();
                if (label >= classes) {
                    throw DataFileException.damaged(
                            file,
                            (coarse ? "coarse labels" : "labels") + " within 0.." + (classes - 1),
                            label + " in record " + (at - from) / variant.recordBytes() + " (counted from 0)");
                }
            }
        }
    }

    /** The names in a text file, one a line; blank lines are skipped (the official CIFAR-10 file ends with one). */
    static List<String> names(Path file, int expected) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw DataFileException.missing(file);
        }
        List<String> names;
        try {
            names = Files.readAllLines(file, StandardCharsets.UTF_8).stream().filter(line -> !line.isBlank()).map(String::strip).toList();
        } catch (CharacterCodingException e) {
            throw DataFileException.damaged(file, expected + " names as UTF-8 text", "bytes that are no text");
        }
        if (names.size() != expected) {
            throw DataFileException.damaged(file, expected + " names, one a line", String.valueOf(names.size()));
        }
        return names;
    }
}
