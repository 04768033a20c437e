package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Comparator;
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
    private static final Pattern MAGIC_BEFORE_CURSOR = Pattern.compile("(?:^|=)\\s*(%{1,2})(\\w*)$", Pattern.MULTILINE);

    private final CellEvaluator evaluator;
    private final MagicRegistry magics;

    CodeAssistant(CellEvaluator evaluator, MagicRegistry magics) {
        this.evaluator = evaluator;
        this.magics = magics;
    }

    ReplacementOptions complete(String code, int cursor) {
        Matcher magic = MAGIC_BEFORE_CURSOR.matcher(code.substring(0, cursor));
        if (magic.find()) {
            Set<String> names = magic.group(1).equals("%") ? magics.lineMagics() : magics.cellMagics();
            List<String> matching = names.stream().filter(name -> name.startsWith(magic.group(2))).toList();
            return new ReplacementOptions(matching, cursor - magic.group(2).length(), cursor);
        }
        int start = statementStart(code, cursor);
        int[] anchor = new int[1];
        List<Suggestion> suggestions =
                evaluator.analysis().completionSuggestions(code.substring(start), cursor - start, anchor);
        if (suggestions.isEmpty() && start > 0) {
            // The statement may use what the cell declares above it
            start = 0;
            suggestions = evaluator.analysis().completionSuggestions(code, cursor, anchor);
        }
        List<String> continuations =
                suggestions.stream()
                        .sorted(Comparator.comparing(Suggestion::matchesType).reversed())
                        .map(Suggestion::continuation)
                        .distinct()
                        .toList();
        return new ReplacementOptions(continuations, start + anchor[0], cursor);
    }

    DisplayData inspect(String code, int cursor) {
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        // The documentation of a method is that of its call
        int parenthesis = end;
        while (parenthesis < code.length() && Character.isWhitespace(code.charAt(parenthesis))) {
            parenthesis++;
        }
        if (parenthesis < code.length() && code.charAt(parenthesis) == '(') {
            end = parenthesis + 1;
        }
        int start = statementStart(code, end);
        List<Documentation> found = evaluator.analysis().documentation(code.substring(start), end - start, true);
        if (found.isEmpty()) {
            return null;
        }
        return new DisplayData(
                found.stream()
                        .map(doc -> doc.javadoc() == null ? doc.signature() : doc.signature() + "\n" + doc.javadoc())
                        .collect(Collectors.joining("\n\n")));
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
                        return code.endsWith("{") ? "  " : "";
                    default:
                        rest = info.remaining() == null ? "" : info.remaining();
                }
            }
        }
        return "complete";
    }

    private int statementStart(String code, int cursor) {
        int start = code.substring(0, cursor).lastIndexOf("\n%") + 1;
        start = start == 0 ? (code.startsWith("%") ? code.indexOf('\n') + 1 : 0) : code.indexOf('\n', start) + 1;
        if (start > cursor || start == 0 && code.startsWith("%")) {
            return cursor;
        }
        while (true) {
            CompletionInfo info = evaluator.analysis().analyzeCompletion(code.substring(start));
            boolean complete = info.completeness().isComplete() && info.remaining() != null && !info.remaining().isEmpty();
            int next = complete ? code.length() - info.remaining().length() : code.length();
            if (next >= cursor || next == start) {
                return start;
            }
            start = next;
        }
    }
}
