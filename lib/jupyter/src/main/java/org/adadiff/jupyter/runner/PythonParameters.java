package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Parameters in Python: assignments outside of blocks; a value's kind is that of the annotation or else of the default it replaces. */
final class PythonParameters {
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "([^\\W\\d]\\w*)\\s*(?::([^=]+))?=(?!=)\\s*(.+)", Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
    private static final String DIGITS = "\\d(?:_?\\d)*";
    private static final Pattern INTEGER = Pattern.compile("[+-]?(?:0(?:_?0)*|[1-9](?:_?\\d)*)"); // Python takes no 007
    private static final Pattern FLOAT = Pattern.compile(
            "[+-]?(?:" + DIGITS + "\\.(?:" + DIGITS + ")?|\\." + DIGITS + "|" + DIGITS + "(?=[eE]))(?:[eE][+-]?" + DIGITS + ")?");
    private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(?:nan|inf|infinity)", Pattern.CASE_INSENSITIVE);
    private static final Set<String> ANNOTATIONS = Set.of("bool", "int", "float", "list", "set", "dict", "str");

    private PythonParameters() {}

    static List<Parameter> read(String source) {
        List<Parameter> parameters = new ArrayList<>();
        for (String statement : PythonStatements.of(source)) {
            Matcher matcher = ASSIGNMENT.matcher(statement);
            if (!matcher.matches()) {
                continue;
            }
            String name = matcher.group(1);
            String annotation = matcher.group(2) == null ? "" : matcher.group(2).replaceFirst("(?s)\\[.*", "").strip().toLowerCase(Locale.ROOT);
            String value = matcher.group(3);
            String type = ANNOTATIONS.contains(annotation) ? annotation : type(value);
            boolean optional = value.equals("None");
            parameters.add(new Parameter(
                    name, type, value, given -> name + " = " + (optional && given.equals("None") ? given : literal(type, given))));
        }
        return parameters;
    }

    private static String type(String value) {
        if (value.equals("True") || value.equals("False")) {
            return "bool";
        }
        if (isNumber(value)) {
            return INTEGER.matcher(value).matches() ? "int" : "float";
        }
        if (value.startsWith("{")) {
            return PythonStatements.isDict(value) ? "dict" : "set";
        }
        if (value.startsWith("[")) {
            return "list";
        }
        return value.startsWith("'") || value.startsWith("\"") ? "str" : "any value";
    }

    private static boolean isNumber(String text) {
        return INTEGER.matcher(text).matches() || FLOAT.matcher(text).matches();
    }

    private static String literal(String type, String given) {
        boolean bool = given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false");
        return switch (type) {
            case "bool" -> truth(require(bool, given));
            case "int" -> require(INTEGER.matcher(given).matches(), given);
            case "float" -> NOT_FINITE.matcher(given).matches() ? "float(" + quoted(given) + ")" : require(isNumber(given), given);
            case "list" -> given.startsWith("[") ? python(given, JsonArray.class, Strictness.STRICT)
                    : python('[' + given + ']', JsonArray.class, Strictness.LENIENT); // words
            case "set" -> set(literal("list", given));
            case "dict" -> python(given, JsonObject.class, Strictness.STRICT);
            case "str" -> quoted(given);
            default -> isNumber(given) || given.equals("None") ? given : bool ? truth(given) : ofAnyKind(given);
        };
    }

    private static String set(String list) {
        return list.equals("[]") ? "set()" : "{" + list.substring(1, list.length() - 1) + "}";
    }

    private static String ofAnyKind(String given) {
        try {
            return given.startsWith("[") ? literal("list", given) : given.startsWith("{") ? literal("dict", given) : quoted(given);
        } catch (IllegalArgumentException text) {
            return quoted(given);
        }
    }

    /** JSON as Python writes it; lenient JSON takes every bare word for a text, Python's None too. */
    private static String python(String json, Class<? extends JsonElement> type, Strictness strictness) {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(strictness);
        try {
            JsonElement value = JsonParser.parseReader(reader);
            boolean wrong = strictness == Strictness.LENIENT && value instanceof JsonArray words
                    && words.asList().stream().anyMatch(PythonParameters::isNoWord);
            if (!wrong && type.isInstance(value) && reader.peek() == JsonToken.END_DOCUMENT) {
                return python(value);
            }
        } catch (JsonParseException | IOException malformed) {
            // falls through to the error below
        }
        throw new IllegalArgumentException(
                "expected JSON: " + (type == JsonArray.class ? "a list such as [1, 2]" : "a dict such as {\"a\": 1}"));
    }

    private static boolean isNoWord(JsonElement element) {
        return !element.isJsonPrimitive() || element.getAsString().equals("None");
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
