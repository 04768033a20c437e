package org.adadiff.jupyter.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdk.jshell.Diag;

/** What the compiler found, in the lines of the cell. */
final class CompilerMessages {
    private CompilerMessages() {}

    static CompilationException explain(String source, CellEvaluator.Location start, List<Diag> problems) {
        List<String> details = new ArrayList<>();
        String summary = null;
        for (Diag problem : problems) {
            if (!problem.isError()) {
                continue;
            }
            int at = (int) Math.max(0, Math.min(problem.getPosition(), source.length()));
            int line = start.line() + (int) source.substring(0, at).chars().filter(c -> c == '\n').count();
            String message = problem.getMessage(Locale.ROOT).strip();
            details.add(start.source() + ", line " + line + ": error: " + message.lines().findFirst().orElse(message));
            int lineStart = source.lastIndexOf('\n', at - 1) + 1;
            int lineEnd = source.indexOf('\n', at) < 0 ? source.length() : source.indexOf('\n', at);
            details.add("    " + source.substring(lineStart, lineEnd));
            details.add("    " + source.substring(lineStart, at).replaceAll("\\S", " ") + "^");
            message.lines().skip(1).filter(l -> !l.strip().startsWith("location:")).forEach(l -> details.add("    " + l.strip()));
            if (summary == null) {
                summary = message.lines().findFirst().orElse(message) + " (" + start.source() + ", line " + line + ")";
            }
        }
        return new CompilationException(summary == null ? "The code is not complete (" + start.source() + ")" : summary, details);
    }
}
