package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parameters in Python: assignments that start a line; a value's kind is that of the default it replaces. */
final class PythonParameters {
    private static final Pattern ASSIGNMENT =
            Pattern.compile("^([A-Za-z_]\\w*)\\s*(?::\\s*([^=]+?))?\\s*=(?!=)\\s*([^#]+?)\\s*(?:#.*)?$", Pattern.MULTILINE);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d[\\d_]*(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d[\\d_]*");

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
            return INTEGER.matcher(value).matches() ? "int" : "float";
        }
        if (value.startsWith("[") || value.startsWith("{")) {
            return value.startsWith("[") ? "list" : "dict";
        }
        return value.startsWith("'") || value.startsWith("\"") ? "str" : "any value";
    }

    private static String literal(String type, String given) {
        boolean number = NUMBER.matcher(given).matches();
        boolean bool = given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false");
        return switch (type) {
            case "bool" -> truth(require(bool, given));
            case "int" -> require(INTEGER.matcher(given).matches(), given);
            case "float" -> require(number, given);
            case "list" -> python(given.startsWith("[") ? given : '[' + given + ']', JsonArray.class);
            case "dict" -> python(given, JsonObject.class);
            case "str" -> quoted(given);
            default -> number || given.equals("None") ? given : bool ? truth(given) : quoted(given);
        };
    }

    /** JSON as Python writes it. */
    private static String python(String json, Class<? extends JsonElement> type) {
        try {
            JsonElement value = JsonParser.parseString(json);
            if (type.isInstance(value)) {
                return python(value);
            }
        } catch (JsonParseException malformed) {
            // falls through to the error below
        }
        throw new IllegalArgumentException("expected " + (type == JsonArray.class ? "a list such as [1, 2]" : "a dict such as {\"a\": 1}"));
    }

    private static String python(JsonElement value) {
        if (value instanceof JsonArray list) {
            return list.asList().stream().map(PythonParameters::python).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof JsonObject dict) {
            return dict.entrySet().stream().map(entry -> quoted(entry.getKey()) + ": " + python(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.isJsonNull()) {
            return "None";
        }
        return value.getAsJsonPrimitive().isBoolean() ? truth(value.getAsString()) : value.toString();
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
