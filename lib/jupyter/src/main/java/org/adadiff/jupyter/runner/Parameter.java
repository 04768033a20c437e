package org.adadiff.jupyter.runner;

import java.util.function.UnaryOperator;

/**
 * One variable that a notebook lets its user set.
 *
 * @param name the variable
 * @param type its type, for people
 * @param value the expression that gives its default
 * @param assignment makes a line of source from a value in words; throws IllegalArgumentException for a wrong one
 */
record Parameter(String name, String type, String value, UnaryOperator<String> assignment) {}
