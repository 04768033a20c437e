package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.adadiff.train.Experiment;
import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Progress;
import org.adadiff.train.Recipe;
import org.adadiff.train.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ExperimentViewTest {
    @TempDir
    private Path root;

    @BeforeEach
    void copyThePapersNumbers() throws IOException {
        Path paper = Files.createDirectories(root.resolve("data/paper"));
        try (Stream<Path> files = Files.list(Path.of("../../data/paper"))) {
            for (Path file : files.toList()) {
                Files.copy(file, paper.resolve(file.getFileName()));
            }
        }
        System.setProperty(Workspace.HOME_PROPERTY, root.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(Workspace.HOME_PROPERTY);
    }

    private ExperimentView view(String experiment, String profile, String optimizers) throws IOException {
        return ExperimentView.of(Workspace.find(), experiment, profile, optimizers, "1");
    }

    @Test
    void aSmokeRunIsTrainedShownAndChecked() throws IOException {
        ExperimentView view = view("ptb-lstm2", "smoke", "adadiff");
        List<String> shown = new ArrayList<>();
        view.run(true, "cpu", progress -> shown.add(progress.toString()));
        assertEquals("AdaDiff, seed 1 (run 1 of 1): starting", shown.get(0));
        assertTrue(shown.stream().anyMatch(text -> text.matches(
                "AdaDiff.*: epoch 1 of 4, step \\d+ of \\d+ · loss \\d\\.\\d{3} · perplexity .* · learning rate \\S+ · about .* left")), shown::toString);
        assertEquals("1 of 1 runs, profile smoke: 1 trained here, 0 loaded", shown.get(shown.size() - 1));
        assertEquals("5 numbers of 1 runs are those of the run folders", view.check()); // four epochs, and the table's
        assertTrue(view.table().toString().matches("(?s).*\\nAdam +67\\.06 ± 0\\.35 +not run .*"), view.table().toString());
    }

    @Test
    void aNumberThatIsNotInItsRunFolderIsAnError() throws IOException {
        ExperimentView view = view("ptb-lstm2", "smoke", "adadiff");
        view.run(true, "cpu", progress -> { });
        Path metrics = root.resolve("target/runs/ptb-lstm2/smoke-adadiff-seed1/metrics.csv");
        String last = Files.readString(metrics).strip().replaceFirst("(?s).*\\n", "");
        Files.writeString(metrics, Files.readString(metrics).replace(last, last.replaceFirst("(,test,[^,]+,)", "$11")));
        var error = assertThrows(IllegalStateException.class, view::check);
        assertTrue(error.getMessage().contains("as in the run folders"), error::getMessage);
    }

    @Test
    void withoutTrainingWhatIsNotRecordedIsNotRun() throws IOException {
        ExperimentView view = view("cifar10-resnet34", "paper", "adadiff,sgd");
        List<String> shown = new ArrayList<>();
        view.run(false, "cpu", progress -> shown.add(progress.toString()));
        assertEquals(List.of("0 of 2 runs, profile paper: 0 trained here, 0 loaded"), shown);
        assertTrue(view.table().toString().contains("not run"));
        assertEquals(8, view.published().curves().size() + view.figure().curves().size(), "the paper's curves are there");
        for (Executable empty : List.<Executable>of(view::loss, view::check)) {
            assertEquals("cifar10-resnet34, profile paper: expected runs, found none recorded; with train = true they are run",
                    assertThrows(IllegalStateException.class, empty).getMessage());
        }
    }

    @Test
    void whatStaysOfTheProgressHoldsNoTimes() throws IOException {
        List<String> first = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            var html = new ArrayList<String>();
            var progress = new LiveProgress(1, live -> html.add(live.html()));
            progress.started(Recipe.of(Experiment.PTB_LSTM2, OptimizerName.SGD, Profile.SMOKE, 1), true);
            for (int step = 1; step <= 20; step++) {
                progress.stepped(new Progress.Step(1, 1, step, 20, 5 - step * 0.1, 5, 100, 0.01, Math.random(), 0));
            }
            progress.ended("1 run");
            first.add(html.get(html.size() - 1));
        }
        assertEquals(first.get(0), first.get(1));
        String points = first.get(0).replaceFirst("(?s).*points=\"([^\"]*)\".*", "$1");
        assertEquals(20, points.split(" ").length, points);
        assertTrue(first.get(0).contains(">4.90</text>") && first.get(0).contains(">3.00</text>"), "the loss goes from 4.9 to 3");
    }
}
