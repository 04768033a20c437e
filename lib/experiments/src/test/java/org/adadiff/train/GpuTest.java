package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.engine.Mxnet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every network on a GPU: all that is random comes from Java, so the CPU has to find the same losses. */
@Tag("gpu")
class GpuTest {
    @TempDir
    static Path data;

    @TempDir
    Path runs;

    @BeforeAll
    static void sample() throws IOException {
        SampleGenerator.generate(data, 1);
        assertTrue(Mxnet.engine().getGpuCount() > 0, "no GPU is visible to MXNet");
    }

    private List<Double> losses(Experiment experiment, String device) throws IOException {
        List<Double> losses = new ArrayList<>();
        Recipe smoke = Recipe.of(experiment, OptimizerName.ADADIFF, Profile.SMOKE, 1);
        Recipe recipe = smoke.withLimits(new Limits(smoke.limits().training(), 0, 3)); // three steps
        Training.run(recipe, new Training.Setup(data, device, runs.resolve(device)), new Progress() {
            @Override
            public void stepped(Step step) {
                losses.add(step.loss());
            }
        });
        return losses;
    }

    @ParameterizedTest
    @EnumSource(Experiment.class)
    void aGpuTrainsEveryNetworkAsTheCpuDoes(Experiment experiment) throws IOException {
        List<Double> expected = losses(experiment, "cpu");
        List<Double> found = losses(experiment, "gpu:0");
        assertEquals(3, found.size());
        for (int step = 0; step < 3; step++) {
            assertEquals(expected.get(step), found.get(step), 0.02 * expected.get(step), "step " + (step + 1));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Experiment.class, names = {"CIFAR10_RESNET34", "PTB_LSTM2"})
    void allGpusTrainTogether(Experiment experiment) throws IOException {
        assumeTrue(Mxnet.engine().getGpuCount() > 1, "one GPU only");
        List<Double> losses = losses(experiment, "gpu");
        assertEquals(3, losses.size());
        assertTrue(losses.stream().allMatch(Double::isFinite), losses::toString);
    }
}
