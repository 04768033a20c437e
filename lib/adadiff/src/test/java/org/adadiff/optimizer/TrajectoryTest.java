package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrajectoryTest {

    static List<Trajectory> adaDiff() {
        return Trajectory.all("adadiff_trajectories.json");
    }

    static List<Trajectory> adaBelief() {
        return Trajectory.all("adabelief_trajectories.json");
    }

    static List<Trajectory> adam() {
        return Trajectory.all("adam_trajectories.json");
    }

    static List<Trajectory> sgd() {
        return Trajectory.all("sgd_trajectories.json");
    }

    @Test
    void allRecordedSettingsAreThere() {
        assertEquals(7, adaDiff().size());
        assertEquals(3, adaBelief().size());
        assertEquals(4, adam().size());
        assertEquals(3, sgd().size());
    }

    @ParameterizedTest
    @MethodSource("adaDiff")
    void theTranscriptionOfAdaDiffFollowsTheAuthorsRuleStepByStep(Trajectory run) {
        PaperEquations equations = new PaperEquations(run.settings(), run.w0().length);
        transcriptionFollows(run, equations::adaDiff);
    }

    @ParameterizedTest
    @MethodSource("adaBelief")
    void theTranscriptionOfAdaBeliefFollowsThePublishedRuleStepByStep(Trajectory run) {
        PaperEquations equations = new PaperEquations(run.settings(), run.w0().length);
        transcriptionFollows(run, equations::adaBelief);
    }

    @ParameterizedTest
    @MethodSource("adaDiff")
    void adaDiffOnMxnetFollowsTheAuthorsRule(Trajectory run) {
        optimizerFollows(run, run.settings().adaDiff());
    }

    @ParameterizedTest
    @MethodSource("adaBelief")
    void adaBeliefOnMxnetFollowsThePublishedRule(Trajectory run) {
        optimizerFollows(run, run.settings().adaBelief());
    }

    @ParameterizedTest
    @MethodSource("adam")
    void adamFollowsPyTorch(Trajectory run) {
        PaperEquations equations = new PaperEquations(run.settings(), run.w0().length);
        transcriptionFollows(run, equations::adam);
        optimizerFollows(run, run.settings().adam());
    }

    @ParameterizedTest
    @MethodSource("sgd")
    void momentumSgdFollowsPyTorch(Trajectory run) {
        PaperEquations equations = new PaperEquations(run.settings(), run.w0().length);
        transcriptionFollows(run, equations::sgd);
        optimizerFollows(run, run.settings().sgd());
    }

    private interface Step {
        void apply(double[] w, double[] g);
    }

    private static void transcriptionFollows(Trajectory run, Step step) {
        double tolerance = run.dtype().equals("float32") ? 1e-5 : 1e-12;
        double[] w = run.w0().clone();
        for (int t = 0; t < run.g().length; t++) {
            step.apply(w, run.g()[t]);
            for (int i = 0; i < w.length; i++) {
                double expected = run.w()[t][i];
                assertEquals(expected, w[i], tolerance * Math.abs(expected), run + ", step " + (t + 1) + ", element " + i);
            }
        }
    }

    private static void optimizerFollows(Trajectory run, StatefulOptimizer optimizer) {
        try (NDManager manager = NDManager.newBaseManager(); optimizer) {
            NDArray w = Arrays32.vector(manager, Arrays32.floats(run.w0()));
            for (int t = 0; t < run.g().length; t++) {
                try (NDArray g = Arrays32.vector(manager, Arrays32.floats(run.g()[t]))) {
                    optimizer.update("w", w, g);
                }
                double error = Arrays32.relativeToScale(run.w()[t], w.toFloatArray());
                assertTrue(error < 2e-5, run + ", step " + (t + 1) + ": relative to the weights' scale off by " + error);
            }
        }
    }
}
