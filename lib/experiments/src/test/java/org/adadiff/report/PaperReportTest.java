package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.adadiff.train.Profile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class PaperReportTest {
    @TempDir
    Path root;

    private Path runs;
    private PaperResults paper;

    @BeforeEach
    void recordRuns() throws IOException {
        runs = root.resolve("runs");
        paper = PaperResults.read(PaperResultsTest.DIRECTORY);
        // By hand: mean (131 + 132.5 + 133)/3 = 132.1666…, deviations −1.1666…, 0.3333…, 0.8333…, squares 1.3611 + 0.1111 + 0.6944
        // = 2.1666…, divided by 2 and rooted: 1.0408
        RunFolders.write(runs, "ptb-lstm2", "adadiff", 1, "reduced", 200, 131);
        RunFolders.write(runs, "ptb-lstm2", "adadiff", 2, "reduced", 190, 132.5);
        RunFolders.write(runs, "ptb-lstm2", "adadiff", 3, "reduced", 195, 133);
        RunFolders.write(runs, "cifar10-resnet34", "sgd", 1, "reduced", 50, 60, 70);
        RunFolders.write(runs, "cifar10-resnet34", "sgd", 2, "paper", 94);
    }

    private PaperReport report() throws IOException {
        return PaperReport.of(Profile.REDUCED, Run.readAll(runs), paper);
    }

    @Test
    void meanAndSampleDeviationAreThoseComputedByHand() throws IOException {
        Table table = report().table2().table();
        assertEquals("132.17 ± 1.04", table.getString(0, "ours"));
        assertEquals("3", table.getString(0, "n"));
        assertEquals("+66.91", table.getString(0, "difference"));
        assertEquals(7, table.stringColumn("ours").isEqualTo("not run").size());
    }

    @Test
    void runsOfOtherProfilesAndThoseThatWereToStopEarlyAreLeftOut() throws IOException {
        assertEquals(4, report().runs().size());
        Path stopped = RunFolders.write(runs, "ptb-lstm2", "adadiff", 4, "reduced");
        Files.writeString(stopped.resolve("run.json"), Files.readString(stopped.resolve("run.json"))
                .replaceFirst("}$", ", \"recipe\": {\"limits\": {\"steps\": 50}}}"));
        assertEquals(5, Run.readAll(runs).stream().filter(run -> run.profile().equals("reduced")).count());
        assertEquals(4, report().runs().size());
        assertEquals(72 - 4, report().missing().size());
    }

    @Test
    void shorterRunsAreDrawnOverTheShareOfTheTraining() throws IOException {
        LineFigure panel = report().figure2().panels().get(0);
        assertEquals(PaperPanel.SHARE, panel.xLabel());
        Curve ours = panel.curves().get(0);
        assertEquals(List.of(new Curve.Point(50, 195, 190, 200, 3), new Curve.Point(100, (131 + 132.5 + 133) / 3, 131, 133, 3)), ours.points());
        assertEquals(List.of("AdaDiff", "AdaDiff (paper)", "AdaBelief (paper)", "Adam (paper)", "SGD (paper)"),
                panel.curves().stream().map(Curve::name).toList());
        assertEquals(100, panel.curves().get(1).last().x());
        assertEquals("epoch", report().figure2().panels().get(1).xLabel(), "where nothing was run, the paper's own axis");
        LineFigure full = PaperReport.of(Profile.PAPER, Run.readAll(runs), paper).figure1().panels().get(0);
        assertEquals("epoch", full.xLabel());
        assertTrue(full.toString().contains("Not run: AdaDiff, AdaBelief, Adam."), full::toString);
    }

    @Test
    void theOrderSaysWhatIsCloserThanItsSpread() throws IOException {
        RunFolders.write(runs, "ptb-lstm2", "adam", 1, "reduced", 132);
        RunFolders.write(runs, "ptb-lstm2", "adam", 2, "reduced", 134);
        RunFolders.write(runs, "ptb-lstm2", "sgd", 1, "reduced", 120);
        Table table = report().ranking().table();
        assertEquals("Penn Treebank, 2-layer LSTM", table.getString(0, "experiment"));
        assertEquals("AdaDiff, AdaBelief, SGD ≈ Adam", table.getString(0, "paper")); // 0.28 apart and 0.05, spreads up to 0.18 and 0.35
        assertEquals("SGD, AdaDiff ≈ Adam", table.getString(0, "ours")); // 0.83 apart, spreads 1.04 and 1.41
        assertEquals("0 to 3", table.getString(0, "n"));
        assertEquals("not run", table.getString(1, "ours"));
    }

    @Test
    void theCheckComparesEveryNumberWithItsFolder() throws IOException {
        assertEquals(2 + 1 + 2 + 3, report().check(), "two results, one of them again as ablation; two points of AdaDiff, three of SGD");
        PaperReport before = report();
        Path metrics = runs.resolve("ptb-lstm2-adadiff-2-reduced/metrics.csv");
        Files.writeString(metrics, Files.readString(metrics).replace("132.5", "132.8"));
        var error = assertThrows(IllegalStateException.class, before::check);
        assertTrue(error.getMessage().contains("row 1: expected the mean 132.26") && error.getMessage().contains("found 132.17 ± 1.04"),
                error::getMessage);
        assertEquals(8, report().check(), "read again, it agrees");
    }

    @Test
    void theCheckSeesAPointThatIsNotInTheFolder() throws IOException {
        PaperReport before = report();
        Path metrics = runs.resolve("cifar10-resnet34-sgd-1-reduced/metrics.csv");
        Files.writeString(metrics, Files.readString(metrics).replace(",60.0,", ",61.0,"));
        var error = assertThrows(IllegalStateException.class, before::check);
        assertTrue(error.getMessage().startsWith("CIFAR-10, ResNet-34, SGD: expected 61.0 at 66.6"), error::getMessage);
    }

    @Test
    void anEmptyTableFailsTheCheck() {
        var error = assertThrows(IllegalStateException.class, () -> RunCheck.table(TableView.of(Table.create("T"))));
        assertEquals("table 'T': expected rows, found none", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new FigureGrid("F", List.of()));
    }

    @Test
    void withoutAnyRunTheReportHasThePapersNumbersAlone() throws IOException {
        PaperReport empty = PaperReport.of(Profile.SMOKE, List.of(), paper);
        assertEquals(0, empty.check());
        assertTrue(empty.table2().table().stringColumn("ours").asSet().equals(Set.of("not run")));
        assertTrue(empty.figure1().toString().contains("Profile smoke: not run. These curves are the paper's."));
        assertFalse(empty.figure1().toString().contains("n = 1"), "the paper does not say how many runs its Figure 1 shows");
    }

    @Test
    void thePageLeadsToFilesThatExistAndItsCsvHoldsTheNumbersOfTheRunFolders() throws IOException {
        Path directory = root.resolve("out/report");
        Path page = ReportPage.write(report(), directory);
        String html = Files.readString(page);
        List<String> targets = Pattern.compile("<a href=\"([^\"]*)\"").matcher(html).results().map(link -> link.group(1)).toList();
        assertTrue(targets.contains("../../runs/ptb-lstm2-adadiff-2-reduced"), targets::toString);
        assertTrue(targets.size() >= 4 + 4 + 8 + 2, targets::toString);
        targets.forEach(target -> assertTrue(Files.exists(directory.resolve(target)), target));
        assertFalse(html.replaceAll("<a href=[^>]*>", "").contains("http"), "nothing is loaded from elsewhere");

        Table csv = Table.read().csv(directory.resolve("table2.csv").toFile());
        String last = Files.readAllLines(runs.resolve("ptb-lstm2-adadiff-3-reduced/metrics.csv")).get(4);
        assertEquals("2,test,13.3,133.0,0.001,0.5", last);
        assertEquals((131 + 132.5 + 133) / 3, csv.doubleColumn("mean").get(0), 1e-12);
        assertEquals(1.0408, csv.doubleColumn("sd").get(0), 1e-4);
        assertEquals("ptb-lstm2-adadiff-1-reduced; ptb-lstm2-adadiff-2-reduced; ptb-lstm2-adadiff-3-reduced", csv.getString(0, "runs"));
        Table curves = Table.read().csv(directory.resolve("figure1.csv").toFile());
        assertEquals(3, curves.where(curves.stringColumn("source").isEqualTo("ours")).rowCount());

        var picture = ImageIO.read(directory.resolve("figure1.png").toFile());
        assertEquals(2 * 1520, picture.getWidth());
        int orange = LineStyle.SGD.color().getRGB();
        assertTrue(IntStream.range(0, picture.getWidth()).anyMatch(x -> IntStream.range(0, 1000).anyMatch(y -> picture.getRGB(x, y) == orange)));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(11, files.filter(file -> !file.toString().endsWith(".part")).count(), "a page, 8 tables, 2 pictures");
        }
    }
}
