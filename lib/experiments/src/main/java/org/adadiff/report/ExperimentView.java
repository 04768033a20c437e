package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.DataVerifier;
import org.adadiff.dataset.PennTreebank;
import org.adadiff.dataset.Split;
import org.adadiff.train.Experiment;
import org.adadiff.train.Grid;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import org.adadiff.train.Workspace;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** One experiment as its notebook shows it: the data, what is run, the runs, and their numbers beside the paper's. */
public final class ExperimentView {
    private final Workspace workspace;
    private final Experiment experiment;
    private final Profile profile;
    private final List<Recipe> recipes;
    private final PaperResults paper;
    private final boolean ablation; // with an optimizer that the paper has not
    private final List<Run> runs = new ArrayList<>();

    private ExperimentView(Workspace workspace, Experiment experiment, Profile profile, List<Recipe> recipes, PaperResults paper) {
        this.experiment = experiment;
        this.profile = profile;
        this.recipes = recipes;
        this.paper = paper;
        ablation = recipes.stream().anyMatch(recipe -> !Grid.OPTIMIZERS.contains(recipe.optimizer()));
        // The experiment's own notebook trains some of the same, maybe at the same time
        this.workspace = ablation ? workspace.withSmokeRunsIn("ablation") : workspace;
    }

    /**
     * Prepares an experiment; nothing is run yet.
     *
     * @param workspace  the project
     * @param experiment the experiment's id, such as {@code ptb-lstm2}
     * @param profile    {@code smoke}, {@code reduced} or {@code paper}
     * @param optimizers ids between commas, such as {@code adadiff,adam}
     * @param seeds      whole numbers between commas
     * @return the experiment
     * @throws IOException              if the published numbers cannot be read
     * @throws IllegalArgumentException if there is no such experiment, profile or optimizer, or a seed is not a whole number
     */
    public static ExperimentView of(Workspace workspace, String experiment, String profile, String optimizers, String seeds)
            throws IOException {
        Experiment found = Experiment.of(experiment);
        Profile size = Profile.of(profile);
        return new ExperimentView(workspace, found, size, Workspace.recipes(found, optimizers, size, seeds),
                PaperResults.read(workspace.paper()));
    }

    /**
     * Which data these are, and how much of them. Where there are none, the smoke profile gets a generated sample.
     *
     * @return a row for each split
     * @throws IOException if data are missing or damaged
     */
    public TableView data() throws IOException {
        Path data = workspace.data(experiment, profile);
        var split = StringColumn.create("split");
        var size = StringColumn.create("size");
        if (experiment.isLanguage()) {
            PennTreebank text = PennTreebank.load(data);
            for (Split part : Split.values()) {
                split.append(part.name().toLowerCase(Locale.ROOT));
                size.append(String.format(Locale.ROOT, "%,d words", text.tokens(part).length));
            }
            split.append("vocabulary");
            size.append(String.format(Locale.ROOT, "%,d words", text.vocabularySize()));
        } else {
            for (Split part : List.of(Split.TRAIN, Split.TEST)) {
                Cifar images = Cifar.load(data, experiment.images(), part);
                split.append(part.name().toLowerCase(Locale.ROOT));
                size.append(String.format(Locale.ROOT, "%,d images of %d classes", images.size(), images.classes()));
            }
        }
        String name = experiment.dataset().title();
        DataVerifier.State state = DataVerifier.verify(data, experiment.dataset()).state();
        return TableView.of(Table.create(name + ": " + state.description(), split, size)).right("size").caption(switch (state) {
            case OFFICIAL -> "Every file has the official checksum.";
            case OTHER_ORDER -> "As good as the official files; only the order differs in which the images are seen.";
            case SAMPLE -> "This is NOT " + name + ": results on generated data say nothing of the real set.";
            default -> "Results may differ from those on the official files.";
        });
    }

    /**
     * The first training image of each class.
     *
     * @return the pictures, as they are stored
     * @throws IOException           if data are missing or damaged
     * @throws IllegalStateException if the experiment learns language
     */
    public PictureSheet pictures() throws IOException {
        if (experiment.isLanguage()) {
            throw new IllegalStateException(experiment + ": expected an experiment with images for pictures(), found language; see words()");
        }
        return PictureSheet.firstOfEachClass(Cifar.load(workspace.data(experiment, profile), experiment.images(), Split.TRAIN));
    }

    /**
     * How the training text begins.
     *
     * @param count how many words, at least 0
     * @return the words between blanks
     * @throws IOException           if data are missing or damaged
     * @throws IllegalStateException if the experiment learns images
     */
    public String words(int count) throws IOException {
        if (!experiment.isLanguage()) {
            throw new IllegalStateException(experiment + ": expected a language experiment for words(), found images; see pictures()");
        }
        PennTreebank text = PennTreebank.load(workspace.data(experiment, profile));
        return IntStream.of(text.tokens(Split.TRAIN)).limit(count).mapToObj(text::word).collect(Collectors.joining(" "));
    }

    /**
     * What is run beside what the paper ran.
     *
     * @return a row for each number
     */
    public TableView recipes() {
        return RecipeTable.of(recipes);
    }

    /**
     * Loads the recorded runs and trains the others. Smoke runs are always trained.
     *
     * @param train   whether to train; if not, runs that are not recorded are left out
     * @param device  {@code cpu}, {@code gpu} or some GPUs, such as {@code gpu:0,1}
     * @param display is given the progress whenever it is to be shown anew
     * @throws IOException if data are missing or damaged, or a recorded run is not this one or is not complete
     */
    public void run(boolean train, String device, Consumer<LiveProgress> display) throws IOException {
        runs.clear();
        int missing = 0;
        for (Recipe recipe : recipes) {
            missing += workspace.recorded(recipe).isEmpty() ? 1 : 0;
        }
        var progress = new LiveProgress(train ? missing : 0, display);
        for (Recipe recipe : recipes) {
            if (train || workspace.recorded(recipe).isPresent()) {
                runs.add(Run.read(workspace.run(recipe, device, progress)));
            }
        }
        progress.ended(String.format("%d of %d runs, profile %s: %d trained here, %d loaded", runs.size(), recipes.size(), profile,
                train ? missing : 0, recipes.size() - missing));
    }

    /**
     * Test results after the last epoch beside the paper's, each leading to its run folders.
     *
     * @return a row for each optimizer; what is missing reads "not run"
     */
    public TableView table() {
        return ablation ? ResultTables.ablation(runs, paper) : ResultTables.experiment(experiment.id(), runs, paper);
    }

    /**
     * The test result after each epoch, with the paper's curves as thin lines.
     *
     * @return a figure; where nothing was run, the paper's curves alone
     */
    public LineFigure figure() {
        return ablation ? curves("Test " + experiment.metric(), experiment.isLanguage() ? "test perplexity" : "test accuracy (%)",
                RunCurves.metric(runs, experiment.id(), "test")) : PaperPanel.of(experiment.id(), profile, runs, paper);
    }

    /**
     * The training loss after each epoch.
     *
     * @return a figure
     * @throws IllegalStateException if nothing was run
     */
    public LineFigure loss() {
        requireRuns();
        return curves("Training loss", "mean loss (nats)", RunCurves.loss(runs, experiment.id(), "train"));
    }

    private LineFigure curves(String what, String unit, List<Curve> curves) {
        var figure = LineFigure.builder(what + ": " + ResultTables.title(experiment.id())).x("epoch").y(unit).curves(curves)
                .caption("Profile " + profile + (runs.stream().anyMatch(run -> run.data() == RunData.SAMPLE)
                        ? ", on generated data." : "."));
        return (experiment.isLanguage() && unit.endsWith("perplexity") ? figure.logY() : figure).build();
    }

    /**
     * What the paper shows of this experiment: test results over its 200 epochs.
     *
     * @return the published curves
     */
    public LineFigure published() {
        var figure = LineFigure.builder("The paper: " + ResultTables.title(experiment.id())).x("epoch").curves(paper.curves(experiment.id()));
        return experiment.isLanguage()
                ? figure.y("test perplexity").logY().caption("The authors' published curves.").build()
                : figure.y("test accuracy (%)").caption("Read off the published figure, ±0.2 points; the number of runs is not stated.")
                        .build();
    }

    /**
     * Compares every number of {@link #table} and {@link #figure} with its run folder, which is read again.
     *
     * @return how many there are, in words
     * @throws IOException           if a run folder cannot be read
     * @throws IllegalStateException if nothing was run, a number differs, or a table or figure is empty
     */
    public String check() throws IOException {
        requireRuns();
        int compared = RunCheck.table(table())
                + RunCheck.panel(figure(), experiment.id(), runs.stream().map(Run::directory).toList());
        if (compared == 0) {
            throw new IllegalStateException(experiment + ": expected numbers of " + runs.size() + " runs, found none");
        }
        return compared + " numbers of " + runs.size() + " runs are those of the run folders";
    }

    private void requireRuns() {
        if (runs.isEmpty()) {
            throw new IllegalStateException(experiment + ", profile " + profile + ": expected runs, found none recorded; with "
                    + "train = true they are run");
        }
    }
}
