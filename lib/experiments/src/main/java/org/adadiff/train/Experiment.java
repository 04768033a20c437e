package org.adadiff.train;

import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.OfficialDataset;

/** The six experiments of the paper: a network and the data that it learns. */
public enum Experiment {
    /** Figure 1a: ResNet-34 on CIFAR-10. */
    CIFAR10_RESNET34(Cifar.Variant.CIFAR10, 0),
    /** Figure 1b: DenseNet-121 on CIFAR-10. */
    CIFAR10_DENSENET121(Cifar.Variant.CIFAR10, 0),
    /** Figure 1c: ResNet-34 on CIFAR-100. */
    CIFAR100_RESNET34(Cifar.Variant.CIFAR100, 0),
    /** Figure 1d: DenseNet-121 on CIFAR-100. */
    CIFAR100_DENSENET121(Cifar.Variant.CIFAR100, 0),
    /** Table 2 and Figure 2: the 2-layer AWD-LSTM on Penn Treebank. */
    PTB_LSTM2(null, 2),
    /** Table 2 and Figure 2: the 3-layer AWD-LSTM on Penn Treebank. */
    PTB_LSTM3(null, 3);

    private final Cifar.Variant images;
    private final int lstmLayers;

    Experiment(Cifar.Variant images, int lstmLayers) {
        this.images = images;
        this.lstmLayers = lstmLayers;
    }

    /**
     * Returns the name for commands and files.
     *
     * @return the id, such as {@code cifar10-resnet34}
     */
    public String id() {
        return Ids.of(this);
    }

    /**
     * Tells whether a language model is trained, not an image classifier.
     *
     * @return true for the Penn Treebank experiments
     */
    public boolean isLanguage() {
        return lstmLayers > 0;
    }

    /**
     * Returns the name of what is measured beside the loss.
     *
     * @return {@code perplexity} or {@code accuracy} (in percent)
     */
    public String metric() {
        return isLanguage() ? "perplexity" : "accuracy";
    }

    /**
     * Finds an experiment by its id.
     *
     * @param id such as {@code ptb-lstm2}
     * @return the experiment
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Experiment of(String id) {
        return Ids.find("experiment", values(), id);
    }

    @Override
    public String toString() {
        return id();
    }

    /**
     * Returns the data set.
     *
     * @return where its files come from, and what they must be
     */
    public OfficialDataset dataset() {
        return isLanguage() ? OfficialDataset.PENN_TREEBANK : images.dataset();
    }

    /**
     * Returns which images are learnt.
     *
     * @return the variant; null for the language experiments
     */
    public Cifar.Variant images() {
        return images;
    }

    int lstmLayers() {
        return lstmLayers;
    }

    boolean isResNet() {
        return this == CIFAR10_RESNET34 || this == CIFAR100_RESNET34;
    }
}
