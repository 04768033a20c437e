package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.adadiff.report.PaperReport;
import org.adadiff.report.PaperResults;
import org.adadiff.report.ReportPage;
import org.adadiff.report.Run;
import org.adadiff.train.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code adadiff report}: the paper's tables and figures beside what was measured. */
@Command(name = "report", description = "Gathers run folders into the paper's tables and figures: a page, and a CSV or PNG file for each.")
final class ReportCommand implements Callable<Integer> {
    /** A number that is shown is not the one in its run folder. */
    private static final int DIFFERENT = 7;

    @Option(names = "--profile", paramLabel = "NAME", defaultValue = "reduced",
            description = "${COMPLETION-CANDIDATES}: the size of the runs to show (default: ${DEFAULT-VALUE}).")
    private Profile profile;

    @Option(names = "--runs", paramLabel = "DIR", description = "Where run folders lie, at any depth (default: the project's data/runs).")
    private Path runs;

    @Option(names = "--output-dir", paramLabel = "DIR", description = "Where the report is written (default: target/report).")
    private Path output;

    @Option(names = "--require-complete",
            description = "Exit with 1 unless every experiment of the paper was run with its four optimizers and seeds 1, 2 and 3.")
    private boolean requireComplete;

    @Option(names = "--markdown", description = "Print the tables of the README instead.")
    private boolean markdown;

    @Override
    public Integer call() throws IOException {
        List<Run> found = Run.readAll(runs != null ? runs : Home.data().resolve("runs"));
        PaperReport report = PaperReport.of(profile, found, PaperResults.read(Home.data().resolve("paper")));
        int compared;
        try {
            compared = report.check();
        } catch (IllegalStateException e) {
            System.err.println("adadiff: " + e.getMessage());
            return DIFFERENT;
        }
        if (markdown) {
            System.out.print(report.markdown(Home.directory()));
            return 0;
        }
        Path page = ReportPage.write(report, output != null ? output : Home.directory().resolve("target/report"));
        List<String> missing = report.missing();
        System.out.printf("%d runs of profile %s; %d numbers compared with their run folders; %d runs missing%n",
                report.runs().size(), profile, compared, missing.size());
        if (requireComplete && !missing.isEmpty()) {
            missing.forEach(run -> System.err.println("not run: " + run));
        }
        System.out.println("The report is in " + page);
        return requireComplete && !missing.isEmpty() ? Adadiff.FAILED : 0;
    }
}
