package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_LEAST;
import static org.adadiff.bench.Target.Bound.AT_MOST;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Batches of images beside torchvision's loader and DJL's data set, and loading files. That training does not wait: {@link TrainingSuite}. */
final class InputSuite {
    private static final String BATCHES = "input cifar batches";

    static final List<Target> TARGETS = List.of(
            Target.value(BATCHES, Suite.OURS, AT_LEAST, 100_000),
            Target.ratio(BATCHES, Suite.OURS, "torchvision, 2 workers", AT_LEAST, 10),
            Target.ratio(BATCHES, Suite.OURS, "DJL", AT_LEAST, 20),
            Target.value("input load cifar10", Suite.OURS, AT_MOST, 0.5),
            Target.value("input load ptb", Suite.OURS, AT_MOST, 1));

    private InputSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        List<Measurement> measurements = new ArrayList<>();
        Map<String, String> subjects = Map.of("ours", Suite.OURS, "oursTwice", Suite.OURS + ", two at once", "djl", "DJL",
                "djlBulk", "DJL, no crop or mirror");
        for (Measurement m : Jmh.run(setting, BATCHES, BatchBenchmark.class, subjects)) {
            measurements.add(new Measurement(m.benchmark(), m.subject(), m.value(), "images/s")); // JMH calls them operations
        }
        if (setting.torch().isPresent()) {
            measurements.addAll(setting.torch().get().measure(setting, "loader.py"));
        }
        measurements.addAll(Jmh.run(setting, "input load", LoadBenchmark.class, Map.of("load", Suite.OURS)));
        return measurements;
    }
}
