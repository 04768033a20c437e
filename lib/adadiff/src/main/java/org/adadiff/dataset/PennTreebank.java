package org.adadiff.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The Penn Treebank as numbers. The dictionary is in order of appearance over train, valid and test; the end of every line is the word
 * {@code <eos>}. In memory: 4 bytes a token.
 */
public final class PennTreebank {
    /** The word at the end of every line. */
    public static final String END_OF_LINE = "<eos>";

    private static final byte[] EOS_BYTES = END_OF_LINE.getBytes(StandardCharsets.UTF_8);
    private static final int OFFICIAL_WORDS = 10_000;
    private static final int DECODED_AT_ONCE = 8192; // characters

    private final Path folder;
    private final Vocabulary vocabulary = new Vocabulary();
    private final Map<Split, int[]> tokens = new EnumMap<>(Split.class);

    private PennTreebank(Path folder) {
        this.folder = folder;
    }

    /**
     * Loads the real corpus of this data directory, or its generated sample where there is no real one.
     *
     * @param dataDirectory the data directory, see {@link DataDirectory#resolve}
     * @return the corpus
     * @throws DataFileException if a file is missing, is not text, or has another number of tokens than it should
     * @throws IOException if a file can't be read
     */
    public static PennTreebank load(Path dataDirectory) throws IOException {
        return loadFolder(DataDirectory.find(dataDirectory, OfficialDataset.PENN_TREEBANK));
    }

    static PennTreebank loadFolder(Path folder) throws IOException {
        Map<String, Integer> counts = SampleMarker.counts(folder, OfficialDataset.PENN_TREEBANK);
        PennTreebank corpus = new PennTreebank(folder);
        for (Split split : Split.values()) {
            Path file = corpus.file(split);
            int[] found = corpus.index(file, read(file));
            int expected = counts.get(file.getFileName().toString());
            if (found.length != expected) {
                throw DataFileException.damaged(file, expected + " tokens (line ends included)", String.valueOf(found.length));
            }
            corpus.tokens.put(split, found);
        }
        if (!corpus.isSample() && corpus.vocabularySize() != OFFICIAL_WORDS) {
            throw DataFileException.damaged(
                    folder, OFFICIAL_WORDS + " different words over train, valid and test", String.valueOf(corpus.vocabularySize()));
        }
        return corpus;
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw DataFileException.missing(file);
        }
        byte[] text = Files.readAllBytes(file);
        if (text.length == 0) {
            throw DataFileException.damaged(file, "text", "an empty file");
        }
        ByteBuffer bytes = ByteBuffer.wrap(text);
        CharBuffer characters = CharBuffer.allocate(DECODED_AT_ONCE);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result;
        do {
            result = decoder.decode(bytes, characters.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw DataFileException.damaged(file, "UTF-8 text", "another byte sequence at byte " + bytes.position());
        }
        return text;
    }

    private int[] index(Path file, byte[] text) throws DataFileException {
        int[] found = new int[maxTokens(text)];
        int count = 0;
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            byte c = text[i];
            if (c > ' ' || c < 0) {
                continue;
            }
            if (c != ' ' && c != '\n') {
                throw DataFileException.damaged(file, "words, spaces and line feeds", "control character " + c + " at byte " + i);
            }
            if (i > start) {
                found[count++] = vocabulary.idOrNew(text, start, i);
            }
            if (c == '\n') {
                found[count++] = vocabulary.idOrNew(EOS_BYTES, 0, EOS_BYTES.length);
            }
            start = i + 1;
        }
        if (start < text.length) {
            found[count++] = vocabulary.idOrNew(text, start, text.length);
        }
        if (text[text.length - 1] != '\n') {
            found[count++] = vocabulary.idOrNew(EOS_BYTES, 0, EOS_BYTES.length);
        }
        return Arrays.copyOf(found, count);
    }

    /** One for each line feed and each end of a word, and one for the last line, which may lack its line feed. */
    private static int maxTokens(byte[] text) {
        int count = 2;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                count++;
            }
            if (text[i] >= 0 && text[i] <= ' ' && i > 0 && (text[i - 1] > ' ' || text[i - 1] < 0)) {
                count++;
            }
        }
        return count;
    }

    /**
     * Returns the number of different words.
     *
     * @return 10,000 for the real corpus
     */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /**
     * Returns the word with this number.
     *
     * @param id 0 to {@link #vocabularySize()} - 1
     * @return the word
     * @throws IndexOutOfBoundsException if there is no such number
     */
    public String word(int id) {
        return vocabulary.word(id);
    }

    /**
     * Returns the number of this word.
     *
     * @param word a word of the corpus
     * @return its place in the order of first appearance
     * @throws IllegalArgumentException if the corpus does not hold the word
     */
    public int id(String word) {
        int id = vocabulary.id(word);
        if (id < 0) {
            throw new IllegalArgumentException(
                    "word: expected one of the " + vocabularySize() + " of " + folder + ", found \"" + word + "\"");
        }
        return id;
    }

    /**
     * Returns a part of the corpus.
     *
     * @param split which part
     * @return word numbers, line ends included, in the order of the text; a new array
     */
    public int[] tokens(Split split) {
        return tokens.get(split).clone();
    }

    /**
     * Says whether this is generated text rather than the real corpus.
     *
     * @return true for a sample of {@code adadiff data sample}
     */
    public boolean isSample() {
        return SampleMarker.isSample(folder);
    }

    /**
     * Returns the files that were read.
     *
     * @return train, valid, test
     */
    public List<Path> files() {
        return Arrays.stream(Split.values()).map(this::file).toList();
    }

    private Path file(Split split) {
        return folder.resolve(OfficialDataset.PENN_TREEBANK.files().get(split.ordinal()).name());
    }
}
