package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCurvesTest {
    @TempDir
    Path root;

    @Test
    void eachEpochIsAveragedOverTheRunsThatReachedIt() throws IOException {
        RunFolders.write(root, "ptb-lstm2", "adadiff", 1, "smoke", 300, 200, 100);
        RunFolders.write(root, "ptb-lstm2", "adadiff", 2, "smoke", 320, 210);
        RunFolders.write(root, "ptb-lstm3", "adadiff", 1, "smoke", 1, 1, 1);
        List<Curve> curves = RunCurves.metric(Run.readAll(root), "ptb-lstm2", "test");
        assertEquals(List.of(new Curve("AdaDiff", "AdaDiff", false, List.of(new Curve.Point(1, 310, 300, 320, 2),
                new Curve.Point(2, 205, 200, 210, 2), new Curve.Point(3, 100, 100, 100, 1)))), curves);
        assertEquals("n = 2 (1 from epoch 3 on)", curves.get(0).coverage("epoch"));
        assertEquals(31, RunCurves.loss(Run.readAll(root), "ptb-lstm2", "test").get(0).points().get(0).mean(), 1e-12);
    }

    @Test
    void optimizersStandInThePapersOrderAndOthersAfterThem() throws IOException {
        for (String optimizer : List.of("sgd", "Variant", "adam", "adabelief", "adadiff")) {
            RunFolders.write(root, "ptb-lstm2", optimizer, 1, "smoke", 300);
        }
        assertEquals(List.of("AdaDiff", "AdaBelief", "Adam", "SGD", "Variant"),
                RunCurves.metric(Run.readAll(root), "ptb-lstm2", "test").stream().map(Curve::name).toList());
    }

    @Test
    void anEpochWrittenTwiceCountsOnceAndTheLaterRowWins() throws IOException {
        Path run = RunFolders.write(root, "ptb-lstm2", "adadiff", 1, "smoke", 300, 200);
        Files.writeString(run.resolve("metrics.csv"), Files.readString(run.resolve("metrics.csv")) + "2,test,9,190,0.001,1\n");
        assertEquals(List.of(Curve.Point.of(1, 300), Curve.Point.of(2, 190)),
                RunCurves.metric(Run.readAll(root), "ptb-lstm2", "test").get(0).points());
    }

    @Test
    void runsOfDifferentProfilesAreNeverAveraged() throws IOException {
        RunFolders.write(root, "ptb-lstm2", "adadiff", 1, "smoke", 300);
        RunFolders.write(root, "ptb-lstm2", "adadiff", 2, "reduced", 200);
        var runs = Run.readAll(root);
        var error = assertThrows(IllegalArgumentException.class, () -> RunCurves.metric(runs, "ptb-lstm2", "test"));
        assertTrue(error.getMessage().contains("expected runs of one profile, found [reduced, smoke]"), error::getMessage);
    }

    @Test
    void theSameSeedTwiceIsRefusedWithBothFolders() throws IOException {
        Path one = RunFolders.write(root.resolve("a"), "ptb-lstm2", "adadiff", 7, "smoke", 300);
        Path other = RunFolders.write(root.resolve("b"), "ptb-lstm2", "AdaDiff", 7, "smoke", 300);
        var runs = Run.readAll(root);
        var error = assertThrows(IllegalArgumentException.class, () -> RunCurves.metric(runs, "ptb-lstm2", "test"));
        assertTrue(error.getMessage().contains(one.toString()) && error.getMessage().contains(other.toString()), error::getMessage);
    }

    @Test
    void aMissingFolderMeansNothingWasRun() throws IOException {
        assertEquals(List.of(), Run.readAll(root.resolve("none")));
        assertEquals(List.of(), RunCurves.metric(List.of(), "ptb-lstm2", "test"));
    }

    @Test
    void aMalformedRowIsNamedWithFileAndLine() throws IOException {
        Path run = RunFolders.write(root, "ptb-lstm2", "adadiff", 1, "smoke", 300);
        Path metrics = run.resolve("metrics.csv");
        Files.writeString(metrics, Files.readString(metrics) + "2,test,x,190,0.001,1\n");
        var error = assertThrows(IOException.class, () -> Run.readAll(root));
        assertTrue(error.getMessage().startsWith(metrics + ", line 4: expected the columns epoch,split"), error::getMessage);
    }
}
