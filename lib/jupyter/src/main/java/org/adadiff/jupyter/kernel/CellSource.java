package org.adadiff.jupyter.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a cell, cut into Java and magics. A magic stands at the start of a line or after an equals sign. Inside strings,
 * characters and comments a percent sign means nothing, and at the start of a line that goes on with an expression it is the
 * remainder, unless the word after it names a magic.
 */
final class CellSource {
    /** A stretch of Java, or a call of a magic. */
    sealed interface Part permits Java, LineMagic, CellMagic {}

    /** Java from the given line of the cell (from 1) on; magics inside expressions are calls of lineMagic already. */
    record Java(String code, int line) implements Part {}

    /** A magic that is a statement by itself. */
    record LineMagic(String name, List<String> arguments) implements Part {}

    /** A magic over the whole cell. */
    record CellMagic(String name, List<String> arguments, String body) implements Part {}

    private static final Pattern CELL_MAGIC = Pattern.compile("\\s*%%(\\w+)([^\\r\\n]*)(?:\\R(.*))?", Pattern.DOTALL);
    private static final Pattern LINE_MAGIC = Pattern.compile("%(\\w+)([^\\r\\n]*)");
    private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");
    private static final char NOTHING = 0;

    private final String cell;
    private final Predicate<String> isMagic;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder java = new StringBuilder();
    private int javaLine = 1;
    private int line = 1;
    private int depth;
    private char before = NOTHING;
    private boolean lineIsBlank = true;
    private boolean blanks;
    // A letter of Java is taken by itself, all else in whole pieces
    private boolean endsWithJava;

    private CellSource(String cell, Predicate<String> isMagic) {
        this.cell = cell;
        this.isMagic = isMagic;
    }

    static List<Part> parse(String cell, Predicate<String> isMagic) {
        Matcher whole = CELL_MAGIC.matcher(cell);
        if (whole.matches()) {
            return List.of(new CellMagic(whole.group(1), arguments(whole.group(2)), whole.group(3) == null ? "" : whole.group(3)));
        }
        if (cell.indexOf('%') < 0) {
            return List.of(new Java(cell, 1));
        }
        CellSource source = new CellSource(cell, isMagic);
        source.cut();
        source.addJava();
        return source.parts;
    }

    /**
     * Returns Java in which everything stands where it stands in the cell: a magic after an equals sign is null there, others are blank.
     * For tools that know no magics.
     */
    static String withoutMagics(String cell, Predicate<String> isMagic) {
        Matcher whole = CELL_MAGIC.matcher(cell);
        if (whole.matches()) {
            String body = whole.group(3) == null ? "" : whole.group(3);
            return " ".repeat(cell.length() - body.length()) + body;
        }
        CellSource source = new CellSource(cell, isMagic);
        source.blanks = true;
        source.cut();
        return source.java.toString();
    }

    /** Whether code that follows this beginning of a cell is Java, rather than a text, a comment or an argument of a magic. */
    static boolean isJavaAfter(String beginning, Predicate<String> isMagic) {
        Matcher whole = CELL_MAGIC.matcher(beginning);
        if (whole.matches()) {
            return whole.group(3) != null && isJavaAfter(whole.group(3), isMagic);
        }
        CellSource source = new CellSource(beginning + "x", isMagic);
        source.blanks = true;
        source.cut();
        return source.endsWithJava;
    }

    /** Words separated by white space; double quotes keep a word together. */
    static List<String> arguments(String text) {
        List<String> arguments = new ArrayList<>();
        Matcher word = ARGUMENT.matcher(text);
        while (word.find()) {
            arguments.add(word.group(1) == null ? word.group(2) : word.group(1).replaceAll("\\\\(.)", "$1"));
        }
        return arguments;
    }

    private void cut() {
        int at = 0;
        while (at < cell.length()) {
            char c = cell.charAt(at);
            int end = at + 1;
            Matcher magic = LINE_MAGIC.matcher(cell).region(at, cell.length());
            if (c == '%' && magic.lookingAt() && startsMagic(magic.group(1))) {
                addMagic(magic);
                at = magic.end();
                continue;
            }
            boolean comment = cell.startsWith("//", at) || cell.startsWith("/*", at);
            if (comment) {
                end = cell.startsWith("//", at) ? endOf("\n", at) - 1 : endOf("*/", at + 2);
                end = Math.max(end, at + 1);
            } else if (cell.startsWith("\"\"\"", at)) {
                end = endOfQuoted("\"\"\"", at + 3);
            } else if (c == '"' || c == '\'') {
                end = endOfQuoted(String.valueOf(c), at + 1);
            }
            take(cell.substring(at, end), comment);
            at = end;
        }
    }

    private boolean startsMagic(String name) {
        if (before == '=') {
            return true;
        }
        return lineIsBlank && (isMagic.test(name) || before == NOTHING || before == ';' || before == '}' || before == '{');
    }

    private void addMagic(MatchResult magic) {
        if (blanks) {
            int length = magic.group().length();
            java.append((before == '=' ? "null;" : "").concat(" ".repeat(length)), 0, length);
        } else if (lineIsBlank && before != '=' && depth == 0) {
            addJava();
            parts.add(new LineMagic(magic.group(1), arguments(magic.group(2))));
            javaLine = line;
        } else {
            // No qualified names: a variable of the notebook may be called io or java
            Stream<String> values = Stream.concat(Stream.of(magic.group(1)), arguments(magic.group(2)).stream());
            java.append("$lineMagic(").append(values.map(CellSource::literal).collect(Collectors.joining(", "))).append(");");
        }
        before = ';';
        lineIsBlank = false;
        endsWithJava = false;
    }

    private void addJava() {
        if (!java.toString().isBlank()) {
            parts.add(new Java(java.toString(), javaLine));
        }
        java.setLength(0);
    }

    private void take(String piece, boolean comment) {
        java.append(piece);
        endsWithJava = piece.length() == 1 && !comment;
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c == '\n') {
                line++;
                lineIsBlank = true;
            } else if (!Character.isWhitespace(c) && !comment) {
                before = c;
                lineIsBlank = false;
            }
        }
        if (piece.length() == 1) {
            depth += "({[".contains(piece) ? 1 : ")}]".contains(piece) ? -1 : 0;
        }
    }

    /** The index after the next occurrence, or the end of the cell. */
    private int endOf(String closing, int from) {
        int at = cell.indexOf(closing, from);
        return at < 0 ? cell.length() + (closing.equals("\n") ? 1 : 0) : at + closing.length();
    }

    private int endOfQuoted(String quote, int from) {
        for (int at = from; at < cell.length(); at++) {
            if (cell.charAt(at) == '\\') {
                at++;
            } else if (cell.startsWith(quote, at)) {
                return at + quote.length();
            } else if (quote.length() == 1 && cell.charAt(at) == '\n') {
                return at;
            }
        }
        return cell.length();
    }

    private static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ') {
                literal.append(String.format("\\%03o", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('"').toString();
    }
}
