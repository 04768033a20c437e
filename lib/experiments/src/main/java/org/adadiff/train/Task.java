package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.adadiff.dataset.Split;
import org.adadiff.metric.EpochAverage;

/** What the training loop needs to know of an experiment. Its arrays live as long as the manager it was made with. */
interface Task {
    /** Loads the data and initialises the network of a recipe on the first device, which is the manager's. */
    static Task of(Recipe recipe, Path data, NDManager manager, List<Device> devices) throws IOException {
        return recipe.experiment().isLanguage() ? new LanguageTask(recipe, data, manager, devices)
                : new ImageTask(recipe, data, manager, devices);
    }

    /** Returns the network. */
    Block network();

    /** Returns the data files that were read. */
    List<Path> dataFiles();

    /** Tells whether the data are generated, not real. */
    boolean isSampleData();

    /**
     * Starts an epoch. The order of the data and every random choice follow from the recipe's seed and the epoch.
     *
     * @param epoch from 1
     * @param done how many of its steps have been made
     * @param carried what those have left, as {@link Steps#carried} gave it; null where none has been made
     */
    Steps begin(int epoch, int done, byte[] carried) throws IOException;

    /** Returns the splits that are evaluated after each epoch, in the order they are logged. */
    List<Split> evaluated();

    /** Evaluates the network as it stands. */
    EpochAverage evaluate(Split split);

    /** Returns accuracy in percent, or perplexity. */
    double metric(EpochAverage average);

    /** The steps of an epoch, one at a time. */
    interface Steps extends AutoCloseable {
        /** Returns how many steps the epoch has; asked only while a batch is prepared. */
        int count();

        /** Prepares the next step's batch; false when there is none. */
        boolean next();

        /** Returns what this step's learning rate is multiplied with. */
        double rateFactor();

        /**
         * Runs forward and backward, so that every parameter has its gradient, and adds the step to the average.
         *
         * @return the step's mean loss without regularisation, in nats
         */
        double backward(EpochAverage average);

        /** Returns what the next step needs of those before, apart from parameters and the optimizer's state; may be empty. */
        byte[] carried() throws IOException;

        /** Frees what the last step needed. */
        @Override
        void close();
    }
}
