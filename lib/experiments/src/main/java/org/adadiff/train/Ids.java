package org.adadiff.train;

import java.util.Arrays;
import java.util.Locale;

/** Names of constants in commands, files and notebooks: lower case, with dashes. */
final class Ids {
    private Ids() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E find(String what, E[] constants, String id) {
        return Arrays.stream(constants).filter(constant -> of(constant).equals(id)).findFirst().orElseThrow(
                () -> new IllegalArgumentException(what + ": expected one of "
                        + Arrays.stream(constants).map(Ids::of).toList() + ", found '" + id + "'"));
    }
}
