package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ResultTablesTest {
    @TempDir
    Path root;

    /** The cells of the table's body, row by row, as a browser would read them. */
    private static List<List<String>> cells(TableView view) {
        var rows = new ArrayList<List<String>>();
        String body = view.html(Path.of("")).replaceAll("(?s).*<tbody>(.*)</tbody>.*", "$1");
        for (String row : body.strip().split("</tr>\\s*")) {
            rows.add(Pattern.compile("<td[^>]*>(.*?)</td>").matcher(row).results().map(cell -> cell.group(1)).toList());
        }
        return rows;
    }

    @Test
    void rowsShowPaperOursDifferenceAndN() throws IOException {
        RunFolders.write(root, "ptb-lstm2", "adadiff", 1, "paper", 100, 65);
        RunFolders.write(root, "ptb-lstm2", "adadiff", 2, "paper", 100, 66);
        RunFolders.write(root, "ptb-lstm2", "adadiff", 3, "paper", 100, 67);
        RunFolders.write(root, "ptb-lstm3", "SGD", 1, "paper", 63);
        var rows = cells(ResultTables.table2(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY)));
        assertEquals(8, rows.size(), "two networks, four optimizers");
        assertEquals(List.of("Penn Treebank, 2-layer LSTM", "AdaDiff", "65.26 ± 0.07", "66.00 ± 1.00", "+0.74", "3"), rows.get(0).subList(0, 6));
        assertEquals(List.of("Penn Treebank, 2-layer LSTM", "AdaBelief", "66.73 ± 0.02", "not run", "–", "0", "–"), rows.get(1));
        assertEquals(List.of("Penn Treebank, 3-layer LSTM", "SGD", "63.83 ± 0.06", "63.00", "−0.83", "1"), rows.get(7).subList(0, 6));
    }

    @Test
    void withoutAnyRunEveryRowReadsNotRun() throws IOException {
        var rows = cells(ResultTables.accuracies(List.of(), PaperResults.read(PaperResultsTest.DIRECTORY)));
        assertEquals(16, rows.size());
        assertTrue(rows.stream().allMatch(row -> row.get(3).equals("not run")), rows::toString);
        assertEquals("94.9", rows.get(0).get(2));
    }

    @Test
    void theCaptionSaysTheProfileAndUnequalLengths() throws IOException {
        RunFolders.write(root, "cifar10-resnet34", "adam", 1, "smoke", 10, 20, 30);
        RunFolders.write(root, "cifar10-resnet34", "adam", 2, "smoke", 10);
        String text = ResultTables.experiment("cifar10-resnet34", Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY)).toString();
        assertTrue(text.contains("profile: smoke"), text);
        assertTrue(text.contains("Runs of unequal length: Adam on cifar10-resnet34 (epochs 1 to 3)"), text);
    }

    @Test
    void everyNumberLeadsToTheFoldersOfItsRuns() throws IOException {
        for (int seed = 1; seed <= 2; seed++) {
            RunFolders.write(root.resolve("a b"), "ptb-lstm2", "adadiff", seed, "paper", 65);
        }
        TableView view = ResultTables.table2(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY));
        String html = view.html(root.resolve("pages"));
        List<String> links = Pattern.compile("<a href=\"([^\"]*)\">([^<]*)</a>").matcher(html).results()
                .map(link -> link.group(2) + " " + link.group(1)).toList();
        assertEquals(List.of("1 ../a%20b/ptb-lstm2-adadiff-1-paper", "2 ../a%20b/ptb-lstm2-adadiff-2-paper"), links);
        assertTrue(view.toString().lines().anyMatch(line -> line.matches(".*AdaDiff .* 2  1, 2")), view::toString);
        assertTrue(view.markdown(root).contains("\n| Penn Treebank, 2-layer LSTM | AdaDiff | 65.26 ± 0.07 | 65.00 ± 0.00 | −0.26 | 2 | "
                + "[1](a%20b/ptb-lstm2-adadiff-1-paper), [2](a%20b/ptb-lstm2-adadiff-2-paper) |\n"), () -> view.markdown(root));
    }

    @Test
    void sampleDataIsSaidBelowItsNumbers() throws IOException {
        Path run = RunFolders.write(root, "ptb-lstm2", "sgd", 4, "smoke", 300);
        RunFolders.describe(run, "done", "{\"kind\": \"generated sample\"}");
        String text = ResultTables.table2(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY)).toString();
        assertTrue(text.contains("Trained on generated sample data"), text);
    }

    @Test
    void aRunThatDivergedSaysSoAndDoesNotCount() throws IOException {
        RunFolders.write(root, "ptb-lstm2", "sgd", 1, "smoke", 300);
        RunFolders.describe(RunFolders.write(root, "ptb-lstm2", "sgd", 2, "smoke", 900), "diverged: loss NaN", null);
        RunFolders.describe(RunFolders.write(root, "ptb-lstm2", "adam", 1, "smoke", 900), "diverged: loss NaN", null);
        RunFolders.describe(RunFolders.write(root, "ptb-lstm3", "adam", 1, "smoke", 900, 800), "running", null);
        TableView view = ResultTables.table2(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY));
        var rows = cells(view);
        assertEquals(List.of("SGD", "67.01 ± 0.18", "300.00", "+232.99", "1"), rows.get(3).subList(1, 6));
        assertTrue(rows.get(3).get(6).contains("2 (diverged)"), rows.get(3).get(6));
        assertEquals(List.of("Adam", "67.06 ± 0.35", "diverged", "–", "0"), rows.get(2).subList(1, 6));
        assertEquals("at epoch 2 of 2", rows.get(6).get(3));
        assertTrue(view.toString().contains("Not complete, and not counted: Adam on ptb-lstm2, seed 1 (diverged: loss NaN), "
                + "SGD on ptb-lstm2, seed 2 (diverged: loss NaN)"), view::toString);
    }

    @Test
    void dataThatAreNotTheOfficialFilesAreSaid() throws IOException {
        Path run = RunFolders.write(root, "cifar100-resnet34", "adam", 1, "reduced", 40);
        String official = "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29";
        for (String sum : List.of(official, "00")) {
            RunFolders.describe(run, "done", "{\"kind\": \"real\", \"sha256\": {\"train.bin\": \"" + sum + "\"}}");
            String text = ResultTables.accuracies(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY)).toString();
            assertEquals(sum.equals("00"), text.contains("the files of CIFAR-100 were not the official ones"), text);
        }
        RunFolders.describe(run, "done", "{\"kind\": \"real\", \"content\": \"the official images in another order\"}");
        assertEquals(RunData.OTHER_ORDER, Run.read(run).data());
        RunFolders.describe(run, "done", null);
        assertEquals(RunData.UNKNOWN, Run.read(run).data());
    }

    @Test
    void theAblationHasBothOptimizersWithEitherEpsilon() throws IOException {
        RunFolders.write(root, "cifar10-resnet34", "adadiff-printed-eps", 1, "reduced", 70);
        RunFolders.write(root, "cifar10-resnet34", "adam", 1, "reduced", 60);
        var rows = cells(ResultTables.ablation(Run.readAll(root), PaperResults.read(PaperResultsTest.DIRECTORY)));
        assertEquals(4, rows.size(), "of the one experiment that was run");
        assertEquals(List.of("not run", "70.00", "60.00", "not run"), rows.stream().map(row -> row.get(3)).toList());
        assertEquals(List.of("AdaDiff", "AdaDiff, printed eps", "Adam", "Adam, accumulated eps"), rows.stream().map(row -> row.get(1)).toList());
    }

    @Test
    void textInATableIsEscapedAndMissingNumbersAreADash() {
        var table = Table.create("<i>T</i>", StringColumn.create("a&b", "<script>x</script>", ""), DoubleColumn.create("v", 1.5, Double.NaN));
        TableView view = TableView.of(table).decimals("v", 3).caption("1 < 2");
        assertEquals(List.of(List.of("&lt;script&gt;x&lt;/script&gt;", "1.500"), List.of("–", "–")), cells(view));
        String html = view.html(Path.of(""));
        assertTrue(html.contains("&lt;i&gt;T&lt;/i&gt;") && html.contains("a&amp;b") && html.contains("1 &lt; 2"), html);
        assertFalse(html.contains("http"), "needs nothing from elsewhere");
        assertTrue(LineFigureTest.shown(view).hasDataForType(MIMEType.TEXT_HTML));
    }

    @Test
    void textIsAlignedWithNumbersAtTheRight() {
        var table = Table.create("T", StringColumn.create("name", "Adam", "AdaBelief"), DoubleColumn.create("v", 7.25, 12345.678));
        assertEquals("""
                T
                name           v
                Adam        7.25
                AdaBelief  12346""", TableView.of(table).toString());
    }

    @Test
    void anUnknownColumnIsNamedWithThoseThatAreThere() {
        var view = TableView.of(Table.create("T", StringColumn.create("a"), StringColumn.create("b")));
        var error = assertThrows(IllegalArgumentException.class, () -> view.right("c"));
        assertEquals("table 'T': expected one of the columns [a, b], found 'c'", error.getMessage());
    }
}
