package org.adadiff.train;

/** How much of an experiment is run. One recipe, three sizes. */
public enum Profile {
    /** The real code path in seconds per optimizer on two cores; on generated sample data when no real data is there. */
    SMOKE,
    /** Real data, narrower networks and fewer epochs: less than half an hour per run on one core. */
    REDUCED,
    /** Exactly the paper's table of experiments. */
    PAPER;

    /**
     * Returns the name for commands and files.
     *
     * @return the name in lower case
     */
    public String id() {
        return Ids.of(this);
    }

    /**
     * Finds a profile by its id.
     *
     * @param id {@code smoke}, {@code reduced} or {@code paper}
     * @return the profile
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Profile of(String id) {
        return Ids.find("profile", values(), id);
    }

    @Override
    public String toString() {
        return id();
    }
}
