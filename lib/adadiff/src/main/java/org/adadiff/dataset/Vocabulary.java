package org.adadiff.dataset;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Words numbered in order of appearance, looked up by their bytes in the file: a million look-ups make no strings, and take tenths of a
 * second even in a JVM that has just started.
 */
final class Vocabulary {
    private final List<byte[]> words = new ArrayList<>();
    /** Open addressing: word number + 1, or 0 for a free place. At most half full. */
    private int[] places = new int[1 << 15];

    int size() {
        return words.size();
    }

    String word(int id) {
        return new String(words.get(id), StandardCharsets.UTF_8);
    }

    /** The number of the word in {@code text[start, end)}; a new word gets the next number. */
    int idOrNew(byte[] text, int start, int end) {
        int place = place(text, start, end);
        if (places[place] != 0) {
            return places[place] - 1;
        }
        words.add(Arrays.copyOfRange(text, start, end));
        places[place] = words.size();
        if (words.size() * 2 > places.length) {
            grow();
        }
        return words.size() - 1;
    }

    /** The number of a word, or -1. */
    int id(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return places[place(bytes, 0, bytes.length)] - 1;
    }

    /** Where this word stands, or the free place where it would. */
    private int place(byte[] text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text[i];
        }
        // The high bits of a product by the golden ratio depend on all bits of the hash
        int place = (hash * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(places.length - 1);
        while (places[place] != 0) {
            byte[] word = words.get(places[place] - 1);
            if (Arrays.equals(word, 0, word.length, text, start, end)) {
                return place;
            }
            place = (place + 1) & (places.length - 1);
        }
        return place;
    }

    private void grow() {
        places = new int[places.length * 2];
        for (int id = 0; id < words.size(); id++) {
            byte[] word = words.get(id);
            places[place(word, 0, word.length)] = id + 1;
        }
    }
}
