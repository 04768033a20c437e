package org.adadiff.jupyter.runner;

import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parameters in Python: assignments that start a line; a value's kind is that of the default it replaces. */
final class PythonParameters {
    private static final Pattern ASSIGNMENT =
            Pattern.compile("^([A-Za-z_]\\w*)\\s*(?::\\s*([^=]+?))?\\s*=(?!=)\\s*([^#]+?)\\s*(?:#.*)?$", Pattern.MULTILINE);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d[\\d_]*(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private PythonParameters() {}

    static List<Parameter> read(String source) {
        List<Parameter> parameters = new ArrayList<>();
        Matcher matcher = ASSIGNMENT.matcher(source);
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = matcher.group(3);
            String type = type(value);
            parameters.add(new Parameter(name, type, value, given -> name + " = " + literal(type, given)));
        }
        return parameters;
    }

    private static String type(String value) {
        if (value.equals("True") || value.equals("False")) {
            return "bool";
        }
        if (NUMBER.matcher(value).matches()) {
            return "number";
        }
        return value.startsWith("'") || value.startsWith("\"") ? "str" : "any value";
    }

    private static String literal(String type, String given) {
        boolean number = NUMBER.matcher(given).matches();
        boolean bool = given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false");
        return switch (type) {
            case "bool" -> truth(require(bool, given));
            case "number" -> require(number, given);
            case "str" -> quoted(given);
            default -> number || given.equals("None") ? given : bool ? truth(given) : quoted(given);
        };
    }

    private static String require(boolean right, String given) {
        if (!right) {
            throw new IllegalArgumentException();
        }
        return given;
    }

    private static String truth(String given) {
        return given.equalsIgnoreCase("true") ? "True" : "False";
    }

    /** JSON's escapes are Python's too. */
    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }
}
