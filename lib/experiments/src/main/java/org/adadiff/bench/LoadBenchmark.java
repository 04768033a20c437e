package org.adadiff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.dataset.PennTreebank;
import org.adadiff.dataset.Split;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading a data set from its files: once in each of several new JVMs, as a run does it. The files may be in the system's cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class LoadBenchmark {
    /** What is loaded. */
    public enum Files {
        /** The 50,000 training images of CIFAR-10. */
        CIFAR10,
        /** The Penn Treebank: all three parts read and every word numbered. */
        PTB
    }

    /** What is loaded. */
    @Param
    public Files files;

    /** Creates the benchmark. */
    public LoadBenchmark() {}

    /**
     * Loads.
     *
     * @return what was loaded
     * @throws IOException if files are missing
     */
    @Benchmark
    public Object load() throws IOException {
        Path data = DataDirectory.resolve(null);
        return files == Files.CIFAR10 ? Cifar.load(data, Cifar.Variant.CIFAR10, Split.TRAIN) : PennTreebank.load(data);
    }
}
