package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * How the outputs of a run are compared with those that the notebook holds, by nbval's rules: text by stream, every MIME type
 * of every display, an error's name and message; no counts, metadata or tracebacks. Immutable.
 *
 * <p>Tags of a cell refine it: {@code nbval-ignore-output} compares nothing there, {@code nbval-check-output} does, {@code nbval-skip}
 * leaves the cell out, {@code nbval-raises-exception} expects an error; all of these may also be comments, such as
 * {@code # NBVAL_SKIP} or {@code // NBVAL_SKIP}, which win. {@code sanitize:REGEX} takes out what matches on both sides,
 * {@code tolerance:X} sets another tolerance.
 */
public final class Comparison {
    /** Every character counts. */
    public static final Comparison EXACT = new Comparison(Map.of(), 0);

    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?(?![\\w.])");
    private static final Pattern ZERO = Pattern.compile("[-+0.]+(?:[eE].*)?");
    private static final Pattern PYTHON_GROUP = Pattern.compile("\\\\\\\\|\\\\(?:(\\d+)|g<(\\w+)>)");
    private static final Pattern COMMENT = Pattern.compile("\\s*(?:#+|//+)\\s*(NBVAL_\\w+)\\s*");
    private static final List<String> IGNORED_TYPES = List.of("application/vnd.jupyter.widget-view+json");
    private static final int DIFFERENT_LINES = 10; // shown of each side

    private final Map<Pattern, String> sanitizers;
    private final double tolerance;

    private Comparison(Map<Pattern, String> sanitizers, double tolerance) {
        this.sanitizers = sanitizers;
        this.tolerance = tolerance;
    }

    /**
     * Lets numbers in text differ a little.
     *
     * @param relative such as 1e-6: two numbers are equal when they differ by no more than that part of the larger one
     * @return a changed copy
     */
    public Comparison withTolerance(double relative) {
        if (!(relative >= 0 && relative < 1)) {
            throw new IllegalArgumentException("a tolerance must be at least 0 and less than 1, found " + relative);
        }
        return new Comparison(sanitizers, relative);
    }

    /**
     * Replaces what matches, on both sides, before they are compared.
     *
     * @param regex such as {@code \d+ ms}
     * @param replacement what stands there instead; {@code $1} is a group
     * @return a changed copy
     */
    public Comparison withSanitizer(String regex, String replacement) {
        Map<Pattern, String> more = new LinkedHashMap<>(sanitizers);
        try {
            more.put(Pattern.compile(regex), replacement);
            Pattern.compile("|" + regex).matcher("").replaceAll(replacement); // matches at once: a group that is not there is told now
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException("expected a regular expression, found '" + regex + "': " + wrong.getDescription(), wrong);
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            throw new IllegalArgumentException("expected a replacement for '" + regex + "', found '" + replacement + "': "
                    + wrong.getMessage(), wrong);
        }
        return new Comparison(more, tolerance);
    }

    /**
     * Adds the sanitizers of a file in nbval's form: sections with a {@code regex:} and a {@code replace:} line, both as Python
     * has them: {@code \1} and {@code \g<name>} are groups.
     *
     * @param file the file
     * @return a changed copy
     * @throws IOException if it cannot be read
     */
    public Comparison withSanitizers(Path file) throws IOException {
        Comparison comparison = this;
        String regex = null;
        for (String line : Files.readAllLines(file)) {
            Matcher entry = Pattern.compile("\\s*(regex|replace)\\s*[:=]\\s?(.*)").matcher(line);
            if (!entry.matches()) {
                continue;
            }
            if (entry.group(1).equals("regex")) {
                regex = entry.group(2);
            } else if (regex == null) {
                throw new IllegalArgumentException("expected a regex: line before '" + line + "', found none, in " + file);
            } else {
                comparison = comparison.withSanitizer(regex.replace("(?P<", "(?<"), replacement(entry.group(2)));
                regex = null;
            }
        }
        return comparison;
    }

    /** Python's replacement as Java has it: taken as it stands, {@code \1} became a 1 whatever the group had matched. */
    private static String replacement(String python) {
        return PYTHON_GROUP.matcher(python.replace("$", "\\$")).replaceAll(group -> {
            String name = group.group(1) == null ? group.group(2) : group.group(1);
            return Matcher.quoteReplacement(
                    name == null ? group.group() : Character.isDigit(name.charAt(0)) ? "$" + name : "${" + name + "}");
        });
    }

    /**
     * Adds what a cell's tags say.
     *
     * @throws IllegalArgumentException if one of them cannot be understood
     */
    Comparison refinedBy(Cell cell) {
        Comparison own = this;
        for (String tag : cell.tags()) {
            try {
                own = tag.startsWith("sanitize:") ? own.withSanitizer(tag.substring("sanitize:".length()), "") : own;
                own = tag.startsWith("tolerance:") ? own.withTolerance(Double.parseDouble(tag.substring("tolerance:".length()))) : own;
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("the tag '" + tag + "' cannot be understood: " + wrong.getMessage(), wrong);
            }
        }
        return own;
    }

    static boolean skips(Cell cell) {
        return markers(cell).contains("nbval-skip");
    }

    static boolean expectsError(Cell cell) {
        return markers(cell).contains("nbval-raises-exception");
    }

    /** The cell's tags and then its comments, in the tags' form: the last one wins. */
    private static List<String> markers(Cell cell) {
        Stream<String> comments = cell.source().lines().map(COMMENT::matcher).filter(Matcher::matches)
                .map(comment -> comment.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
        return Stream.concat(cell.tags().stream(), comments).toList();
    }

    /** What differs, as an error whose traceback shows both sides; empty if nothing does. */
    Optional<CellError> difference(Cell cell, JsonArray stored, JsonArray fresh) {
        List<String> markers = markers(cell);
        if (markers.lastIndexOf("nbval-ignore-output") > markers.lastIndexOf("nbval-check-output")) {
            return Optional.empty();
        }
        Comparison own = refinedBy(cell);
        Map<String, String> expected = own.texts(stored);
        Map<String, String> found = own.texts(fresh);
        for (String output : expected.keySet()) {
            if (!found.containsKey(output)) {
                return different(output + " is missing", expected.get(output), "");
            }
            if (!own.equal(expected.get(output), found.get(output))) {
                return different(output + " differs", expected.get(output), found.get(output));
            }
        }
        return found.keySet().stream().filter(output -> !expected.containsKey(output)).findFirst()
                .flatMap(output -> different(output + " is new", "", found.get(output)));
    }

    /** Every text that is compared, under words for the place where it stands. */
    private Map<String, String> texts(JsonArray outputs) {
        Map<String, String> texts = new LinkedHashMap<>();
        int displays = 0;
        for (JsonElement element : outputs) {
            JsonObject output = element.getAsJsonObject();
            if (output.has("text")) {
                texts.merge(Message.text(output, "name"), MultilineText.join(output.get("text")), String::concat);
            } else if (output.get("data") instanceof JsonObject data) {
                displays++;
                for (Map.Entry<String, JsonElement> datum : data.entrySet()) {
                    if (!IGNORED_TYPES.contains(datum.getKey())) {
                        boolean text = LongText.isString(datum.getValue()) || MultilineText.isText(datum.getKey());
                        texts.put(datum.getKey() + " of display " + displays,
                                text ? MultilineText.join(datum.getValue()).stripTrailing() : ordered(LongText.inMemory(datum.getValue())).toString());
                    }
                }
            } else {
                texts.put("the error", Message.text(output, "ename") + ": " + Message.text(output, "evalue"));
            }
        }
        texts.replaceAll((output, text) -> sanitized(text));
        return texts;
    }

    /** The same with the members of objects in alphabetical order, as nbclient and Jupyter write them. */
    private static JsonElement ordered(JsonElement json) {
        if (json instanceof JsonObject object) {
            JsonObject sorted = new JsonObject();
            object.entrySet().stream().sorted(Map.Entry.comparingByKey())
                    .forEach(member -> sorted.add(member.getKey(), ordered(member.getValue())));
            return sorted;
        }
        if (json instanceof JsonArray array) {
            JsonArray items = new JsonArray(array.size());
            array.forEach(item -> items.add(ordered(item)));
            return items;
        }
        return json;
    }

    private String sanitized(String text) {
        String sanitized = text;
        for (Map.Entry<Pattern, String> sanitizer : sanitizers.entrySet()) {
            sanitized = sanitizer.getKey().matcher(sanitized).replaceAll(sanitizer.getValue());
        }
        return sanitized;
    }

    private boolean equal(String expected, String found) {
        if (expected.equals(found)) {
            return true;
        }
        if (tolerance == 0 || !NUMBER.matcher(expected).replaceAll("#").equals(NUMBER.matcher(found).replaceAll("#"))) {
            return false;
        }
        Matcher left = NUMBER.matcher(expected);
        Matcher right = NUMBER.matcher(found);
        while (left.find() && right.find()) {
            if (!left.group().equals(right.group()) && !near(left.group(), right.group())) {
                return false;
            }
        }
        return true;
    }

    /** What a double does not hold, such as the 123e4567 of a commit's name, is near to nothing. */
    private boolean near(String expected, String found) {
        double a = Double.parseDouble(expected);
        double b = Double.parseDouble(found);
        boolean held = Double.isFinite(a) && Double.isFinite(b) && (a != 0 || ZERO.matcher(expected).matches())
                && (b != 0 || ZERO.matcher(found).matches());
        return held && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
    }

    private static Optional<CellError> different(String what, String expected, String found) {
        List<String> left = expected.lines().toList();
        List<String> right = found.lines().toList();
        int same = 0;
        while (same < Math.min(left.size(), right.size()) && left.get(same).equals(right.get(same))) {
            same++;
        }
        List<String> lines = new ArrayList<>();
        lines.add(what + (same > 0 ? ", from line " + (same + 1) + " on" : "") + ": - stored, + now");
        left.stream().skip(same).limit(DIFFERENT_LINES).forEach(line -> lines.add("- " + line));
        right.stream().skip(same).limit(DIFFERENT_LINES).forEach(line -> lines.add("+ " + line));
        return Optional.of(new CellError("OutputDiffers", what, lines));
    }
}
