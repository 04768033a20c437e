package org.adadiff.train;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.metric.RunLog;

/**
 * The project as a notebook sees it: where its data lies, and its runs, which are loaded where they were recorded and run
 * where they were not.
 */
public final class Workspace {
    /** The system property that says where the project lies; the launcher sets it. */
    public static final String HOME_PROPERTY = "adadiff.home";

    private static final Path MARK = Path.of("data", "paper");

    private final Path root;
    private final Path data;
    private final Path smoke; // where smoke runs are left, in a folder runs

    Workspace(Path root, Path data) {
        this(root, data, root.resolve("target"));
    }

    private Workspace(Path root, Path data, Path smoke) {
        this.root = root;
        this.data = data;
        this.smoke = smoke;
    }

    /**
     * Finds the project: the system property {@code adadiff.home}, else the closest folder, from the working directory
     * upwards, that holds {@code data/paper}.
     *
     * @return the workspace; its data directory is the environment variable ADADIFF_DATA, else the project's {@code data}
     * @throws IllegalStateException if there is no such folder; the message says where it was looked for
     */
    public static Workspace find() {
        return find(System.getProperty(HOME_PROPERTY), Path.of("").toAbsolutePath(), System.getenv());
    }

    static Workspace find(String home, Path workingDirectory, Map<String, String> environment) {
        boolean given = home != null && !home.isBlank();
        Optional<Path> found = given ? Optional.of(Path.of(home).toAbsolutePath().normalize()).filter(Workspace::isRoot)
                : rootAbove(workingDirectory);
        Path root = found.orElseThrow(() -> new IllegalStateException(
                "the AdaDiff project: expected a folder that holds " + MARK + ", found none "
                    + (given ? "at " + HOME_PROPERTY + "=" + home : "from " + workingDirectory + " upwards")
                    + "; start in the project, or set the system property " + HOME_PROPERTY));
        return new Workspace(root, DataDirectory.resolve(null, root.resolve("data"), environment));
    }

    /** Returns the project that a folder lies in. */
    static Optional<Path> rootAbove(Path folder) {
        return Stream.iterate(folder, Objects::nonNull, Path::getParent).filter(Workspace::isRoot).findFirst();
    }

    private static boolean isRoot(Path folder) {
        return Files.isDirectory(folder.resolve(MARK));
    }

    /**
     * Returns the recipes of an experiment for each optimizer and seed.
     *
     * @param experiment the network and its data
     * @param optimizers ids between commas, such as {@code adadiff,adam}
     * @param profile the size
     * @param seeds whole numbers between commas, such as {@code 1,2,3}
     * @return a recipe for each pair, all seeds of the first optimizer first
     * @throws IllegalArgumentException if there is no such optimizer, or a seed is not a whole number
     */
    public static List<Recipe> recipes(Experiment experiment, String optimizers, Profile profile, String seeds) {
        List<Long> numbers = Arrays.stream(seeds.split(",")).map(String::strip).map(Workspace::seed).toList();
        List<Recipe> recipes = new ArrayList<>();
        for (String optimizer : optimizers.split(",")) {
            OptimizerName name = OptimizerName.of(optimizer.strip());
            numbers.forEach(seed -> recipes.add(Recipe.of(experiment, name, profile, seed)));
        }
        return recipes;
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seeds: expected whole numbers between commas, found '" + text + "'", e);
        }
    }

    /**
     * Returns this workspace with a place of its own for smoke runs, which never share a folder: two notebooks that train the
     * same may run at the same time.
     *
     * @param name a folder below the project's {@code target}
     * @return a workspace that leaves smoke runs there
     */
    public Workspace withSmokeRunsIn(String name) {
        return new Workspace(root, data, root.resolve("target").resolve(name));
    }

    /**
     * Returns the project's folder.
     *
     * @return the folder that holds {@code data/paper} and {@code notebooks}
     */
    public Path root() {
        return root;
    }

    /**
     * Returns where the data sets lie.
     *
     * @return the data directory; it need not exist
     */
    public Path data() {
        return data;
    }

    /**
     * Returns where the paper's numbers lie.
     *
     * @return the folder of their CSV files
     */
    public Path paper() {
        return root.resolve(MARK);
    }

    /**
     * Returns where an experiment of this size finds its data. Where there is neither the real set nor a sample, the smoke
     * profile gets a generated sample.
     *
     * @param experiment whose data
     * @param profile the size
     * @return the data directory
     * @throws IOException if the sample cannot be written
     */
    public Path data(Experiment experiment, Profile profile) throws IOException {
        Training.provideSample(experiment, profile, data);
        return data;
    }

    /**
     * Finds a recorded run: one in {@code data/runs} of the project that ended, with this very recipe.
     *
     * @param recipe the run
     * @return its folder; empty if there is none or it is unfinished, and always for the smoke profile, whose runs are not
     *     recorded
     * @throws IOException if there is a run in its place that is of another recipe or goes on, or it cannot be read
     */
    public Optional<Path> recorded(Recipe recipe) throws IOException {
        Path folder = Training.defaultRunDirectory(root.resolve("data"), recipe);
        RunState state = recipe.profile() == Profile.SMOKE ? RunState.NOT_RUN : RunState.of(folder);
        if (state == RunState.NOT_RUN) {
            return Optional.empty();
        }
        if (state == RunState.RUNNING) {
            throw new IOException(folder + ": expected a run that is done, found one that goes on; wait for it");
        }
        JsonObject run = RunLog.readDescription(folder);
        var gson = new Gson();
        JsonElement expected = gson.fromJson(gson.toJson(recipe), JsonElement.class);
        if (!expected.equals(run.get("recipe"))) {
            throw new IOException(folder + ": expected a run with the recipe " + expected + ", found " + run.get("recipe")
                    + "; move the folder away to run it again");
        }
        // A diverged run ended too: on the CPU it would end the same way again
        return state == RunState.UNFINISHED ? Optional.empty() : Optional.of(folder);
    }

    /**
     * Loads a recorded run, goes on with an unfinished one, or else runs it. Smoke runs are always run from the beginning, and
     * left in the project's {@code target/runs} unless {@link #withSmokeRunsIn} says otherwise; all others are recorded.
     *
     * @param recipe the run
     * @param device {@code cpu}, {@code gpu} or some GPUs, such as {@code gpu:0,1}
     * @param progress hears how it goes; it hears nothing of a run that is loaded
     * @return the run's folder; a run that diverged has its epochs before, and says so in its status
     * @throws IOException if data are missing or damaged, or a run in this place is not this one or goes on
     */
    public Path run(Recipe recipe, String device, Progress progress) throws IOException {
        Optional<Path> recorded = recorded(recipe);
        if (recorded.isPresent()) {
            return recorded.get();
        }
        boolean isSmoke = recipe.profile() == Profile.SMOKE;
        Path folder = Training.defaultRunDirectory(isSmoke ? smoke : root.resolve("data"), recipe);
        if (isSmoke) {
            Training.clear(folder);
        }
        try {
            Training.run(recipe, new Training.Setup(data, device, folder).resuming(), progress);
        } catch (DivergedException e) {
            progress.diverged(e.getMessage());
        }
        return folder;
    }
}
