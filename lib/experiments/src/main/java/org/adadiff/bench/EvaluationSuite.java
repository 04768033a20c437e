package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_LEAST;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluation of full-size networks as {@code adadiff train} does it after an epoch, beside PyTorch's: test images in batches
 * of 256, test text at batch 1. The first part of the test set is enough: every batch takes the same time.
 */
final class EvaluationSuite {
    static final List<Target> TARGETS = List.of(
            Target.ratio("evaluation resnet34", Suite.OURS, Suite.TORCH, AT_LEAST, 1),
            Target.ratio("evaluation densenet121", Suite.OURS, Suite.TORCH, AT_LEAST, 1),
            Target.ratio("evaluation lstm2", Suite.OURS, Suite.TORCH, AT_LEAST, 1));

    private static final int IMAGES = 512;
    private static final int TOKENS = 2100;

    private EvaluationSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        List<Measurement> measurements = new ArrayList<>();
        for (Network network : setting.networks(Network.RESNET34, Network.DENSENET121, Network.LSTM2)) {
            int size = (network.isLanguage() ? TOKENS : IMAGES) * (setting.onGpu() ? 10 : 1);
            measurements.addAll(Alternation.measure(setting, "evaluation", network, "--size", size));
        }
        return measurements;
    }
}
