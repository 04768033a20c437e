package org.adadiff.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.adadiff.engine.Mxnet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast the machine moves what an update of AdaDiff has to move: 36 bytes per parameter (weight, both moments and the last
 * gradient read and written, the gradient read), by System.arraycopy on all threads at once. No update can be faster.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ArrayCopyBenchmark {
    /** Copying a float moves 8 bytes, it is read and written. */
    private static final double FLOATS_PER_PARAMETER = 36 / 8.0;

    /** Whose update is meant. */
    @Param({"RESNET34", "DENSENET121", "LSTM3"})
    public Network network;

    private final List<Callable<Void>> copies = new ArrayList<>();
    private ExecutorService executor;

    /** Creates the benchmark; {@link #allocate} fills it. */
    public ArrayCopyBenchmark() {}

    /** Gives each thread arrays of its own, which together have the size of the update. */
    @Setup(Level.Trial)
    public void allocate() {
        int threads = Mxnet.threads();
        executor = Executors.newFixedThreadPool(threads);
        int floats = Math.toIntExact(Math.round(network.parameters() * FLOATS_PER_PARAMETER / threads));
        for (int thread = 0; thread < threads; thread++) {
            float[] from = new float[floats];
            float[] to = new float[floats];
            copies.add(() -> {
                System.arraycopy(from, 0, to, 0, floats);
                return null;
            });
        }
    }

    /** Ends the threads. */
    @TearDown
    public void end() {
        executor.shutdown();
    }

    /**
     * Copies once, on all threads.
     *
     * @throws InterruptedException if JMH stops the benchmark
     * @throws ExecutionException never: copying does not fail
     */
    @Benchmark
    public void copy() throws InterruptedException, ExecutionException {
        for (Future<Void> copied : executor.invokeAll(copies)) {
            copied.get();
        }
    }
}
