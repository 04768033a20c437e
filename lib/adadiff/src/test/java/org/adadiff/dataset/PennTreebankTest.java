package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PennTreebankTest {
    @TempDir
    Path directory;

    private Path write(String train, String valid, String test, String marker) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("ptb"));
        Files.writeString(folder.resolve("ptb.train.txt"), train);
        Files.writeString(folder.resolve("ptb.valid.txt"), valid);
        Files.writeString(folder.resolve("ptb.test.txt"), test);
        if (marker != null) {
            Files.writeString(folder.resolve("SAMPLE"), marker);
        }
        return folder;
    }

    private static String counts(int train, int valid, int test) {
        return "ptb.train.txt=" + train + "\nptb.valid.txt=" + valid + "\nptb.test.txt=" + test + "\n";
    }

    @Test
    void dictionaryIsInOrderOfAppearanceAndLinesEndWithEos() throws IOException {
        write(" the cat sat \n the  mat\n", "\na cat", "dog \n", counts(7, 4, 2));
        PennTreebank corpus = PennTreebank.load(directory);
        assertArrayEquals(new int[] {0, 1, 2, 3, 0, 4, 3}, corpus.tokens(Split.TRAIN));
        assertArrayEquals(new int[] {3, 5, 1, 3}, corpus.tokens(Split.VALID), "an empty line is a line; a last line needs no line feed");
        assertArrayEquals(new int[] {6, 3}, corpus.tokens(Split.TEST));
        assertEquals(7, corpus.vocabularySize());
        assertEquals("<eos>", corpus.word(3));
        assertEquals(6, corpus.id("dog"));
        assertTrue(corpus.isSample());
        assertThrows(IllegalArgumentException.class, () -> corpus.id("bird"));
    }

    @Test
    void manyEmptyLinesAndOneLongWordAreRead() throws IOException {
        write("\n".repeat(50), "x".repeat(1000), "y", counts(50, 2, 2));
        assertEquals(50, PennTreebank.load(directory).tokens(Split.TRAIN).length);
    }

    @Test
    void returnedTokensAreACopy() throws IOException {
        write("a b", "a", "b", counts(3, 2, 2));
        PennTreebank corpus = PennTreebank.load(directory);
        corpus.tokens(Split.TRAIN)[0] = 99;
        assertEquals(0, corpus.tokens(Split.TRAIN)[0]);
    }

    @Test
    void withoutMarkerTheOfficialCountsAreInsistedOn() throws IOException {
        Path folder = write("a b\n", "a\n", "b\n", null);
        assertEquals(folder.resolve("ptb.train.txt") + ": expected 929589 tokens (line ends included), found 3", message());
    }

    @Test
    void sampleWithOtherCountsThanItsMarkerIsRefused() throws IOException {
        Path folder = write("a b\n", "a\n", "b\n", counts(3, 2, 5));
        assertEquals(folder.resolve("ptb.test.txt") + ": expected 5 tokens (line ends included), found 2", message());
    }

    @Test
    void whatIsNoTextIsRefusedWithItsPlace() throws IOException {
        Path folder = write("a b\r\n", "a\n", "b\n", counts(3, 2, 2));
        assertEquals(folder.resolve("ptb.train.txt") + ": expected words, spaces and line feeds, found control character 13 at byte 3", message());
        Files.write(folder.resolve("ptb.train.txt"), new byte[] {'a', ' ', (byte) 0xC3, 'x', '\n'});
        assertEquals(folder.resolve("ptb.train.txt") + ": expected UTF-8 text, found another byte sequence at byte 2", message());
        Files.write(folder.resolve("ptb.train.txt"), new byte[0]);
        assertEquals(folder.resolve("ptb.train.txt") + ": expected text, found an empty file", message());
        Files.delete(folder.resolve("ptb.train.txt"));
        assertTrue(message().startsWith(folder.resolve("ptb.train.txt") + ": expected a file, found none; run `adadiff data fetch`"), message());
    }

    private String message() {
        return assertThrows(DataFileException.class, () -> PennTreebank.load(directory)).getMessage();
    }

    @Test
    void realCorpusHasItsPublishedCounts() throws IOException {
        Path real = RealData.directoryWith(OfficialDataset.PENN_TREEBANK);
        long start = System.nanoTime();
        PennTreebank corpus = PennTreebank.load(real);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("Penn Treebank read and indexed in %.2f s%n", seconds);
        assertFalse(corpus.isSample());
        assertEquals(10_000, corpus.vocabularySize());
        assertEquals(929_589, corpus.tokens(Split.TRAIN).length);
        assertEquals(73_760, corpus.tokens(Split.VALID).length);
        assertEquals(82_430, corpus.tokens(Split.TEST).length);
        assertEquals("aer", corpus.word(0));
        assertEquals(24, corpus.id("<eos>"));
        assertEquals("pierre", corpus.word(25));
        assertTrue(seconds < 5, "took " + seconds + " s; well under 1 s on two idle cores");
    }
}
