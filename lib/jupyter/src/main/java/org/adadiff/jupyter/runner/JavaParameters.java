package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Parameters in Java: the variables that the cell declares, read by the compiler's own parser. */
final class JavaParameters {
    private static final Map<String, String> UNBOXED = Map.of(
            "Integer", "int", "Long", "long", "Double", "double", "Float", "float", "Boolean", "boolean",
            "Short", "short", "Byte", "byte", "Character", "char");

    private static final Set<String> NOTHING = Set.of("null", "None"); // the latter from YAML's null, and from papermill's users

    private JavaParameters() {}

    static List<Parameter> read(String source) {
        // Imports could stand neither in a block nor in a class, nor could magics.
        String cell = source.replaceAll("(?m)^(%.*|import\\s[^;\n]*;?)", "");
        List<VariableTree> variables = new ArrayList<>();
        for (int from = 0; from < cell.length(); ) {
            // Statements first, as a class takes no var; a block takes no methods, nor static and public.
            Parsed parsed = Parsed.of(cell, from, "class P { { ", " } }");
            Parsed members = parsed.end > from ? parsed : Parsed.of(cell, from, "class P { ", " }");
            if (members.end == from) {
                throw new IllegalArgumentException(members.errorAt > parsed.errorAt ? members.error : parsed.error);
            }
            members.trees.stream().filter(VariableTree.class::isInstance).forEach(tree -> variables.add((VariableTree) tree));
            from = members.end;
        }
        return variables.stream().map(JavaParameters::parameter).toList();
    }

    /**
     * What the compiler makes of the cell from some place on.
     *
     * @param trees statements or members, as far as they stand before the first error
     * @param end where they end in the cell
     * @param error what it says of the first error; null if there is none
     */
    private record Parsed(List<? extends Tree> trees, int end, String error, long errorAt) {
        static Parsed of(String cell, int from, String before, String after) {
            // Blanks keep places and lines what they are in the cell, whose last semicolon may be missing.
            String blanks = cell.substring(0, from).chars().mapToObj(c -> c == '\n' ? "\n" : " ").collect(Collectors.joining());
            String text = before + blanks + cell.substring(from) + "\n;" + after;
            JavaFileObject unit = new SimpleJavaFileObject(URI.create("string:///P.java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            };
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            if (compiler == null) {
                throw new IllegalArgumentException("a JDK is needed to read Java parameters, found a JRE");
            }
            DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
            JavacTask task = (JavacTask) compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null, List.of(unit));
            try {
                CompilationUnitTree parsed = task.parse().iterator().next();
                List<? extends Tree> trees = ((ClassTree) parsed.getTypeDecls().get(0)).getMembers();
                if (before.endsWith("{ { ")) {
                    trees = ((BlockTree) trees.get(0)).getStatements();
                }
                Diagnostic<?> error = diagnostics.getDiagnostics().stream()
                        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR).findFirst().orElse(null);
                if (error == null) {
                    return new Parsed(trees, cell.length(), null, text.length());
                }
                SourcePositions places = Trees.instance(task).getSourcePositions();
                List<? extends Tree> right = trees.stream()
                        .takeWhile(tree -> places.getEndPosition(parsed, tree) < error.getPosition()).toList();
                int end = right.isEmpty() ? from
                        : (int) places.getEndPosition(parsed, right.get(right.size() - 1)) - before.length();
                return new Parsed(right, end, "line " + error.getLineNumber() + ": " + error.getMessage(Locale.ROOT),
                        error.getPosition() - before.length());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    private static Parameter parameter(VariableTree variable) {
        String name = variable.getName().toString();
        String value = variable.getInitializer() == null ? "" : variable.getInitializer().toString();
        String type = variable.getType() == null ? ofLiteral(variable.getInitializer()) : variable.getType().toString();
        return new Parameter(name, type, value, given -> type + " " + name + " = "
                + (value.equals("null") && NOTHING.contains(given) ? "null" : expression(type, given.strip(), given)) + ";");
    }

    /** The type that {@code var} stands for, as far as a literal tells. */
    private static String ofLiteral(Tree initializer) {
        Tree tree = initializer instanceof UnaryTree signed ? signed.getExpression() : initializer;
        if (tree instanceof LiteralTree literal) {
            Object value = literal.getValue();
            if (value instanceof String) {
                return "String";
            }
            for (Map.Entry<String, String> box : UNBOXED.entrySet()) {
                if (value != null && value.getClass().getSimpleName().equals(box.getKey())) {
                    return box.getValue();
                }
            }
        }
        return "var"; // of a type that is not told here
    }

    private static String expression(String type, String given, String exactly) {
        if (type.endsWith("[]")) {
            String element = type.substring(0, type.length() - 2);
            return "new " + type + " {" + elements(element, given) + "}";
        }
        if (type.startsWith("List<") && type.endsWith(">")) {
            return "List.of(" + elements(type.substring("List<".length(), type.length() - 1), given) + ")";
        }
        try {
            return switch (UNBOXED.getOrDefault(type, type)) {
                case "int" -> Integer.toString(Integer.parseInt(given.replace("_", "")));
                case "long" -> Long.parseLong(given.replace("_", "").replaceFirst("[lL]$", "")) + "L";
                case "short" -> "(short) " + Short.parseShort(given);
                case "byte" -> "(byte) " + Byte.parseByte(given);
                case "double" -> floating(inRange(Double.parseDouble(given), given), "Double");
                case "float" -> floating(inRange(Float.parseFloat(given), given), "Float");
                case "boolean" -> truth(given);
                case "char" -> character(exactly);
                case "String" -> '"' + escaped(exactly) + '"';
                default -> throw new IllegalArgumentException(
                        "expected a parameter of a primitive type, String, an array or List of them");
            };
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("not in the range or form of " + type);
        }
    }

    private static String elements(String type, String given) {
        List<String> words;
        if (given.startsWith("[")) {
            try {
                JsonArray list = JsonParser.parseString(given).getAsJsonArray();
                words = list.asList().stream()
                        .map(element -> element.isJsonArray() && isList(type) ? element.toString() : element.getAsJsonPrimitive().getAsString())
                        .toList();
            } catch (JsonParseException | IllegalStateException malformed) { // the latter for lists, objects and null inside
                throw new IllegalArgumentException("expected a list such as [1, 2]");
            }
        } else if (given.startsWith("{") || Arrays.stream(given.split(",")).anyMatch(word -> NOTHING.contains(word.strip()))) {
            throw new IllegalArgumentException("expected a list such as [1, 2]");
        } else {
            words = given.isEmpty() ? List.of() : Arrays.asList(given.split(",", -1));
        }
        List<String> expressions = new ArrayList<>();
        words.forEach(word -> expressions.add(expression(type, word.strip(), word.strip())));
        return String.join(", ", expressions);
    }

    private static boolean isList(String type) {
        return type.endsWith("[]") || type.startsWith("List<") && type.endsWith(">");
    }

    private static String floating(double value, String type) {
        if (Double.isNaN(value)) {
            return type + ".NaN";
        }
        if (Double.isInfinite(value)) {
            return type + (value > 0 ? ".POSITIVE_INFINITY" : ".NEGATIVE_INFINITY");
        }
        return type.equals("Float") ? (float) value + "f" : Double.toString(value);
    }

    /** Java's parsers take a number that is too large for an infinite one. */
    private static double inRange(double value, String given) {
        if (Double.isInfinite(value) && !given.contains("Infinity")) {
            throw new NumberFormatException();
        }
        return value;
    }

    private static String truth(String given) {
        String lower = given.toLowerCase(Locale.ROOT); // True is what papermill's users write
        if (!lower.equals("true") && !lower.equals("false")) {
            throw new IllegalArgumentException("expected true or false");
        }
        return lower;
    }

    private static String character(String given) {
        if (given.length() != 1) {
            throw new IllegalArgumentException("expected one character");
        }
        return given.equals("'") ? "'\\''" : "'" + (given.equals("\"") ? given : escaped(given)) + "'";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < 0x20) {
                        escaped.append(String.format("\\%03o", c));
                    } else {
                        escaped.append((char) c);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
