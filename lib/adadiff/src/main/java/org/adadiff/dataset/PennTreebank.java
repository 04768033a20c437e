package org.adadiff.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Penn Treebank as numbers. The dictionary is in order of appearance over train, valid and test; the end of every line is the word
 * {@code <eos>}. In memory: 4 bytes a token.
 */
public final class PennTreebank {
    /** The word at the end of every line. */
    public static final String END_OF_LINE = "<eos>";

    private static final int OFFICIAL_WORDS = 10_000;

    private final Path folder;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> words = new ArrayList<>();
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

    private static CharBuffer read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw DataFileException.missing(file);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (!bytes.hasRemaining()) {
            throw DataFileException.damaged(file, "text", "an empty file");
        }
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(bytes, text, true);
        if (result.isError()) {
            throw DataFileException.damaged(file, "UTF-8 text", "another byte sequence at byte " + bytes.position());
        }
        return text.flip();
    }

    private int[] index(Path file, CharBuffer buffer) throws DataFileException {
        char[] text = buffer.array();
        int length = buffer.limit();
        int[] found = new int[length / 2 + 1]; // a word and what follows it take two characters at least, an empty line one
        int count = 0;
        int start = 0;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? text[i] : '\n';
            if (c > ' ') {
                continue;
            }
            if (c != ' ' && c != '\n') {
                throw DataFileException.damaged(
                        file, "words, spaces and line feeds", "control character " + (int) c + " at character " + i);
            }
            if (count + 2 > found.length) {
                found = Arrays.copyOf(found, found.length * 2 + 2);
            }
            if (i > start) {
                found[count++] = idOrNew(new String(text, start, i - start));
            }
            // A file that ends with a line feed has no further line after it
            if (c == '\n' && (i < length || text[length - 1] != '\n')) {
                found[count++] = idOrNew(END_OF_LINE);
            }
            start = i + 1;
        }
        return Arrays.copyOf(found, count);
    }

    private int idOrNew(String word) {
        Integer id = ids.putIfAbsent(word, words.size());
        if (id != null) {
            return id;
        }
        words.add(word);
        return words.size() - 1;
    }

    /**
     * Returns the number of different words.
     *
     * @return 10,000 for the real corpus
     */
    public int vocabularySize() {
        return words.size();
    }

    /**
     * Returns the word with this number.
     *
     * @param id 0 to {@link #vocabularySize()} - 1
     * @return the word
     * @throws IndexOutOfBoundsException if there is no such number
     */
    public String word(int id) {
        return words.get(id);
    }

    /**
     * Returns the number of this word.
     *
     * @param word a word of the corpus
     * @return its place in the order of first appearance
     * @throws IllegalArgumentException if the corpus does not hold the word
     */
    public int id(String word) {
        Integer id = ids.get(word);
        if (id == null) {
            throw new IllegalArgumentException(
                    "word: expected one of the " + words.size() + " of " + folder + ", found \"" + word + "\"");
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
