package org.adadiff.train;

/** The optimizers that the paper compares, and two that its comparison leaves open. */
public enum OptimizerName {
    /** AdaDiff, the paper's own. */
    ADADIFF("AdaDiff"),
    /** AdaBelief. */
    ADABELIEF("AdaBelief"),
    /** Adam. */
    ADAM("Adam"),
    /** SGD: with momentum for images, turning into averaged SGD for language. */
    SGD("SGD"),
    /** AdaDiff with epsilon as the paper's Algorithm 2 prints it, outside of the average. */
    ADADIFF_PRINTED_EPS("AdaDiff, printed eps"),
    /** Adam with AdaDiff's use of epsilon, accumulated: what then tells it from AdaDiff is the difference of gradients alone. */
    ADAM_ACCUMULATED_EPS("Adam, accumulated eps");

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
