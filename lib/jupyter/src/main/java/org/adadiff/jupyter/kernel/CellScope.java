package org.adadiff.jupyter.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;

/**
 * What a cell declares and imports above a statement, for JShell's completion, which knows only what has been run, and one statement.
 * Declarations become members and local variables of a class around the statement; imported types get their full names.
 */
final class CellScope {
    /** How the names begin that stand for nothing in the notebook. */
    static final String OWN_NAMES = "$cell$";

    private static final String BLANK = "(?:\\s++|//.*|/\\*(?s:.*?)\\*/)*+";
    private static final Pattern IMPORT =
            Pattern.compile(BLANK + "import\\s+(static\\s+)?([\\w.$]+)\\s*\\.\\s*(\\w+|\\*)\\s*;(?s:.*)");
    private static final Pattern MODIFIERS = Pattern.compile("\\A(" + BLANK + ")(?:(?:public|protected|private|static|final)\\s+)+");
    // A type or a method. JShell's sourceToSnippets tells them too, but after it JDK 25 knows no documentation
    private static final Pattern MEMBER =
            Pattern.compile(
                    BLANK + "(?:(?:(?:@[\\w.]+|[a-z-]+)\\s+)*(?:class|interface|@interface|enum|record)\\s+\\w+\\s*[<({ei]"
                            + "|(?!(?:new|return|throw|else)\\b)[\\w@<][\\w@<>\\[\\],.?&\\s]*[\\s>\\]]\\w+\\s*"
                            + "\\([^;{}=]*\\)\\s*(?:throws[\\w\\s,.]+)?\\{)");
    // Names of types as they are written; what stands in texts and comments is passed over
    private static final Pattern TYPE =
            Pattern.compile("\"\"\"(?s:.*?)\"\"\"|\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'|//.*|/\\*(?s:.*?)\\*/"
                    + "|(?<![\\w.$])(?<!(?:class|record|interface|enum) )(\\p{Lu}\\w*)");

    /** The name is an asterisk where all are meant. */
    private record Import(boolean isStatic, String qualifier, String name) {}

    private final List<Import> imports = new ArrayList<>();
    private final StringBuilder members = new StringBuilder();
    private final StringBuilder locals = new StringBuilder();
    private final SourceCodeAnalysis analysis;
    private final Predicate<String> isClass;

    /**
     * @param statements those above the one that is completed
     * @param isClass whether there is a class of this full name
     */
    CellScope(List<String> statements, SourceCodeAnalysis analysis, Predicate<String> isClass) {
        this.analysis = analysis;
        this.isClass = isClass;
        statements.forEach(this::add);
    }

    private void add(String statement) {
        Matcher imported = IMPORT.matcher(statement);
        if (imported.matches()) {
            imports.add(new Import(imported.group(1) != null, imported.group(2), imported.group(3)));
        } else {
            (MEMBER.matcher(statement).lookingAt() ? members : locals).append(MODIFIERS.matcher(statement).replaceFirst("$1")).append('\n');
        }
    }

    /** Java that ends with the statement, which is one of a method. */
    String around(String statement) {
        // JShell offers the local variables of blocks around the one in which the statement begins
        return "class " + OWN_NAMES + "scope {\n"
                + qualified(members + "void " + OWN_NAMES + "method() {\n" + locals + "{\n" + statement);
    }

    /** Java that ends with the statement, which declares a method or a type. */
    String aroundMember(String statement) {
        return "class " + OWN_NAMES + "scope {\n" + qualified(members + statement);
    }

    private String qualified(String code) {
        return imports.isEmpty() ? code : TYPE.matcher(code).replaceAll(name -> Matcher.quoteReplacement(fullName(name)));
    }

    private String fullName(MatchResult match) {
        String name = match.group(1);
        for (Import candidate : name == null ? List.<Import>of() : imports) {
            boolean all = candidate.name.equals("*");
            String full = candidate.qualifier + "." + name;
            if (!candidate.isStatic && (all ? isClass.test(full) : candidate.name.equals(name))) {
                return full;
            }
        }
        return match.group();
    }

    /** Imported names, methods with a parenthesis, that begin with a word. */
    Set<String> imported(String word) {
        Set<String> names = new LinkedHashSet<>();
        for (Import candidate : imports) {
            String code = candidate.qualifier + "." + word;
            analysis.completionSuggestions(code, code.length(), new int[1]).stream()
                    .map(SourceCodeAnalysis.Suggestion::continuation)
                    .filter(name -> candidate.name.equals("*") ? !name.endsWith(".") : name.replaceAll("\\(.*", "").equals(candidate.name))
                    .forEach(names::add);
        }
        return names;
    }
}
