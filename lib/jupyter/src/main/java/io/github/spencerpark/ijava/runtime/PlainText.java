package io.github.spencerpark.ijava.runtime;

import java.lang.reflect.Array;
import java.util.StringJoiner;

/** Values as text where {@code toString} says nothing: arrays. */
final class PlainText {
    private static final int MAX_ELEMENTS = 1000;
    private static final int MAX_DEPTH = 8;

    private PlainText() {}

    static String ofArray(Object array) {
        return ofArray(array, 0);
    }

    private static String ofArray(Object array, int depth) {
        int length = Array.getLength(array);
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < Math.min(length, MAX_ELEMENTS); i++) {
            Object element = Array.get(array, i);
            boolean nested = element != null && element.getClass().isArray() && depth < MAX_DEPTH;
            text.add(nested ? ofArray(element, depth + 1) : String.valueOf(element));
        }
        if (length > MAX_ELEMENTS) {
            text.add("... " + (length - MAX_ELEMENTS) + " more");
        }
        return text.toString();
    }
}
