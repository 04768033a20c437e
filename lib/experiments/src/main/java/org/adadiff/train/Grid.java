package org.adadiff.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Every combination of some experiments, optimizers and seeds in one profile, numbered from 0, so that any scheduler can
 * spread them. All runs of the first seed come first: a grid that is cut short has compared everything once.
 *
 * @param recipes the runs; a run's index is its place here
 */
public record Grid(List<Recipe> recipes) {
    /** The paper's optimizers. */
    public static final List<OptimizerName> OPTIMIZERS =
            List.of(OptimizerName.ADADIFF, OptimizerName.ADABELIEF, OptimizerName.ADAM, OptimizerName.SGD);

    /** The seeds of the paper's three runs. */
    public static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    /**
     * Makes a grid; the list is copied.
     *
     * @param recipes the runs
     */
    public Grid {
        recipes = List.copyOf(recipes);
    }

    /**
     * Returns the grid of some experiments, optimizers and seeds. The index follows the lists as they are given.
     *
     * @param profile the size of every run
     * @param experiments networks and data
     * @param optimizers what trains them
     * @param seeds a run for each
     * @return by seed, then by experiment, then by optimizer
     */
    public static Grid of(Profile profile, List<Experiment> experiments, List<OptimizerName> optimizers, List<Long> seeds) {
        List<Recipe> recipes = new ArrayList<>();
        for (long seed : seeds) {
            for (Experiment experiment : experiments) {
                optimizers.forEach(optimizer -> recipes.add(Recipe.of(experiment, optimizer, profile, seed)));
            }
        }
        return new Grid(recipes);
    }

    /**
     * Returns one run.
     *
     * @param index its number
     * @return what to run
     * @throws IllegalArgumentException if there is no such index
     */
    public Recipe recipe(int index) {
        if (index < 0 || index >= recipes.size()) {
            throw new IllegalArgumentException("--index: expected 0 to " + (recipes.size() - 1) + ", found " + index);
        }
        return recipes.get(index);
    }
}
