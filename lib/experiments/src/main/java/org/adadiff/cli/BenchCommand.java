package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.adadiff.bench.Machine;
import org.adadiff.bench.Measurement;
import org.adadiff.bench.Network;
import org.adadiff.bench.PyTorch;
import org.adadiff.bench.Report;
import org.adadiff.bench.Setting;
import org.adadiff.bench.Suite;
import org.adadiff.bench.Target;
import org.adadiff.engine.Mxnet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adadiff bench}: measures speed and memory beside DJL's own parts and PyTorch. */
@Command(name = "bench", description = "Measures speed and memory beside DJL's own parts and PyTorch. Leave the machine alone meanwhile.")
final class BenchCommand implements Callable<Integer> {
    private static final List<Suite> ON_GPU = List.of(Suite.UPDATE, Suite.TRAINING, Suite.EVALUATION);

    @Parameters(arity = "0..*", paramLabel = "SUITE", description = "${COMPLETION-CANDIDATES} (default: all)")
    private List<Suite> suites;

    @Option(names = "--network", paramLabel = "NAME",
            description = "Only this network, again for more: ${COMPLETION-CANDIDATES} (default: those that have a target).")
    private List<Network> networks = List.of();

    @Option(names = "--threads", paramLabel = "N",
            description = "How many threads each subject computes with (default: OMP_NUM_THREADS, else every processor).")
    private Integer threads;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "How often processes that are compared alternate (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "cpu",
            description = "cpu, or gpu: update, training and evaluation on the first GPU (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--data", paramLabel = "DIR", description = DataCommand.DATA)
    private Path data;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the measurements to a CSV file, anew after each suite.")
    private Path csv;

    @Option(names = "--markdown", description = "Print the tables of the README.")
    private boolean markdown;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int count = threads != null ? threads : Mxnet.threads();
        if (count < 1 || rounds < 1) {
            throw new IllegalArgumentException("--threads and --rounds: expected at least 1, found " + count + " and " + rounds);
        }
        if (!List.of("cpu", "gpu").contains(device)) {
            throw new IllegalArgumentException("--device: expected cpu or gpu, found '" + device + "'");
        }
        Home.expectWritable("--csv", csv);
        Setting setting = new Setting(Home.directory().toAbsolutePath().normalize(), Home.data(data).toAbsolutePath(), count, rounds,
                PyTorch.find(), networks, device);
        List<Suite> chosen = suites != null ? suites : setting.onGpu() ? ON_GPU : Arrays.asList(Suite.values());
        if (setting.onGpu() && !ON_GPU.containsAll(chosen)) {
            throw new IllegalArgumentException("--device gpu: expected suites among " + ON_GPU + ", found " + chosen);
        }
        if (setting.torch().isEmpty()) {
            System.err.println(PyTorch.missing());
        }
        Machine machine = Machine.describe(setting);
        List<Measurement> measurements = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        try {
            for (Suite suite : chosen) {
                measurements.addAll(suite.measure(setting));
                if (!setting.onGpu()) { // they are for the CPU
                    targets.addAll(suite.targets());
                }
                if (csv != null) {
                    new Report(machine, measurements, targets).writeCsv(csv);
                }
            }
        } finally { // what the suites before measured took minutes
            if (!measurements.isEmpty()) {
                Report report = new Report(machine, measurements, targets);
                System.out.print(markdown ? report.markdown() : report.text());
            }
        }
        return 0;
    }
}
