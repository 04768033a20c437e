package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An executed notebook as one HTML page that needs no other file, and a page that lists many. */
public final class HtmlReport {
    private static final List<String> IMAGES = List.of("image/png", "image/jpeg", "image/gif", "image/webp");

    /** A link that starts from the folder of the notebook, where the page need not lie. */
    private static final Pattern RELATIVE_LINK = Pattern.compile("<a href=\"(?![#/\"]|[a-zA-Z][a-zA-Z0-9+.-]*:)");

    private HtmlReport() {}

    /**
     * Writes the page of one notebook, complete or not at all. A run that ended before its output was written gives a
     * page that says why.
     *
     * @param result a run
     * @param html the file to write
     * @throws IOException if the output notebook cannot be read, or the page cannot be written
     */
    public static void write(RunResult result, Path html) throws IOException {
        Path folder = result.notebook().toAbsolutePath().getParent();
        String way = Matcher.quoteReplacement("<a href=\"" + Html.link(way(html.toAbsolutePath().getParent(), folder)));
        Map<Integer, CellResult> results = result.cells().stream().collect(Collectors.toMap(CellResult::number, cell -> cell));
        AtomicFile.write(html, page -> {
            page.write(Html.head(result.notebook().getFileName().toString().replaceFirst("\\.ipynb$", "")));
            if (result.status() != RunStatus.DONE) {
                page.write("<div class=\"banner\">" + failure(result, "") + "</div>\n");
            }
            if (!result.neverBegan()) {
                int[] number = {0};
                Notebook.stream(result.output(), cell -> {
                    number[0]++;
                    String shown = cell(cell, number[0], Optional.ofNullable(results.get(number[0])), folder);
                    page.write(RELATIVE_LINK.matcher(shown).replaceAll(way));
                });
            }
            page.write(Html.FOOT);
        });
    }

    /**
     * Writes the page that lists notebooks: how each ended, how long it took, and of those that failed the cell and its
     * error, first.
     *
     * @param pages each run with its page, named relative to the index
     * @param html the file to write
     * @throws IOException if it cannot be written
     */
    public static void writeIndex(Map<RunResult, String> pages, Path html) throws IOException {
        StringBuilder body = new StringBuilder("<h1>Notebooks</h1>\n");
        pages.forEach((result, page) -> {
            if (result.status() != RunStatus.DONE) {
                body.append("<div class=\"banner\"><p><a href=\"").append(Html.link(page)).append("\">")
                        .append(Html.escape(result.notebook().toString())).append("</a></p>").append(failure(result, page))
                        .append("</div>\n");
            }
        });
        body.append("<table>\n<tr><th>notebook</th><th>status</th><th>cells</th><th>time</th></tr>\n");
        pages.forEach((result, page) -> body.append("<tr><td><a href=\"").append(Html.link(page)).append("\">")
                .append(Html.escape(result.notebook().toString()))
                .append("</a></td><td class=\"").append(result.status() == RunStatus.DONE ? "passed" : "bad").append("\">")
                .append(result.status()).append("</td><td>").append(counts(result, page))
                .append("</td><td>").append(seconds(result.time()))
                .append("</td></tr>\n"));
        body.append("</table>\n");
        AtomicFile.write(html, page -> page.write(Html.head("Notebooks") + body + Html.FOOT));
    }

    /** How to get from one folder to another: empty, or with a slash at its end. */
    private static String way(Path from, Path to) {
        String way = from.normalize().relativize(to.normalize()).toString().replace('\\', '/');
        return way.isEmpty() ? "" : way + "/";
    }

    private static String cell(Cell cell, int number, Optional<CellResult> result, Path folder) {
        StringBuilder body = new StringBuilder();
        body.append("<div id=\"cell-").append(number).append("\">\n");
        switch (cell.type()) {
            case "markdown" -> body.append(MarkdownHtml.of(cell, folder));
            case "code" -> {
                String count = cell.executionCount() > 0 ? "[" + cell.executionCount() + "] " : "";
                String time = result.map(ran -> ran.time().isZero() ? ran.outcome().toString() : seconds(ran.time())).orElse("");
                body.append("<span class=\"count\">").append(count).append(time).append("</span>");
                code(cell, folder, body);
            }
            default -> body.append(Html.preformatted("raw", Html.escape(cell.source())));
        }
        return body.append("</div>\n").toString();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private static String failure(RunResult result, String page) {
        String link = result.failedCell()
                .map(cell -> " <a href=\"" + Html.link(page) + "#cell-" + cell.number() + "\">" + cell.label() + "</a>")
                .orElse("");
        return "<p class=\"bad\">" + result.status() + "." + link + "</p>"
                + Html.preformatted("error", Html.escape(FailureReport.of(result)));
    }

    /** How many cells came to what, and behind it each with its time. */
    private static String counts(RunResult result, String page) {
        Map<String, Integer> counts = new TreeMap<>();
        result.cells().forEach(cell -> counts.merge(cell.outcome().toString(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        counts.forEach((outcome, count) -> text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(outcome));
        if (result.cells().isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder("<details><summary>").append(text).append("</summary>\n<table>\n");
        result.cells().forEach(cell -> list.append("<tr><td><a href=\"").append(Html.link(page)).append("#cell-").append(cell.number())
                .append("\">").append(cell.label()).append("</a></td><td class=\"").append(cell.outcome().isFailure() ? "bad" : "none")
                .append("\">").append(cell.outcome()).append("</td><td>").append(seconds(cell.time())).append("</td><td><code>")
                .append(Html.escape(cell.title())).append("</code></td></tr>\n"));
        return list.append("</table></details>").toString();
    }

    private static void code(Cell cell, Path folder, StringBuilder body) {
        if (!cell.source().isBlank()) {
            body.append(Html.preformatted("code", Html.escape(cell.source())));
        }
        for (JsonElement output : cell.outputs()) {
            output(output.getAsJsonObject(), folder, body);
        }
    }

    private static void output(JsonObject output, Path folder, StringBuilder body) {
        switch (Message.text(output, "output_type")) {
            case "stream" -> {
                boolean stderr = Message.text(output, "name").equals("stderr");
                body.append(Html.preformatted(
                        stderr ? "stream stderr" : "stream", AnsiText.html(MultilineText.join(output.get("text")))));
            }
            case "error" -> {
                StringBuilder traceback = new StringBuilder();
                if (output.has("traceback")) {
                    output.getAsJsonArray("traceback").forEach(line -> traceback.append(line.getAsString()).append('\n'));
                }
                String text = traceback.isEmpty()
                        ? Message.text(output, "ename") + ": " + Message.text(output, "evalue")
                        : traceback.toString();
                body.append(Html.preformatted("error", AnsiText.html(text)));
            }
            default -> {
                if (output.get("data") instanceof JsonObject data) {
                    body.append(display(data, folder));
                }
            }
        }
    }

    /** The richest form that a page can show. */
    private static String display(JsonObject data, Path folder) {
        if (data.has("text/html")) {
            return "<div>" + MultilineText.join(data.get("text/html")) + "</div>\n";
        }
        if (data.has("image/svg+xml")) {
            return "<div>" + MultilineText.join(data.get("image/svg+xml")) + "</div>\n";
        }
        for (String type : IMAGES) {
            if (data.has(type)) {
                String base64 = MultilineText.join(data.get(type)).replaceAll("\\s", "");
                return "<div><img alt=\"\" src=\"data:" + type + ";base64," + Html.escape(base64) + "\"></div>\n";
            }
        }
        if (data.has("text/markdown")) {
            return "<div>" + MarkdownHtml.of(MultilineText.join(data.get("text/markdown")), folder) + "</div>\n";
        }
        if (data.has("text/latex")) {
            return "<div class=\"math\">" + Html.escape(MultilineText.join(data.get("text/latex"))) + "</div>\n";
        }
        return data.has("text/plain")
                ? Html.preformatted("result", AnsiText.html(MultilineText.join(data.get("text/plain"))))
                : Html.preformatted("result", Html.escape(String.join(", ", data.keySet())));
    }
}
