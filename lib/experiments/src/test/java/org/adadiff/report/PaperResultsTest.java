package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PaperResultsTest {
    static final Path DIRECTORY = Path.of("../../data/paper");
    private static PaperResults paper;

    @BeforeAll
    static void read() throws Exception {
        paper = PaperResults.read(DIRECTORY);
    }

    @Test
    void theCurvesEndAtThePrintedTable2() {
        for (String experiment : List.of("ptb-lstm2", "ptb-lstm3")) {
            for (Curve curve : paper.curves(experiment)) {
                assertEquals(200, curve.points().size(), curve::name);
                assertEquals(3, curve.n(), curve::name);
                double printed = paper.result(experiment, curve.optimizer()).orElseThrow().mean();
                assertEquals(printed, curve.last().mean(), 0.0051, () -> experiment + " " + curve.name());
            }
        }
    }

    @Test
    void theDigitisedCurvesEndNearTheFinalAccuracies() {
        for (String experiment : List.of("cifar10-resnet34", "cifar10-densenet121", "cifar100-resnet34", "cifar100-densenet121")) {
            List<Curve> curves = paper.curves(experiment);
            assertEquals(List.of("AdaDiff", "AdaBelief", "Adam", "SGD"), curves.stream().map(Curve::optimizer).toList());
            for (Curve curve : curves) {
                double end = paper.result(experiment, curve.optimizer()).orElseThrow().mean();
                assertEquals(end, curve.last().mean(), 0.6, () -> experiment + " " + curve.name());
                assertTrue(curve.published(), curve::name);
            }
        }
    }

    @Test
    void whatThePaperDoesNotHaveIsEmpty() {
        assertTrue(paper.result("ptb-lstm2", "RMSProp").isEmpty());
        assertTrue(paper.curves("ptb-lstm4").isEmpty());
    }
}
