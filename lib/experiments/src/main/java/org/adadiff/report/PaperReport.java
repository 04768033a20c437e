package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.adadiff.train.Grid;
import org.adadiff.train.Profile;

/** The paper's tables and figures, its numbers beside those of recorded runs of one profile. What is missing reads "not run". */
public final class PaperReport {
    private final Profile profile;
    private final List<Run> all;
    private final List<Run> runs; // of the paper's optimizers
    private final PaperResults paper;

    private PaperReport(Profile profile, List<Run> all, PaperResults paper) {
        this.profile = profile;
        this.all = all;
        this.runs = all.stream().filter(run -> LineStyle.OPTIMIZERS.contains(LineStyle.canonicalName(run.optimizer()))).toList();
        this.paper = paper;
    }

    /**
     * Gathers a report.
     *
     * @param profile the size of the runs to show
     * @param runs    any runs; those of other profiles, and those that were to stop after some steps, are left out
     * @param paper   the published numbers
     * @return the report
     */
    public static PaperReport of(Profile profile, List<Run> runs, PaperResults paper) {
        return new PaperReport(profile, runs.stream()
                .filter(run -> run.profile().equals(profile.id()) && run.number("recipe", "limits", "steps").orElse(0) == 0).toList(), paper);
    }

    /**
     * The runs that are shown.
     *
     * @return complete or not, in the order of their folders
     */
    public List<Run> runs() {
        return all;
    }

    /**
     * Table 1: what was run for each of the paper's experiments, and on which data and machine.
     *
     * @return a row for each experiment
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer
     */
    public TableView table1() {
        return RunTables.experiments(profile, runs);
    }

    /**
     * Table 2: test perplexity on Penn Treebank.
     *
     * @return a row for each network and optimizer
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer
     */
    public TableView table2() {
        return ResultTables.table2(runs, paper);
    }

    /**
     * The ends of Figure 1's curves: test accuracy on CIFAR.
     *
     * @return a row for each network and optimizer
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer
     */
    public TableView accuracies() {
        return ResultTables.accuracies(runs, paper);
    }

    /**
     * AdaDiff and Adam, each with either way to add epsilon.
     *
     * @return a row for each experiment and optimizer
     * @throws IllegalArgumentException if an experiment has a seed twice for one optimizer
     */
    public TableView ablation() {
        return ResultTables.ablation(all, paper);
    }

    /**
     * In which order the optimizers came in, in the paper and here.
     *
     * @return a row for each experiment
     */
    public TableView ranking() {
        return Ranking.table(outcomes());
    }

    /**
     * Every run by itself.
     *
     * @return a row for each run, with its result, time, data, device and commit
     */
    public TableView everyRun() {
        return RunTables.runs(all);
    }

    /**
     * Figure 1: test accuracy on CIFAR after each epoch.
     *
     * @return a panel for each data set and network
     */
    public FigureGrid figure1() {
        return new FigureGrid("Figure 1. Test accuracy on CIFAR", panels(ResultTables.IMAGES));
    }

    /**
     * Figure 2: test perplexity on Penn Treebank after each epoch.
     *
     * @return a panel for each network
     */
    public FigureGrid figure2() {
        return new FigureGrid("Figure 2. Test perplexity on Penn Treebank", panels(ResultTables.LANGUAGE));
    }

    private List<LineFigure> panels(List<String> experiments) {
        return experiments.stream().map(id -> PaperPanel.of(id, profile, runs, paper)).toList();
    }

    /**
     * Compares every number that tables and figures show of our runs with the files of its run folder, which are read again.
     *
     * @return how many numbers were compared
     * @throws IOException           if a file cannot be read
     * @throws IllegalStateException if a number differs, or a table or figure is empty; the message says which
     */
    public int check() throws IOException {
        int compared = 0;
        for (TableView table : List.of(table2(), accuracies(), ablation())) {
            compared += RunCheck.table(table);
        }
        for (String experiment : Stream.concat(ResultTables.IMAGES.stream(), ResultTables.LANGUAGE.stream()).toList()) {
            compared += RunCheck.panel(PaperPanel.of(experiment, profile, runs, paper), experiment,
                    runs.stream().map(Run::directory).toList());
        }
        return compared;
    }

    List<Outcome> language() {
        return ResultTables.outcomes(ResultTables.LANGUAGE, runs, paper);
    }

    List<Outcome> images() {
        return ResultTables.outcomes(ResultTables.IMAGES, runs, paper);
    }

    List<Outcome> ablationOutcomes() {
        return ResultTables.ablationOutcomes(all, paper);
    }

    Profile profile() {
        return profile;
    }

    /** The paper's optimizers in all of its experiments. */
    private List<Outcome> outcomes() {
        return Stream.concat(language().stream(), images().stream()).toList();
    }

    /**
     * The tables as Markdown.
     *
     * @param page the folder of the file that it is for: links are relative to it
     * @return what was run, the results and their order, with captions
     */
    public String markdown(Path page) {
        return Stream.of(table1(), table2(), accuracies(), ranking(), ablation()).map(table -> table.markdown(page))
                .collect(Collectors.joining("\n"));
    }

    /**
     * What a grid of the paper's experiments, optimizers and seeds lacks; a run that diverged has ended and is not missing.
     *
     * @return a line for each run
     */
    public List<String> missing() {
        return outcomes().stream().flatMap(outcome -> Grid.SEEDS.stream()
                .filter(seed -> outcome.runs().stream().noneMatch(run -> run.seed() == seed
                        && (run.complete() || run.status().startsWith("diverged"))))
                .map(seed -> outcome.experiment() + ", " + outcome.optimizer() + ", seed " + seed)).toList();
    }
}
