package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_MOST;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.adadiff.train.Experiment;

/** The time from the command to its first training step, on a built tree: launcher, JVM, MXNet, data, network. */
final class StartupSuite {
    static final List<Target> TARGETS = List.of(
            Target.value("startup cifar10-resnet34", Suite.OURS, AT_MOST, 3),
            Target.value("startup ptb-lstm2", Suite.OURS, AT_MOST, 3));

    private StartupSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        List<Measurement> rounds = new ArrayList<>();
        for (int round = 1; round <= setting.rounds(); round++) {
            for (Experiment experiment : List.of(Experiment.CIFAR10_RESNET34, Experiment.PTB_LSTM2)) {
                rounds.add(new Measurement("startup " + experiment, Suite.OURS, seconds(setting, experiment), "s"));
            }
        }
        return Measurement.medians(rounds);
    }

    private static double seconds(Setting setting, Experiment experiment) throws IOException, InterruptedException {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            List<Long> printed = new ArrayList<>();
            long start = System.nanoTime();
            // The run says that it begins right before its first step; its data are real and whole, its network narrow
            Child.run(setting, List.of(setting.home().resolve("environment/adadiff").toString(), "train", "--experiment",
                    experiment.id(), "--optimizer", "adadiff", "--profile", "reduced", "--seed", "1", "--max-steps", "1",
                    "--run-dir", folder.path().toString()), line -> printed.add(System.nanoTime()));
            if (printed.isEmpty()) {
                throw new IOException("adadiff train: expected a line when it begins, found none");
            }
            return (printed.get(0) - start) * 1e-9;
        }
    }
}
