package org.adadiff.bench;

import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.adadiff.engine.Mxnet;
import org.adadiff.optimizer.AdaBelief;
import org.adadiff.optimizer.AdaDiff;
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
 * One update of all parameters of a network, by one call of {@code update} for each, until the last weight is
 * written.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UpdateBenchmark {
    /** Whose parameters. */
    @Param({"RESNET34", "DENSENET121", "LSTM3"})
    public Network network;

    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> gradients = new ArrayList<>();
    private NDManager manager;
    private AdaDiff adaDiff;
    private AdaBelief adaBelief;
    private Optimizer adam;

    /** Creates the benchmark; {@link #allocate} fills it. */
    public UpdateBenchmark() {}

    /** Makes random weights and gradients. */
    @Setup(Level.Trial)
    public void allocate() {
        manager = Mxnet.engine().newBaseManager(Setting.ofThisProcess());
        Mxnet.engine().setRandomSeed(1);
        for (Shape shape : network.shapes()) {
            weights.add(manager.randomNormal(shape));
            gradients.add(manager.randomNormal(shape));
        }
        adaDiff = AdaDiff.builder().build();
        adaBelief = AdaBelief.builder().build();
        adam = Optimizer.adam().build();
        JnaUtils.waitAll();
    }

    /** Frees the arrays. */
    @TearDown
    public void free() {
        adaDiff.close();
        adaBelief.close();
        manager.close();
    }

    /** Updates by AdaDiff. */
    @Benchmark
    public void adaDiff() {
        update(adaDiff);
    }

    /** Updates by AdaBelief. */
    @Benchmark
    public void adaBelief() {
        update(adaBelief);
    }

    /** Updates by AdaDiff as in-place array operations of MXNet. */
    @Benchmark
    @Fork(value = 1, jvmArgsAppend = "-Dorg.adadiff.fused=false")
    public void arrayOperations() {
        update(adaDiff);
    }

    /** Updates by DJL's Adam, which is MXNet's adam_update. */
    @Benchmark
    public void djlAdam() {
        update(adam);
    }

    private void update(Optimizer optimizer) {
        for (int i = 0; i < weights.size(); i++) {
            optimizer.update(Integer.toString(i), weights.get(i), gradients.get(i));
        }
        JnaUtils.waitAll();
    }

    /** Returns the weights as they are now, for tests. */
    List<float[]> weights() {
        return weights.stream().map(NDArray::toFloatArray).toList();
    }
}
