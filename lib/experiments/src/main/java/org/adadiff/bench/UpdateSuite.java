package org.adadiff.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.adadiff.bench.Target.Bound;

/** The update of all parameters: ours, MXNet's fused Adam, in-place array operations, PyTorch's, and the memory's bandwidth. */
final class UpdateSuite {
    private static final String BELIEF = "AdaBelief";
    private static final String ADAM = "DJL Adam";
    private static final String OPERATIONS = "NDArray in place";
    private static final String COPY = "System.arraycopy";

    private static final Network[] NETWORKS = {Network.RESNET34, Network.LSTM3, Network.DENSENET121};

    static final List<Target> TARGETS = targets();

    private UpdateSuite() {}

    private static List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (Network network : NETWORKS) {
            String benchmark = "update " + network;
            targets.add(Target.ratio(benchmark, Suite.OURS, ADAM, Bound.AT_MOST, 0.6));
            targets.add(Target.ratio(benchmark, BELIEF, ADAM, Bound.AT_MOST, 0.6));
            if (network != Network.DENSENET121) {
                targets.add(Target.ratio(benchmark, Suite.OURS, OPERATIONS, Bound.AT_MOST, 0.12));
                targets.add(Target.ratio(benchmark, Suite.OURS, COPY, Bound.AT_MOST, 1 / 0.8)); // 0.8 of its bandwidth
            }
        }
        return targets;
    }

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        List<Measurement> rounds = new ArrayList<>();
        for (int round = 1; round <= setting.rounds(); round++) { // on a virtual machine, memory is now fast and now slow
            rounds.addAll(Jmh.run(setting, "update", UpdateBenchmark.class,
                    Map.of("adaDiff", Suite.OURS, "adaBelief", BELIEF, "djlAdam", ADAM, "arrayOperations", OPERATIONS)));
            if (!setting.onGpu()) {
                rounds.addAll(Jmh.run(setting, "update", ArrayCopyBenchmark.class, Map.of("copy", COPY)));
            }
        }
        List<Measurement> measurements = new ArrayList<>(Measurement.medians(rounds));
        if (setting.torch().isPresent()) {
            String[] networks = setting.networks(NETWORKS).stream().map(Network::toString).toArray(String[]::new);
            measurements.addAll(setting.torch().get().measure(setting, "update.py", networks));
        }
        return measurements;
    }
}
