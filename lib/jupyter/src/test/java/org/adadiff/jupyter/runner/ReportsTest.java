package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.markdown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.SurefireReportParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportsTest {
    private static final CellError ERROR = new CellError(
            "Bad", "a < b\u0001", List.of("\u001B[31mBad: a < b\u001B[0m", "    at f() (cell 7, line 2)", "    at (cell 9, line 1)"));

    @TempDir
    private Path folder;

    private RunResult result(RunStatus status, String message, CellResult... cells) {
        return new RunResult(folder.resolve("n.ipynb"), folder.resolve("n.ipynb"), status, message, List.of(cells), Duration.ofMillis(2500));
    }

    private static CellResult cell(int number, String source, CellOutcome outcome, CellError error) {
        return new CellResult(number, 7, source, List.of(10 * number, 10 * number + 1), outcome, Duration.ofMillis(1250), Optional.ofNullable(error));
    }

    private String html(RunResult result) throws IOException {
        Path page = folder.resolve("n.html");
        HtmlReport.write(result, page);
        return Files.readString(page);
    }

    @Test
    void terminalShowsNotebookCellLineAtFaultErrorAndTraceback() {
        RunResult failed = result(
                RunStatus.CELL_FAILED, "cell 3 failed", cell(2, "ok", CellOutcome.PASSED, null),
                cell(3, "int x = 1;\nf(x);", CellOutcome.FAILED, new CellError("Bad", "luck", ERROR.traceback())));
        assertEquals(
                folder.resolve("n.ipynb") + ": failed in cell 3 [7] after 1.3 s\n"
                        + "     1 | int x = 1;\n"
                        + ">    2 | f(x);\n"
                        + "Bad: luck\n"
                        + "  Bad: a < b\n"
                        + "      at f() (cell 7, line 2)\n"
                        + "      at (cell 9, line 1)",
                FailureReport.of(failed));
        assertEquals("", FailureReport.of(result(RunStatus.DONE, "")));
    }

    @Test
    void junitHasASuiteForEachNotebookAndACaseForEachCodeCell() throws Exception {
        Path file = folder.resolve("reports/junit.xml");
        JUnitReport.write(
                List.of(
                        result(RunStatus.CELL_FAILED, "x", cell(2, "ok \u001B[1m", CellOutcome.PASSED, null),
                                cell(3, "bad", CellOutcome.FAILED, ERROR), cell(4, "never", CellOutcome.NOT_RUN, null)),
                        result(RunStatus.NO_KERNEL, "no kernel named 'x'")),
                file);
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        NodeList suites = xml.getElementsByTagName("testsuite");
        assertEquals(2, suites.getLength());
        Element first = (Element) suites.item(0);
        assertEquals("3 1 0 1 2.500", String.join(" ", first.getAttribute("tests"), first.getAttribute("failures"),
                first.getAttribute("errors"), first.getAttribute("skipped"), first.getAttribute("time")));
        assertEquals("cell 2: ok", ((Element) first.getElementsByTagName("testcase").item(0)).getAttribute("name").strip());
        Element failure = (Element) xml.getElementsByTagName("failure").item(0);
        Element failed = (Element) failure.getParentNode();
        assertEquals(folder.resolve("n.ipynb") + ":31", failed.getAttribute("file") + ":" + failed.getAttribute("line"));
        assertEquals("Bad", failure.getAttribute("type"));
        assertEquals("a < b", failure.getAttribute("message"), "characters that XML forbids are left out");
        assertTrue(failure.getTextContent().contains("1 | bad"), failure.getTextContent());
        Element error = (Element) xml.getElementsByTagName("error").item(0);
        assertEquals("no kernel named 'x'", error.getAttribute("message"));
        assertEquals(1, xml.getElementsByTagName("skipped").getLength());
    }

    @Test
    void junitIsReadByMavensOwnReports() throws Exception {
        JUnitReport.write(
                List.of(
                        result(RunStatus.CELL_FAILED, "x", cell(2, "ok", CellOutcome.PASSED, null), cell(3, "bad", CellOutcome.FAILED, ERROR),
                                cell(4, "late", CellOutcome.TIMED_OUT, null), cell(5, "never", CellOutcome.NOT_RUN, null)),
                        result(RunStatus.NO_KERNEL, "no kernel named 'x'")),
                folder.resolve("junit.xml"));
        List<ReportTestSuite> suites = new SurefireReportParser(List.of(folder.toFile()), new NullConsoleLogger()).parseXMLReportFiles();
        assertEquals(
                List.of("n.ipynb: 4 tests, 1 failures, 1 errors, 1 skipped, 2.5 s", "n.ipynb: 1 tests, 0 failures, 1 errors, 0 skipped, 2.5 s"),
                suites.stream().map(suite -> String.format(Locale.ROOT, "%s: %d tests, %d failures, %d errors, %d skipped, %.1f s",
                        Path.of(suite.getFullClassName()).getFileName(), suite.getNumberOfTests(), suite.getNumberOfFailures(),
                        suite.getNumberOfErrors(), suite.getNumberOfSkipped(), suite.getTimeElapsed())).toList());
        ReportTestCase failed = suites.get(0).getTestCases().get(1);
        assertEquals("cell 3: bad: Bad: a < b", failed.getName() + ": " + failed.getFailureType() + ": " + failed.getFailureMessage());
        assertTrue(failed.getFailureDetail().contains("1 | bad"), failed.getFailureDetail());
    }

    @Test
    void pageHoldsMarkdownFormulasTablesCodeAndOutputs() throws IOException {
        Files.write(folder.resolve("figure.png"), new byte[] {1, 2, 3});
        var cell = code("int a = 1 < 2;");
        cell.addProperty("execution_count", 1);
        cell.add("outputs", JsonParser.parseString("""
                [{"output_type": "stream", "name": "stderr", "text": ["10%\\r100%\\n", "<tag>\\n"]},
                 {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>bold</b>", "text/plain": "poor"}},
                 {"output_type": "display_data", "metadata": {}, "data": {"image/png": "QUJD\\n", "text/plain": "poor"}},
                 {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "a<b"}},
                 {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\\u001b[1;31mE\\u001b[0m: v"]}]
                """));
        NotebookFiles.write(
                folder.resolve("n.ipynb"),
                markdown("# Title\n\n$m_t = \\beta_1 m_{t-1} + a_b*c*d < 1$ costs 5$ and `$x_1$` *now*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![](figure.png)"),
                cell);
        String html = html(result(RunStatus.DONE, ""));
        assertTrue(html.contains("<h1>Title</h1>"), html);
        assertTrue(html.contains("<span class=\"math\">$m_t = \\beta_1 m_{t-1} + a_b*c*d &lt; 1$</span> costs 5$ and <code>$x_1$</code> <em>now</em>"), html);
        assertTrue(html.contains("<td>1</td>"), html);
        assertTrue(html.contains("src=\"data:image/png;base64,AQID\""), html);
        assertTrue(html.contains("int a = 1 &lt; 2;"), html);
        assertTrue(html.contains("100%\n&lt;tag&gt;") && !html.contains("10%\r"), html);
        assertTrue(html.contains("<b>bold</b>"), html);
        assertTrue(html.contains("src=\"data:image/png;base64,QUJD\""), html);
        assertTrue(html.contains("a&lt;b"), html);
        assertTrue(html.contains("<span style=\"font-weight:bold;color:#c0392b;\">E</span>: v"), html);
        assertFalse(html.contains("poor"), "the richest form is shown");
        assertFalse(html.contains("http"), "the page needs nothing from elsewhere");
    }

    @Test
    void linksOfMarkdownRunNoScripts() throws IOException {
        NotebookFiles.write(folder.resolve("n.ipynb"), markdown("[a](javascript:alert(1)) [b](<java&#10;script:alert(1)>) [c](JavaScript:alert(1)) [d]\n\n[d]: vbscript:x\n\n"
                + "[e](https://a.b?c:d) [f](#x) [g](mailto:a@b.c) [h](data.md) ![i](data:image/png;base64,AQID)"));
        String html = html(result(RunStatus.DONE, ""));
        assertFalse(html.contains("script:"), html);
        for (String kept : List.of("<a href=\"\">a</a>", "<a href=\"https://a.b?c:d\">", "<a href=\"#x\">", "<a href=\"mailto:a@b.c\">",
                "<a href=\"data.md\">", "src=\"data:image/png;base64,AQID\"")) {
            assertTrue(html.contains(kept), () -> kept + " in " + html);
        }
    }

    @Test
    void relativeLinksStartFromTheNotebooksFolderWhereverThePageLies() throws IOException {
        var cell = code("show()");
        cell.add("outputs", JsonParser.parseString("""
                [{"output_type": "display_data", "metadata": {}, "data": {"text/html":
                  "<a href=\\"../runs/1\\">1</a> <a href=\\"https://a.b\\">2</a> <a href=\\"#c\\">3</a> <a href=\\"/d\\">4</a>"}}]
                """));
        NotebookFiles.write(folder.resolve("n.ipynb"), markdown("[data](data.md)"), cell);
        Path page = Files.createDirectories(folder.resolve("pages/all")).resolve("n.html");
        HtmlReport.write(result(RunStatus.DONE, ""), page);
        String html = Files.readString(page);
        for (String link : List.of("../../../runs/1", "https://a.b", "#c", "/d", "../../data.md")) {
            assertTrue(html.contains("<a href=\"" + link + "\">"), () -> link + " in " + html);
        }
        assertTrue(html(result(RunStatus.DONE, "")).contains("<a href=\"../runs/1\">"), "beside the notebook they are as they were");
    }

    @Test
    void runThatNeverBeganHasAPageThatSaysWhy() throws IOException {
        String html = html(result(RunStatus.NO_KERNEL, "no kernel named 'x' is installed"));
        assertTrue(html.contains("no kernel named 'x' is installed"), html);
    }

    @Test
    void indexShowsTheFailedOnesFirstWithTheirError() throws IOException {
        Map<RunResult, String> pages = new LinkedHashMap<>();
        pages.put(result(RunStatus.DONE, "", cell(1, "ok", CellOutcome.PASSED, null)), "a.html");
        pages.put(result(RunStatus.CELL_FAILED, "x", cell(2, "bad", CellOutcome.FAILED, ERROR)), "b.html");
        pages.put(result(RunStatus.DONE, "c"), "c#1 100%.html");
        Path index = folder.resolve("index.html");
        HtmlReport.writeIndex(pages, index);
        String html = Files.readString(index);
        assertTrue(html.indexOf("href=\"b.html#cell-2\"") < html.indexOf("href=\"a.html\""), html);
        assertTrue(html.indexOf("Bad: a &lt; b") < html.indexOf("<table>"), html);
        assertTrue(html.contains("href=\"c%231%20100%25.html\""), "a link to any file name works: " + html);
        assertTrue(html.contains("<summary>1 passed</summary>") && html.contains("<td>1.3 s</td>") && html.contains("<td>2.5 s</td>"), html);
    }

    @Test
    void annotationsNameFileLineAndErrorInGitHubsWords() {
        CellError error = new CellError("Bad", "100%, a:b", List.of("    at (cell 7, line 2)"));
        RunResult failed = result(RunStatus.CELL_FAILED, "x", cell(2, "ok", CellOutcome.PASSED, null), cell(3, "int x;\nf(x);", CellOutcome.FAILED, error));
        String path = folder.resolve("n.ipynb").toString();
        List<String> lines = GitHubAnnotations.of(failed);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("::error file=" + path + ",line=31,title=cell 3 [7] failed::" + path + ": failed in cell 3 [7]"), lines.get(0));
        assertTrue(lines.get(0).contains("%0ABad: 100%25, a:b%0A"), lines.get(0));
        assertEquals(List.of("::error file=" + path + ",line=1,title=no kernel::none"), GitHubAnnotations.of(result(RunStatus.NO_KERNEL, "none")));
        assertEquals(List.of(), GitHubAnnotations.of(result(RunStatus.DONE, "")));
    }

    @Test
    void linesOfSourcesAreFoundInTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("n.ipynb"), """
                {"metadata": {"cells": [{"source": "no"}]},
                 "cells": [
                  {"metadata": {"source": "\\"no"}, "source": [
                    "a = \\"{[\\n",
                    "b"
                   ], "outputs": [{"source": "no"}]},
                  {"source": [], "cell_type": "code"},
                  {"cell_type": "code",
                   "source": "one\\ntwo"}]}
                """);
        assertEquals(List.of(List.of(4, 5), List.of(), List.of(9)), SourceLines.of(file));
    }

    @Test
    void terminalColoursBecomeHtmlAndOtherCodesVanish() {
        assertEquals("plain text", AnsiText.plain("\u001B[0;31mplain\u001B[0m \u001B]0;title\u0007text\u001B[2K"));
        assertEquals(
                "<span style=\"color:rgb(255,135,0);\">a</span><span style=\"color:rgb(1,2,3);\">b</span>c",
                AnsiText.html("\u001B[38;5;208ma\u001B[38;2;1;2;3mb\u001B[39mc"));
        assertEquals("&lt;&amp;", AnsiText.html("\u001B[m<&\u001B[1A"));
    }
}
