package org.adadiff.train;

/** The optimizers that the paper compares. */
public enum OptimizerName {
    /** AdaDiff, the paper's own. */
    ADADIFF("AdaDiff"),
    /** AdaBelief. */
    ADABELIEF("AdaBelief"),
    /** Adam. */
    ADAM("Adam"),
    /** SGD: with momentum for images, turning into averaged SGD for language. */
    SGD("SGD");

    private final String title;

    OptimizerName(String title) {
        this.title = title;
    }

    /**
     * Returns the name for commands and files.
     *
     * @return the name in lower case, such as {@code adadiff}
     */
    public String id() {
        return Ids.of(this);
    }

    /**
     * Returns the name as people write it.
     *
     * @return the name, such as {@code AdaDiff}
     */
    public String title() {
        return title;
    }

    /**
     * Finds an optimizer by its id.
     *
     * @param id such as {@code adadiff}
     * @return the optimizer
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static OptimizerName of(String id) {
        return Ids.find("optimizer", values(), id);
    }

    @Override
    public String toString() {
        return id();
    }
}
