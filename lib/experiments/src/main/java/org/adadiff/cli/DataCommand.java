package org.adadiff.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.adadiff.dataset.DataFetcher;
import org.adadiff.dataset.DataVerifier;
import org.adadiff.dataset.OfficialDataset;
import org.adadiff.dataset.SampleGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adadiff data}: downloads, checks and generates data. */
@Command(name = "data", description = "Downloads, checks and generates data.")
final class DataCommand {
    static final String DATA = "Where the data lies (default: the environment variable ADADIFF_DATA, else the project's data/).";

    @Command(description = "Downloads the official data sets, checks and unpacks them; goes on where it was interrupted.")
    int fetch(@Option(names = "--data", paramLabel = "DIR", description = DATA) Path data,
            @Parameters(arity = "0..*", paramLabel = "DATASET",
                    description = "${COMPLETION-CANDIDATES} (default: all)") List<OfficialDataset> datasets)
            throws IOException, InterruptedException {
        for (OfficialDataset dataset : datasets == null ? List.of(OfficialDataset.values()) : datasets) {
            DownloadProgress progress = new DownloadProgress(System.out, System.console() != null);
            Path folder = DataFetcher.fetch(Home.data(data), dataset, progress::hear);
            System.out.println(dataset.title() + ": " + folder);
        }
        return 0;
    }

    @Command(description = "Checks every data file that is there; exits with 2 if one is damaged, or nothing is there.")
    int verify(@Option(names = "--data", paramLabel = "DIR", description = DATA) Path data) throws IOException {
        List<DataVerifier.Finding> findings = DataVerifier.verify(Home.data(data));
        for (DataVerifier.Finding finding : findings) {
            System.out.println(finding);
            finding.details().forEach(detail -> System.out.println("  " + detail));
        }
        boolean damaged = findings.stream().anyMatch(finding -> finding.state() == DataVerifier.State.DAMAGED);
        return damaged || findings.stream().noneMatch(DataVerifier.Finding::usable) ? Adadiff.BAD_INPUT : 0;
    }

    @Command(description = "Writes small generated data sets in the same formats, so that everything runs without a download.")
    int sample(@Option(names = "--data", paramLabel = "DIR", description = DATA) Path data,
            @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
                    description = "The same seed gives the same files (default: ${DEFAULT-VALUE}).") long seed)
            throws IOException {
        SampleGenerator.generate(Home.data(data), seed).forEach(System.out::println);
        return 0;
    }

    /** What has arrived, on one line that updates on a terminal; in a log one line for every tenth. */
    private static final class DownloadProgress {
        private final PrintStream out;
        private final boolean terminal;
        private long lastShare = -1;

        private DownloadProgress(PrintStream out, boolean terminal) {
            this.out = out;
            this.terminal = terminal;
        }

        void hear(DataFetcher.Event event) {
            if (!event.message().isEmpty()) {
                out.println((terminal && lastShare >= 0 ? "\n" : "") + event.dataset().title() + ": " + event.message());
                return;
            }
            long share = event.total() > 0 ? 100 * event.bytes() / event.total() : event.bytes() >> 20;
            if (share == lastShare || !terminal && share / 10 == lastShare / 10 && lastShare >= 0) {
                return;
            }
            lastShare = share;
            String text = String.format(Locale.ROOT, "%s: %.1f MB%s", event.dataset().title(), event.bytes() / 1e6,
                    event.total() > 0 ? String.format(Locale.ROOT, " of %.1f MB (%d %%)", event.total() / 1e6, share) : "");
            out.print(terminal ? "\r" + text : text + "\n");
            if (terminal && event.bytes() == event.total()) {
                out.println();
            }
            out.flush();
        }
    }
}
