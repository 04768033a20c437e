package org.adadiff.jupyter.runner;

import java.util.function.UnaryOperator;

/** One variable that a notebook lets its user set. */
public final class Parameter {
    private final String name;
    private final String type;
    private final String value;
    private final UnaryOperator<String> assignment;

    /** The assignment makes a line of source from a value in words, and throws IllegalArgumentException for a wrong one. */
    Parameter(String name, String type, String value, UnaryOperator<String> assignment) {
        this.name = name;
        this.type = type;
        this.value = value;
        this.assignment = assignment;
    }

    /**
     * The variable.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Its type, for people.
     *
     * @return such as {@code int}, {@code List<String>}, {@code str} or {@code any value}
     */
    public String type() {
        return type;
    }

    /**
     * The expression that gives its default.
     *
     * @return source text; empty if it has none
     */
    public String value() {
        return value;
    }

    String assign(String given) {
        return assignment.apply(given);
    }

    /** As the list of a notebook's parameters shows it, in one line. */
    @Override
    public String toString() {
        String line = value.replaceAll("\\s*\\R\\s*", " ");
        return name + ": " + type + (line.isEmpty() ? "" : " = " + (line.length() <= 80 ? line : line.substring(0, 80) + "…"));
    }
}
