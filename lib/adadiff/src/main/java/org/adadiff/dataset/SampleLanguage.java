package org.adadiff.dataset;

import java.util.Random;

/**
 * A language of 200 words in which every word allows only four to follow it, with fixed probabilities, and every eighth word likes to end
 * a line. A model that has learnt it has a perplexity of about 3.4; one that only counts words, well over 100.
 */
final class SampleLanguage {
    private static final int WORDS = 200;
    private static final int FIRST_WORDS = 8;
    private static final double[] CUMULATIVE = {0.55, 0.8, 0.93, 1};
    private static final double END_AFTER_LAST_WORD = 0.7;
    private static final String[] CONSONANTS = {"b", "d", "g", "k", "l", "m", "n", "r", "s", "t"};
    private static final String[] VOWELS = {"a", "e", "i", "o", "u"};

    private final int[][] followers = new int[WORDS][CUMULATIVE.length];

    SampleLanguage(long seed) {
        for (int k = 0; k < CUMULATIVE.length; k++) {
            // Each word follows equally many others, so all of them come up
            int[] order = CifarBatches.permutation(WORDS, seed, k);
            for (int word = 0; word < WORDS; word++) {
                followers[word][k] = order[word];
            }
        }
    }

    /** Lines with exactly so many tokens, counting each line's end as one. */
    String text(int tokens, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        int left = tokens;
        while (left > 0) {
            int word = random.nextInt(FIRST_WORDS);
            int lineStart = text.length();
            // A line takes two tokens at least, so one is never left over
            while (left > 1) {
                text.append(text.length() == lineStart ? "" : " ").append(spell(word));
                left--;
                if (left == 1 || (left != 2 && word % 8 == 0 && random.nextDouble() < END_AFTER_LAST_WORD)) {
                    break;
                }
                word = next(word, random);
            }
            text.append('\n');
            left--;
        }
        return text.toString();
    }

    private int next(int word, Random random) {
        double draw = random.nextDouble();
        int k = 0;
        while (draw >= CUMULATIVE[k]) {
            k++;
        }
        return followers[word][k];
    }

    /** Two syllables, different for every word. */
    private static String spell(int word) {
        int first = word / 4;
        int second = word % 4 + word / 4 % 7;
        return CONSONANTS[first % 10] + VOWELS[first / 10] + CONSONANTS[second % 10] + VOWELS[word % 4];
    }
}
