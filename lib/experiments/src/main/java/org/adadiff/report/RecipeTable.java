package org.adadiff.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.adadiff.train.OptimizerName;
import org.adadiff.train.Profile;
import org.adadiff.train.Recipe;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a profile runs beside what the paper ran, number by number. */
public final class RecipeTable {
    private RecipeTable() {
    }

    /**
     * Compares recipes with those of the paper.
     *
     * @param recipes recipes of one experiment and profile, for any optimizers and seeds
     * @return a row for each number: this profile's, and the paper's
     * @throws IllegalArgumentException if there is no recipe, or they are of several experiments or profiles
     */
    public static TableView of(List<Recipe> recipes) {
        List<String> kinds = recipes.stream().map(recipe -> recipe.experiment() + ", profile " + recipe.profile()).distinct().toList();
        if (kinds.size() != 1) {
            throw new IllegalArgumentException("recipes: expected one experiment in one profile, found " + kinds);
        }
        Map<OptimizerName, Recipe> byOptimizer = new LinkedHashMap<>();
        recipes.forEach(recipe -> byOptimizer.putIfAbsent(recipe.optimizer(), recipe));
        var what = StringColumn.create("number");
        var here = StringColumn.create("here");
        var paper = StringColumn.create("paper");
        Recipe first = recipes.get(0);
        rows(first).forEach((name, value) -> {
            what.append(name);
            here.append(value.apply(first));
            paper.append(value.apply(paper(first)));
        });
        byOptimizer.forEach((optimizer, recipe) -> {
            what.append("learning rate, " + optimizer.title());
            here.append(Numbers.plain(recipe.settings().learningRate()));
            paper.append(Numbers.plain(paper(recipe).settings().learningRate()));
        });
        String seeds = recipes.stream().map(recipe -> Long.toString(recipe.seed())).distinct().collect(Collectors.joining(", "));
        return TableView.of(Table.create(kinds.get(0), what, here, paper)).right("here", "paper")
                .caption("Seeds here: " + seeds + ". All else is the same for both.");
    }

    private static Recipe paper(Recipe recipe) {
        return Recipe.of(recipe.experiment(), recipe.optimizer(), Profile.PAPER, recipe.seed());
    }

    private static Map<String, Function<Recipe, String>> rows(Recipe recipe) {
        boolean language = recipe.experiment().isLanguage();
        var rows = new LinkedHashMap<String, Function<Recipe, String>>();
        rows.put(language ? "hidden units, share of the paper's" : "channels, share of the paper's", r -> Numbers.plain(r.width()));
        rows.put(language ? "training words an epoch" : "training images an epoch", r -> limit(r.limits().training()));
        rows.put(language ? "words an evaluation" : "images an evaluation", r -> limit(r.limits().evaluation()));
        rows.put(language ? "streams of text side by side" : "images a step", r -> Integer.toString(r.batchSize()));
        rows.put("epochs", r -> Integer.toString(r.schedule().epochs()));
        rows.put("learning rate divided by " + Numbers.plain(recipe.schedule().decayDivisor()) + " after epoch",
                r -> r.schedule().decayAfter().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        if (language) {
            rows.put("dropout: output, layers, input, words", r -> Stream.of(r.language().outputDropout(), r.language().hiddenDropout(),
                    r.language().inputDropout(), r.language().embeddingDropout()).map(Numbers::plain).collect(Collectors.joining(", ")));
            rows.put("DropConnect on hidden-to-hidden weights", r -> Numbers.plain(r.language().weightDropout()));
        }
        rows.put("weight decay", r -> Numbers.plain(r.settings().weightDecay()));
        return rows;
    }

    private static String limit(int count) {
        return count == 0 ? "all" : String.format(Locale.ROOT, "the first %,d", count);
    }
}
