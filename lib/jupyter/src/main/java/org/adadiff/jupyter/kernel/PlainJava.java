package org.adadiff.jupyter.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told of a piece of Java without JShell's analysis, which takes some milliseconds, and at its first use a second of the
 * processor, for an index of all classes there are. Only the plainest code is known here; the rest is left to JShell.
 */
final class PlainJava {
    private static final Pattern VALUE =
            Pattern.compile("(?!new\\b.*\\{)[^;{}=]*[\\w\\]\"]|new [\\w.<>, ]+\\([^;{}=]*\\)", Pattern.DOTALL);
    private static final Pattern STATEMENT =
            Pattern.compile("\\s*+\\w(?:[^;{}\"'/]++|(?!\"\"\")\"(?:[^\"\\\\\\r\\n]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)++'|/(?![/*]))*+;");
    // After the semicolon of such a statement, its other half may stand
    private static final Pattern MORE_THAN_ONE_PART = Pattern.compile("\\b(?:if|else|for|while|do|try|switch|case|default|synchronized)\\b");

    private PlainJava() {}

    /** Whether it is neither a declaration nor of type void. It may be no Java at all, and some values are not recognised. */
    static boolean isValue(String code) {
        return VALUE.matcher(code).matches();
    }

    /** Where the first statement or declaration ends; -1 if that is not plain. */
    static int endOfFirst(String code) {
        Matcher statement = STATEMENT.matcher(code);
        return statement.lookingAt() && !MORE_THAN_ONE_PART.matcher(statement.group()).find() ? statement.end() : -1;
    }
}
