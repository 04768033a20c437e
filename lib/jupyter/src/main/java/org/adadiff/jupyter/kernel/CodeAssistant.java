package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** Completion, inspection and the question whether code is complete. Positions are indices of a Java string. */
final class CodeAssistant {
    private static final Pattern MAGIC_BEFORE_CURSOR = Pattern.compile("(?:^|=)\\s*(%{1,2})(\\w*)\\z", Pattern.MULTILINE);
    private static final Pattern FILE_BEFORE_CURSOR =
            Pattern.compile("(?:^|=)\\s*(%)(?:load|jars|classpath)[ \\t](?:.*[ \\t])?((?:\\S*/)?)([^\\s/]*)\\z", Pattern.MULTILINE);
    private static final Pattern PACKAGE_BEFORE_CURSOR = Pattern.compile("(?:import\\s+\\w*|(?<![\\w.)\\]])(?:[a-z]\\w*\\.)+\\w*)\\z");
    private static final Pattern WORD_BEFORE_CURSOR =
            Pattern.compile("(?<!\\p{javaJavaIdentifierPart})\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*\\z");
    private static final Pattern MEMBER_FOLLOWS = Pattern.compile("(?:\\.|::)\\s*\\z");
    // The kernel's and JShell's; a notebook may have dollars in names of its own
    private static final Pattern OWN_NAME =
            Pattern.compile("\\$(?:\\d+|lineMagic\\(|(?:JShell\\$|" + Pattern.quote(CellScope.OWN_NAMES.substring(1)) + ").*)");

    // In Java no statement begins or ends with it
    private static final Pattern QUESTION = Pattern.compile("\\s*\\?{0,2}\\s*([\\w.$\\[\\]()\"]+?)\\s*\\?{0,2}\\s*");

    private final CellEvaluator evaluator;
    private final MagicRegistry magics;

    CodeAssistant(CellEvaluator evaluator, MagicRegistry magics) {
        this.evaluator = evaluator;
        this.magics = magics;
    }

    ReplacementOptions complete(String cell, int cursor) {
        String beginning = cell.substring(0, cursor);
        Matcher magic = MAGIC_BEFORE_CURSOR.matcher(beginning);
        if (magic.find() && isJavaAfter(cell.substring(0, magic.start(1)))) {
            Set<String> names = magic.group(1).equals("%") ? magics.lineMagics() : magics.cellMagics();
            List<String> matching = names.stream().filter(name -> name.startsWith(magic.group(2))).toList();
            return new ReplacementOptions(matching, cursor - magic.group(2).length(), cursor);
        }
        if (!isJavaAfter(beginning)) {
            Matcher file = FILE_BEFORE_CURSOR.matcher(beginning);
            boolean isFile = file.find() && isJavaAfter(cell.substring(0, file.start(1)));
            List<String> names = isFile ? FileMagics.completions(file.group(2), file.group(3)) : List.of();
            return new ReplacementOptions(names, isFile ? file.start(3) : cursor, cursor);
        }
        String code = withoutMagics(cell);
        List<String> above = new ArrayList<>();
        String statement = code.substring(statementStart(code, cursor, above), cursor);
        return above.isEmpty() || statement.stripLeading().startsWith("import ")
                ? suggestions(statement, cursor)
                : suggestions(statement, new CellScope(above, evaluator.analysis(), evaluator::isClass), cursor);
    }

    private ReplacementOptions suggestions(String statement, CellScope scope, int cursor) {
        ReplacementOptions found = suggestions(scope.around(statement), cursor);
        if (found.getReplacements().isEmpty()) {
            found = suggestions(statement, cursor);
        }
        if (found.getReplacements().isEmpty()) {
            found = suggestions(scope.aroundMember(statement), cursor);
        }
        Matcher word = WORD_BEFORE_CURSOR.matcher(statement);
        if (!word.find() || MEMBER_FOLLOWS.matcher(statement.substring(0, word.start())).find()) {
            return found;
        }
        Set<String> names = new LinkedHashSet<>(found.getReplacements());
        names.addAll(scope.imported(word.group()));
        return new ReplacementOptions(List.copyOf(names), cursor - word.group().length(), cursor);
    }

    /** What may follow code that ends at the cursor, the likely first. */
    private ReplacementOptions suggestions(String code, int cursor) {
        int[] anchor = new int[1];
        List<Suggestion> suggestions = evaluator.analysis().completionSuggestions(code, code.length(), anchor);
        if (suggestions.isEmpty() && PACKAGE_BEFORE_CURSOR.matcher(code).find()) {
            evaluator.awaitPackages();
            suggestions = evaluator.analysis().completionSuggestions(code, code.length(), anchor);
        }
        List<String> continuations =
                suggestions.stream()
                        .sorted(Comparator.comparing(Suggestion::matchesType).reversed())
                        .map(Suggestion::continuation)
                        .filter(name -> !OWN_NAME.matcher(name).matches())
                        .distinct()
                        .toList();
        return new ReplacementOptions(continuations, cursor - (code.length() - anchor[0]), cursor);
    }

    DisplayData inspect(String cell, int cursor) {
        int end = cursor;
        while (end < cell.length() && Character.isJavaIdentifierPart(cell.codePointAt(end))) {
            end += Character.charCount(cell.codePointAt(end));
        }
        // The documentation of a method is that of its call
        int parenthesis = end;
        while (parenthesis < cell.length() && Character.isWhitespace(cell.charAt(parenthesis))) {
            parenthesis++;
        }
        boolean call = parenthesis < cell.length() && cell.charAt(parenthesis) == '(';
        String code = withoutMagics(cell).substring(0, call ? parenthesis + 1 : end);
        List<Documentation> found = documentation(code);
        if (found.isEmpty() && !call) {
            found = documentation(code + "(");
        }
        if (found.isEmpty()) {
            return null;
        }
        Sources sources = new Sources(evaluator);
        List<Javadoc> docs = found.stream()
                .map(doc -> new Javadoc(doc.signature(), doc.javadoc() == null ? sources.comment(doc.signature()) : doc.javadoc()))
                .toList();
        DisplayData data = new DisplayData(docs.stream().map(Javadoc::text).collect(Collectors.joining("\n\n")));
        data.putHTML(docs.stream().map(Javadoc::html).collect(Collectors.joining("\n<hr>\n")));
        return data;
    }

    private List<Documentation> documentation(String code) {
        int start = statementStart(code, code.length(), new ArrayList<>());
        List<Documentation> found = evaluator.analysis().documentation(code.substring(start), code.length() - start, true);
        // The statement may use what the cell declares above it
        return found.isEmpty() && start > 0 ? evaluator.analysis().documentation(code, code.length(), true) : found;
    }

    /** What to show for a cell that only asks, as in {@code Math.max?}; null for any other. */
    DisplayData answer(String cell) {
        Matcher question = QUESTION.matcher(cell);
        if (!cell.contains("?") || !question.matches()) {
            return null;
        }
        String expression = question.group(1);
        DisplayData found = inspect(expression, expression.length());
        return found == null ? new DisplayData("Nothing is known of " + expression) : found;
    }

    /** Returns complete, invalid, or the indentation of the line that must follow. */
    String isComplete(String code) {
        for (CellSource.Part part : CellSource.parse(code, magics::isLineMagic)) {
            String rest = part instanceof CellSource.Java java ? java.code() : "";
            while (!rest.isBlank()) {
                CompletionInfo info = evaluator.analysis().analyzeCompletion(rest);
                switch (info.completeness()) {
                    case UNKNOWN:
                        return "invalid";
                    case DEFINITELY_INCOMPLETE:
                    case CONSIDERED_INCOMPLETE:
                        return indentation(code);
                    default:
                        rest = info.remaining() == null ? "" : info.remaining();
                }
            }
        }
        return "complete";
    }

    /** Of the line after this code. */
    private static String indentation(String code) {
        String last = code.substring(code.lastIndexOf('\n') + 1);
        String same = last.substring(0, last.length() - last.stripLeading().length());
        return last.stripTrailing().endsWith("{") || last.stripTrailing().endsWith("(") ? same + "  " : same;
    }

    private boolean isJavaAfter(String beginning) {
        return CellSource.isJavaAfter(beginning, magics::isLineMagic);
    }

    private String withoutMagics(String cell) {
        return CellSource.withoutMagics(cell, magics::isLineMagic);
    }

    /** Where the statement at the cursor begins; those above it are added to the list. */
    private int statementStart(String code, int cursor, List<String> above) {
        int start = 0;
        while (true) {
            CompletionInfo info = evaluator.analysis().analyzeCompletion(code.substring(start));
            boolean complete = info.completeness().isComplete() && info.remaining() != null && !info.remaining().isEmpty();
            int next = complete ? code.length() - info.remaining().length() : code.length();
            if (next >= cursor || next == start) {
                return start;
            }
            above.add(info.source());
            start = next;
        }
    }
}
