package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_LEAST;
import static org.adadiff.bench.Target.Bound.AT_MOST;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Full-size training steps as {@code adadiff train} makes them, and the memory they take, beside PyTorch's. */
final class TrainingSuite {
    static final List<Target> TARGETS = List.of(
            Target.ratio("training resnet34", Suite.OURS, Suite.TORCH, AT_LEAST, 1),
            Target.ratio("training densenet121", Suite.OURS, Suite.TORCH, AT_LEAST, 1),
            Target.ratio("training lstm2", Suite.OURS, Suite.TORCH, AT_LEAST, 1.6),
            Target.value("training resnet34, waiting for data", Suite.OURS, AT_MOST, 1),
            Target.value("training densenet121, waiting for data", Suite.OURS, AT_MOST, 1),
            Target.value("training lstm2, waiting for data", Suite.OURS, AT_MOST, 1),
            Target.ratio("training resnet34, peak memory", Suite.OURS, Suite.TORCH, AT_MOST, 1),
            Target.ratio("training densenet121, peak memory", Suite.OURS, Suite.TORCH, AT_MOST, 1),
            Target.ratio("training lstm2, peak memory", Suite.OURS, Suite.TORCH, AT_MOST, 1));

    private TrainingSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        List<Measurement> measurements = new ArrayList<>();
        for (Network network : setting.networks(Network.RESNET34, Network.DENSENET121, Network.LSTM2)) {
            // A step of DenseNet-121 takes many seconds; of the LSTM, whose sequences differ in length, more are needed
            int steps = setting.onGpu() ? 60 : network.isLanguage() ? 8 : 3;
            measurements.addAll(Alternation.measure(setting, "training", network, "--steps", steps));
        }
        return measurements;
    }
}
