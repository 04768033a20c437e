package org.adadiff.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.adadiff.train.Profile;

/** One panel of the paper's Figures 1 and 2: its curves thin, ours over them. */
final class PaperPanel {
    /** Epochs of every published curve. */
    private static final double PAPER_EPOCHS = 200;
    /** The horizontal axis where runs are shorter than the paper's, so that the falls of the learning rate can be compared. */
    static final String SHARE = "share of the training (%)";

    private PaperPanel() {
    }

    static LineFigure of(String experiment, Profile profile, List<Run> runs, PaperResults paper) {
        boolean language = experiment.startsWith("ptb-");
        List<Run> ours = runs.stream().filter(run -> run.experiment().equals(experiment)).toList();
        boolean share = isShare(profile, ours);
        List<Curve> measured = RunCurves.metric(ours, experiment, "test").stream()
                .map(curve -> share ? stretched(curve, epochs(ours, curve.optimizer())) : curve).toList();
        List<Curve> published = paper.curves(experiment).stream()
                .map(curve -> share ? stretched(curve, PAPER_EPOCHS) : curve).toList();
        var figure = LineFigure.builder(ResultTables.title(experiment)).x(share ? SHARE : "epoch")
                .y(language ? "test perplexity" : "test accuracy (%)").curves(measured).curves(published)
                .caption(caption(profile, ours, measured));
        return (language ? figure.logY() : figure).build();
    }

    /** Whether the horizontal axis is the share of the training: unless our runs take the paper's epochs. */
    static boolean isShare(Profile profile, List<Run> ours) {
        return profile != Profile.PAPER && !ours.isEmpty();
    }

    private static double epochs(List<Run> runs, String optimizer) {
        return runs.stream().filter(run -> LineStyle.canonicalName(run.optimizer()).equals(optimizer)).mapToInt(Run::epochs).max()
                .orElseThrow();
    }

    private static Curve stretched(Curve curve, double epochs) {
        return new Curve(curve.name(), curve.optimizer(), curve.published(), curve.points().stream()
                .map(p -> new Curve.Point(100 * p.x() / epochs, p.mean(), p.min(), p.max(), p.n())).toList());
    }

    private static String caption(Profile profile, List<Run> ours, List<Curve> measured) {
        if (measured.isEmpty()) {
            return "Profile " + profile + ": not run. These curves are the paper's.";
        }
        var words = new ArrayList<String>();
        words.add("Profile " + profile + (profile == Profile.PAPER ? "."
                : ": " + ours.stream().map(run -> run.epochs() + "").distinct().sorted().collect(Collectors.joining(" or "))
                        + " epochs; the paper took 200."));
        List<String> notRun = LineStyle.OPTIMIZERS.stream()
                .filter(name -> measured.stream().noneMatch(curve -> curve.optimizer().equals(name))).toList();
        if (!notRun.isEmpty()) {
            words.add("Not run: " + String.join(", ", notRun) + ".");
        }
        List<String> incomplete = ours.stream().filter(run -> !run.complete())
                .map(run -> LineStyle.canonicalName(run.optimizer()) + " seed " + run.seed() + " (" + Outcome.state(run) + ")").toList();
        if (!incomplete.isEmpty()) {
            words.add("Not complete: " + String.join(", ", incomplete) + ".");
        }
        ours.stream().map(Run::data).distinct().filter(data -> data != RunData.OFFICIAL && data != RunData.UNKNOWN).sorted()
                .forEach(data -> words.add("Data: " + data + "."));
        return String.join(" ", words);
    }
}
