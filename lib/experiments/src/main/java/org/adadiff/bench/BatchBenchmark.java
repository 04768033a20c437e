package org.adadiff.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.dataset.Split;
import org.adadiff.engine.Mxnet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Images a second as batches of 128 in the engine's arrays, epoch after epoch, taken and closed without any training between. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
public class BatchBenchmark {
    private static final int BATCH = 128;

    /** Creates the benchmark. */
    public BatchBenchmark() {}

    /** Epochs of a data set, one after the other. */
    @State(Scope.Thread)
    public abstract static class Epochs {
        private NDManager manager;
        private Dataset dataset;
        private Iterator<Batch> batches;

        /** Creates the state; {@link #load} fills it. */
        protected Epochs() {}

        /**
         * Makes the data set.
         *
         * @param manager owns its arrays, if it has any
         * @return a data set whose epochs have full batches only
         * @throws IOException if data are missing
         */
        protected abstract Dataset dataset(NDManager manager) throws IOException;

        /**
         * Loads the data.
         *
         * @throws IOException if data are missing
         * @throws TranslateException never: no data are translated yet
         */
        @Setup(Level.Trial)
        public void load() throws IOException, TranslateException {
            manager = Mxnet.engine().newBaseManager();
            dataset = dataset(manager);
            batches = dataset.getData(manager).iterator();
        }

        /** Closes the data. */
        @TearDown
        public void close() {
            manager.close();
        }

        /** Takes a batch and closes it, which waits for its arrays to be computed. */
        void takeOne() throws IOException, TranslateException {
            if (!batches.hasNext()) {
                batches = dataset.getData(manager).iterator();
            }
            batches.next().close();
        }
    }

    /** This project's loader: cropped, mirrored, normalised; a thread for each epoch prepares ahead. */
    public static class Ours extends Epochs {
        /** Creates the state. */
        public Ours() {}

        @Override
        protected Dataset dataset(NDManager manager) throws IOException {
            return Cifar.load(DataDirectory.resolve(null), Cifar.Variant.CIFAR10, Split.TRAIN)
                    .with(new Cifar.Options(BATCH, true, true, 1, 0, true));
        }
    }

    /** DJL's data set with the same work: crop, mirror, normalise. Fewer images, so that the padded floats fit into any memory. */
    public static class Djl extends Epochs {
        /** Creates the state. */
        public Djl() {}

        @Override
        protected Dataset dataset(NDManager manager) throws IOException {
            return DjlCifar.augmented(test(), manager, BATCH);
        }

        /** Returns the 10,000 test images. */
        static Cifar test() throws IOException {
            return Cifar.load(DataDirectory.resolve(null), Cifar.Variant.CIFAR10, Split.TEST);
        }
    }

    /** DJL's data set as it is: neither crop nor mirror. */
    public static class DjlBulk extends Epochs {
        /** Creates the state. */
        public DjlBulk() {}

        @Override
        protected Dataset dataset(NDManager manager) throws IOException {
            return DjlCifar.bulk(Djl.test(), manager, BATCH);
        }
    }

    /**
     * One epoch at a time.
     *
     * @param epochs the data
     * @throws IOException never: the images are in memory
     * @throws TranslateException never
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void ours(Ours epochs) throws IOException, TranslateException {
        epochs.takeOne();
    }

    /**
     * Two epochs at the same time.
     *
     * @param epochs the data of one of them
     * @throws IOException never: the images are in memory
     * @throws TranslateException never
     */
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BATCH)
    public void oursTwice(Ours epochs) throws IOException, TranslateException {
        epochs.takeOne();
    }

    /**
     * DJL with the same work.
     *
     * @param epochs the data
     * @throws IOException never: the images are in memory
     * @throws TranslateException if a transform fails
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void djl(Djl epochs) throws IOException, TranslateException {
        epochs.takeOne();
    }

    /**
     * DJL as it is.
     *
     * @param epochs the data
     * @throws IOException never: the images are in memory
     * @throws TranslateException if a transform fails
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void djlBulk(DjlBulk epochs) throws IOException, TranslateException {
        epochs.takeOne();
    }
}
