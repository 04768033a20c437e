package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.UrlSanitizer;

/** A Markdown cell as HTML: its images put into the page, its formulas left as they are written. */
final class MarkdownHtml {
    private static final Parser PARSER = Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder().extensions(List.of(TablesExtension.create())).build();
    private static final UrlSanitizer SANITIZER = new DefaultUrlSanitizer(); // of javascript: and the like
    /** Code, in which dollars are dollars, or a formula. */
    private static final Pattern FORMULA = Pattern.compile(
            "(?<code>(?m:^(```|~~~)[\\s\\S]*?(?:^\\2|\\z))|(`+)[^`][\\s\\S]*?\\3)"
                    + "|\\$\\$[\\s\\S]+?\\$\\$|\\\\begin\\{(\\w+\\*?)}[\\s\\S]+?\\\\end\\{\\4}|(?<![\\\\$])\\$[^\\s$](?:[^$\\n]*[^\\s$\\\\])?\\$(?!\\d)");
    private static final Pattern MARK = Pattern.compile("\uE000(\\d+)\uE001");
    private static final Map<String, String> TYPES = Map.of(
            "png", "image/png", "jpg", "image/jpeg", "jpeg", "image/jpeg", "gif", "image/gif",
            "svg", "image/svg+xml", "webp", "image/webp");

    private MarkdownHtml() {}

    static String of(Cell cell, Path folder) {
        return render(cell.source(), cell.json().get("attachments"), folder);
    }

    static String of(String markdown, Path folder) {
        return render(markdown, null, folder);
    }

    private static String render(String markdown, JsonElement attachments, Path folder) {
        List<String> formulas = new ArrayList<>();
        // Markdown would take a formula's underscores and backslashes for its own.
        String marked = FORMULA.matcher(markdown).replaceAll(match -> {
            String found = match.group();
            if (match.group(1) != null) {
                return Matcher.quoteReplacement(found);
            }
            formulas.add(found);
            return "\uE000" + (formulas.size() - 1) + "\uE001";
        });
        Node document = PARSER.parse(marked);
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Image image) {
                image.setDestination(embedded(image.getDestination(), attachments, folder));
                visitChildren(image);
            }

            @Override
            public void visit(Link link) { // not by the renderer, which would add rel="nofollow" to each
                link.setDestination(SANITIZER.sanitizeLinkUrl(link.getDestination()));
                visitChildren(link);
            }
        });
        return MARK.matcher(RENDERER.render(document)).replaceAll(match -> {
            int index = Integer.parseInt(match.group(1));
            String formula = index < formulas.size() ? formulas.get(index) : match.group();
            return Matcher.quoteReplacement("<span class=\"math\">" + Html.escape(formula) + "</span>");
        });
    }

    private static String embedded(String destination, JsonElement attachments, Path folder) {
        if (destination.startsWith("attachment:")) {
            String name = destination.substring("attachment:".length());
            if (attachments instanceof JsonObject files && files.get(name) instanceof JsonObject bundle) {
                for (Map.Entry<String, JsonElement> entry : bundle.entrySet()) {
                    if (entry.getValue() instanceof JsonPrimitive data) {
                        return "data:" + entry.getKey() + ";base64," + data.getAsString().strip();
                    }
                }
            }
            return destination;
        }
        String type = TYPES.get(destination.substring(destination.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null || destination.contains(":")) {
            return destination;
        }
        try {
            Path file = folder.resolve(destination);
            return Files.isRegularFile(file)
                    ? "data:" + type + ";base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file))
                    : destination;
        } catch (IOException | InvalidPathException unreadable) {
            return destination; // the page then shows the image's name, as Jupyter does
        }
    }
}
