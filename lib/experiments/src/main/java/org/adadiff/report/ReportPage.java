package org.adadiff.report;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;

import tech.tablesaw.api.Table;

/** Writes a report into a folder: one page that needs nothing from elsewhere, and every table and figure as a file. */
public final class ReportPage {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;color:#1F2933;background:#fff;max-width:1180px;margin:32px auto;padding:0 20px}
            h1{font-size:1.6em;margin:0 0 4px}h2{font-size:1.2em;margin:40px 0 6px;border-top:1px solid #E4E7EB;padding-top:20px}
            .wide{overflow-x:auto}caption{display:none}img{max-width:100%;height:auto;display:block}
            a{color:#0B69A3}.files{font-size:.85em;color:#616E7C}summary{cursor:pointer}""";

    private final PaperReport report;
    private final Path directory;
    private final StringBuilder body = new StringBuilder();

    private ReportPage(PaperReport report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    /**
     * Writes {@code index.html}, a CSV file for each table and figure, and a PNG file for each figure. Files of an earlier report
     * are replaced.
     *
     * @param report    what to write
     * @param directory where; made if it is not there
     * @return the page
     * @throws IOException if a file cannot be written
     */
    public static Path write(PaperReport report, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new ReportPage(report, directory).write();
    }

    private Path write() throws IOException {
        long complete = report.runs().stream().filter(Run::complete).count();
        body.append("<h1>AdaDiff: the paper's tables and figures, measured again</h1>\n<p>Profile <b>").append(report.profile())
                .append("</b>: ").append(report.runs().size()).append(report.runs().size() == 1 ? " run, " : " runs, ").append(complete)
                .append(" complete. Every number of ours leads to the folder of its run. Of the paper's ")
                .append("experiments, optimizers and three seeds, ").append(report.missing().size()).append(" runs are not there")
                .append(report.missing().isEmpty() ? "" : "; where there is none, it says <i>not run</i>").append(".</p>\n");
        table("table1", report.table1());
        table("table2", report.table2(), ResultTables.numbers("table2", report.language()));
        figure("figure2", report.figure2());
        table("accuracies", report.accuracies(), ResultTables.numbers("accuracies", report.images()));
        figure("figure1", report.figure1());
        table("ranking", report.ranking());
        table("ablation", report.ablation(), ResultTables.numbers("ablation", report.ablationOutcomes()));
        body.append("<details><summary>Every run</summary>\n");
        table("runs", report.everyRun());
        body.append("</details>\n");
        Path page = directory.resolve("index.html");
        replace(page, ("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width\"><title>AdaDiff, profile " + report.profile() + "</title>\n<style>\n" + STYLE
                + "\n</style></head>\n<body>\n" + body + "</body>\n</html>\n").getBytes(StandardCharsets.UTF_8));
        return page;
    }

    private void table(String name, TableView view) throws IOException {
        table(name, view, view.table());
    }

    private void table(String name, TableView view, Table numbers) throws IOException {
        csv(name, numbers);
        body.append("<h2 id=\"").append(name).append("\">").append(Html.escape(view.table().name())).append("</h2>\n<div class=\"wide\">")
                .append(view.html(directory)).append("</div>\n");
        files(name + ".csv");
    }

    private void figure(String name, FigureGrid figure) throws IOException {
        byte[] png = figure.png();
        replace(directory.resolve(name + ".png"), png);
        csv(name, figure.numbers());
        body.append("<h2 id=\"").append(name).append("\">").append(Html.escape(figure.title())).append("</h2>\n<img alt=\"")
                .append(Html.escape(figure.toString())).append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png)).append("\">\n");
        files(name + ".png", name + ".csv");
    }

    private void files(String... names) {
        body.append("<p class=\"files\">");
        for (String name : names) {
            body.append(Html.link(name, directory.resolve(name), directory)).append(' ');
        }
        body.append("</p>\n");
    }

    private void csv(String name, Table table) throws IOException {
        var text = new StringWriter();
        table.write().csv(text);
        replace(directory.resolve(name + ".csv"), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
