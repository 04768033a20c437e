package org.adadiff.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads the records of CIFAR's binary files: 1 label byte (CIFAR-100: coarse, then fine) and 3072 pixel bytes each. */
final class CifarFiles {
    private static final int CHUNK_RECORDS = 64; // 200 kB, which a core has at hand

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
        int count = 0;
        for (Path file : files) {
            count = Math.addExact(count, counts.get(file.getFileName().toString()));
        }
        ByteBuffer records = ByteBuffer.allocate(Math.multiplyExact(count, variant.recordBytes()));
        scan(files, variant, counts, records::put);
        return records.array();
    }

    /** Gives all records of these files, every label checked, to the sink: a few at a time, so memory is that of a few. */
    static void scan(List<Path> files, Cifar.Variant variant, Map<String, Integer> counts, RecordSink sink) throws IOException {
        for (Path file : files) {
            checkLength(file, counts.get(file.getFileName().toString()), variant.recordBytes());
        }
        byte[] chunk = new byte[CHUNK_RECORDS * variant.recordBytes()];
        for (Path file : files) {
            int count = counts.get(file.getFileName().toString());
            try (InputStream in = Files.newInputStream(file)) {
                for (int first = 0; first < count; first += CHUNK_RECORDS) {
                    int length = Math.min(CHUNK_RECORDS, count - first) * variant.recordBytes();
                    if (in.readNBytes(chunk, 0, length) < length) {
                        throw DataFileException.damaged(
                                file, count + " records", "its end in one of them, after record " + first + " (it shrank while being read)");
                    }
                    checkLabels(file, chunk, length, first, variant);
                    sink.take(chunk, 0, length);
                }
            }
        }
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

    private static void checkLabels(Path file, byte[] records, int length, int first, Cifar.Variant variant) throws DataFileException {
        for (int at = 0; at < length; at += variant.recordBytes()) {
            for (int k = 0; k < variant.labelBytes(); k++) {
                int label = records[at + k] & 0xFF;
                boolean coarse = k < variant.labelBytes() - 1;
                int classes = coarse ? variant.coarseClasses() : variant.classes();
                if (label >= classes) {
                    throw DataFileException.damaged(
                            file,
                            (coarse ? "coarse labels" : "labels") + " within 0.." + (classes - 1),
                            label + " in record " + (first + at / variant.recordBytes()) + " (counted from 0)");
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

    /** Takes whole records. The bytes are good for the time of the call. */
    @FunctionalInterface
    interface RecordSink {
        void take(byte[] bytes, int from, int length);
    }
}
