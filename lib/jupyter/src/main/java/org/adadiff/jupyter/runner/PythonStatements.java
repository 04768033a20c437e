package org.adadiff.jupyter.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts Python where statements end: not inside strings, brackets and comments. */
final class PythonStatements {
    private static final Pattern COMPOUND = Pattern.compile(
            "(?:\\s|(?:if|elif|else|for|while|with|try|except|finally|def|class|async)\\b).*", Pattern.DOTALL);

    private PythonStatements() {}

    /** Those that stand in no block, without comments. */
    static List<String> of(String source) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        boolean lineStarts = true;
        boolean inBlock = false; // what follows a semicolon then belongs to it as well
        int depth = 0;
        for (int at = 0, end; at < source.length(); at = end) {
            end = end(source, at, lineStarts && statement.isEmpty());
            char c = source.charAt(at);
            depth = Math.max(0, depth + step(c));
            boolean cut = depth == 0 && (c == '\n' || c == ';');
            if (!cut && c != '#' && (c == '"' || c == '\'' || end == at + 1)) {
                statement.append(source, at, end);
            }
            if (cut || end == source.length()) {
                inBlock = lineStarts ? COMPOUND.matcher(statement).matches() : inBlock;
                if (!inBlock && !statement.toString().isBlank()) {
                    statements.add(statement.toString().strip());
                }
                statement.setLength(0);
                lineStarts = c == '\n';
            }
        }
        return statements;
    }

    /** Whether braces hold keys, as a set's do not. */
    static boolean isDict(String braces) {
        int depth = 0;
        for (int at = 0; at < braces.length(); at = end(braces, at, false)) {
            depth += step(braces.charAt(at));
            if (depth == 1 && braces.charAt(at) == ':') {
                return true;
            }
        }
        return braces.matches("\\{\\s*(?:}|\\*\\*)[\\s\\S]*");
    }

    private static int step(char c) {
        return "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
    }

    /** The end of a string, of a comment or IPython's magic, of a line's continuation, or else of the character. */
    private static int end(String source, int at, boolean lineStarts) {
        char c = source.charAt(at);
        if (c == '#' || lineStarts && (c == '%' || c == '!')) {
            int end = source.indexOf('\n', at);
            return end < 0 ? source.length() : end;
        }
        if (source.startsWith("\\\n", at)) {
            return at + 2;
        }
        if (c != '"' && c != '\'') {
            return at + 1;
        }
        String quote = String.valueOf(c);
        quote = source.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
        for (int end = at + quote.length(); end < source.length(); end++) {
            if (source.startsWith(quote, end)) {
                return end + quote.length();
            }
            if (source.charAt(end) == '\n' && quote.length() == 1) {
                return end; // unclosed, as in what is no Python
            }
            end += source.charAt(end) == '\\' ? 1 : 0;
        }
        return source.length();
    }
}
