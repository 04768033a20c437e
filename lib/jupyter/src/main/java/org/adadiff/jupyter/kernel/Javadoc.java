package org.adadiff.jupyter.kernel;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A declaration and its documentation comment, to be read in a tooltip.
 *
 * @param signature Java
 * @param comment the text of the comment, with its tags; null where no sources are at hand
 */
record Javadoc(String signature, String comment) {
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@(\\w+)\\s+((?:[^{}]++|\\{[^{}]*\\})*+)\\}");
    private static final Pattern LINK = Pattern.compile("([^\\s(]+(?:\\([^)]*\\))?)(?:\\s+(.+))?", Pattern.DOTALL);
    private static final Pattern BLOCK_TAG = Pattern.compile("^\\s*@(\\w+)\\s+", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("\\s*(\\S+)\\s*(.*)", Pattern.DOTALL);
    private static final Map<String, String> BLOCK_TITLES = Map.of("param", "Parameter ", "return", "Returns ", "throws", "Throws ",
            "exception", "Throws ", "see", "See ", "since", "Since ", "deprecated", "Deprecated. ");
    private static final List<String> NAMED = List.of("param", "throws", "exception");

    private static final Pattern PARAGRAPH = Pattern.compile("\\s*</?(?:p|blockquote|ul|ol|dl|table|pre|h\\d|div)\\b[^>]*>\\s*");
    private static final Pattern ITEM = Pattern.compile("\\s*<(?:li|tr|dt|dd|br)\\b[^>]*>\\s*");
    private static final Pattern TAG = Pattern.compile("</?\\w[^>]*>");
    private static final Pattern NUMBERED = Pattern.compile("&#(x?)([0-9a-fA-F]+);");

    /** The documentation as a fragment of HTML. */
    String html() {
        String title = "<pre>" + escaped(signature) + "</pre>";
        return comment == null ? title : title + "\n" + body();
    }

    /** The documentation as text. */
    String text() {
        return comment == null ? signature : signature + "\n\n" + textOf(body());
    }

    private String body() {
        String inline = INLINE_TAG.matcher(comment).replaceAll(tag -> quoted(inline(tag)));
        StringBuilder body = new StringBuilder();
        String tag = null;
        int start = 0;
        for (MatchResult next : BLOCK_TAG.matcher(inline).results().toList()) {
            body.append(block(tag, inline.substring(start, next.start())));
            tag = next.group(1);
            start = next.end();
        }
        return body.append(block(tag, inline.substring(start))).toString().strip();
    }

    private static String inline(MatchResult tag) {
        String content = tag.group(2).strip();
        return switch (tag.group(1)) {
            // An annotation at the start of a line is no block tag
            case "code" -> "<code>" + escaped(content).replace("@", "&#64;") + "</code>";
            case "literal" -> escaped(content).replace("@", "&#64;");
            case "link", "linkplain", "value" -> "<code>" + LINK.matcher(content).replaceFirst(
                    link -> quoted(link.group(2) == null ? link.group(1).replaceFirst("^#", "").replace('#', '.') : link.group(2))) + "</code>";
            default -> content;
        };
    }

    /** What stands before the first block tag has none. */
    private static String block(String tag, String content) {
        if (tag == null) {
            return content.strip();
        }
        String title = BLOCK_TITLES.getOrDefault(tag, "@" + tag + " ");
        String text = NAMED.contains(tag)
                ? NAME.matcher(content).replaceFirst("<code>$1</code>: $2")
                : content;
        return "\n<p>" + title + text.strip() + "</p>";
    }

    private static String textOf(String html) {
        String lines = html.replaceAll("(?m)^[^\\S\\n]+", "");
        lines = PARAGRAPH.matcher(lines).replaceAll("\n\n");
        lines = ITEM.matcher(lines).replaceAll("\n- ");
        lines = TAG.matcher(lines).replaceAll("").replaceAll("\n{3,}", "\n\n").strip();
        lines = NUMBERED.matcher(lines).replaceAll(
                number -> quoted(Character.toString(Integer.parseInt(number.group(2), number.group(1).isEmpty() ? 10 : 16))));
        return lines.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    }

    private static String quoted(String replacement) {
        return Matcher.quoteReplacement(replacement);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
