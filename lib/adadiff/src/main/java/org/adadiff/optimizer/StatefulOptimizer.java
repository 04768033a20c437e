package org.adadiff.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.util.Pair;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.adadiff.engine.CudaKernel;
import org.adadiff.engine.HostMemory;
import org.adadiff.engine.Mxnet;

/**
 * What the optimizers of this package share: state and step count per parameter and device, checks, the memory of a
 * failed update, saving and restoring, and closing.
 *
 * <p><b>Gradients.</b> An update uses g = rescaleGrad * gradient + weightDecay * weight, clipped elementwise to
 * [-clipGrad, clipGrad] if clipGrad is at least 0 (the default, -1, is off). The gradient array is only read.
 *
 * <p><b>Steps.</b> Each parameter counts its own updates on each device, from 1, so one that is frozen for a while and
 * joins late starts like the others did. {@code optBeginNumUpdate} moves what the learning rate's tracker is told, not
 * this count, which has to match the number of gradients averaged.
 *
 * <p><b>NaN and infinity</b> follow IEEE arithmetic, as in DJL's Adam: an element whose gradient is not finite becomes
 * NaN or infinite and stays so, its neighbours are untouched, and nothing is skipped silently.
 *
 * <p><b>Failures.</b> An update that throws may have changed some arrays and not others, so the first failure is
 * remembered and every later update refuses, with it as the cause. Where Java calls {@code update} the exception simply
 * propagates. Under MXNet's key-value store (DJL's default) it is thrown inside a native callback, which prints it and
 * carries on; there the gradient is marked as failed in MXNet's engine, so that on one device the same
 * {@code Trainer.step()} throws an {@code EngineException}; {@link #throwIfFailed()} and {@link #close()} tell the cause.
 *
 * <p><b>Speed.</b> All but {@link AveragedSgd} update arrays of MXNet on the CPU in a single pass over memory, on every
 * processor, or on as many threads as OMP_NUM_THREADS says if those are fewer; the thread count does not change a bit of the
 * result. The update is done when {@code update} returns. On a GPU it is one kernel for each parameter, which MXNet compiles at
 * the first update and queues like its own operations; it gives the same numbers to the last bit. On another engine of DJL's it is
 * a row of array operations of the engine, which on the CPU takes about ten times as long and gives the same numbers but for
 * the rounding of the last steps. The system property {@code org.adadiff.fused}, set to false when an optimizer is built, makes it use those everywhere, to compare.
 *
 * <p>Methods may be called from several threads; one runs at a time.
 */
public abstract class StatefulOptimizer extends Optimizer implements AutoCloseable {

    private static final String FUSED = "org.adadiff.fused";
    private static final List<String> RATES = List.of("rate", "correction");

    private final ParameterTracker learningRateTracker;
    private final List<String> slots;
    private final int beginNumUpdate;
    private final ParameterStates states;
    private final EffectiveGradient effectiveGradient;
    private final boolean fused = !"false".equals(System.getProperty(FUSED));
    private BlockPass pass; // once there is use for it
    private CudaPass cudaPass; // likewise
    private final List<NDArray> markedGradients = new ArrayList<>(); // handles left open by failed steps
    private Throwable failure;
    private boolean failureSeen;
    private boolean closed;

    /**
     * Checks the options common to all.
     *
     * @param slots names of the arrays kept for each parameter, all of the parameter's shape
     */
    StatefulOptimizer(OptimizerBuilder<?> builder, ParameterTracker learningRateTracker, List<String> slots) {
        super(builder);
        this.learningRateTracker = Objects.requireNonNull(learningRateTracker, "learning rate tracker");
        this.slots = slots;
        states = new ParameterStates(slots.size());
        requireNonNegative("weight decay", getWeightDecay());
        require(Float.isFinite(rescaleGrad), "rescaleGrad", "a finite number", rescaleGrad);
        require(!Float.isNaN(clipGrad), "clipGrad", "a number, negative for no clipping", clipGrad);
        effectiveGradient = new EffectiveGradient(rescaleGrad, getWeightDecay(), clipGrad);
        // DJL keeps the number given to optBeginNumUpdate private; its first count is that number plus one.
        beginNumUpdate = updateCount("") - 1;
        require(beginNumUpdate >= 0, "beginNumUpdate", "at least 0", beginNumUpdate);
    }

    /**
     * Updates one parameter on one device.
     *
     * @param weight dense float32 of any shape, changed in place
     * @param gradient as the caller gave it, of the weight's shape; not to be changed
     * @param state this parameter's arrays on this device, changed in place
     * @param t number of this update, from 1
     * @param learningRate finite and at least 0
     */
    abstract void step(NDArray weight, NDArray gradient, ParameterState state, int t, double learningRate);

    /**
     * The same step on plain arrays, for weights in memory that can be reached from here; the results are those of
     * {@link #step}.
     *
     * @param rates of this step, from {@link #rates}
     */
    BlockRule blockRule(float... rates) {
        throw new UnsupportedOperationException(name());
    }

    /** The same step in CUDA C++, see {@link CudaPass}; the rates go by the names in {@link #RATES}. */
    String cudaRule() {
        throw new UnsupportedOperationException(name());
    }

    /**
     * What a step in one pass is given: the factor of its direction, and what else changes from step to step.
     *
     * @param t number of this update, from 1
     * @param learningRate finite and at least 0
     * @return null if there is no such form
     */
    float[] rates(int t, double learningRate) {
        return null;
    }

    /**
     * Updates one parameter on the device that the weight is on.
     *
     * @param parameterId what tells this parameter from others; the state is kept under it
     * @param weight the weight, dense float32 of any shape, changed in place
     * @param grad its gradient, dense float32 of the same shape, left as it is
     * @throws IllegalArgumentException if an array is not dense float32, or shapes differ, or the learning rate is
     *     negative, NaN or infinite; the message names the parameter
     * @throws IllegalStateException if this optimizer is closed, or an earlier update failed (the cause)
     */
    @Override
    public final void update(String parameterId, NDArray weight, NDArray grad) {
        update(parameterId, weight.getDevice(), weight, grad);
    }

    /** As the public method, for a device told apart by name: MXNet's CPU devices all look alike to DJL. */
    final synchronized void update(String parameterId, Device device, NDArray weight, NDArray grad) {
        try {
            requireUsable();
            checkArrays(parameterId, weight, grad);
            ParameterState state = states.forUpdate(parameterId, device, weight);
            int t = state.steps() + 1;
            float learningRate = learningRateTracker.getNewValue(parameterId, beginNumUpdate + t);
            require(
                    learningRate >= 0 && Float.isFinite(learningRate),
                    "learning rate of " + parameterId + " at update " + (beginNumUpdate + t),
                    "at least 0 and finite",
                    learningRate);
            t = state.nextStep();
            float[] rates = fused ? rates(t, learningRate) : null;
            if (rates != null && HostMemory.holds(weight) && HostMemory.holds(grad)) {
                passOverMemory(blockRule(rates), weight, grad, state);
            } else if (rates != null && CudaKernel.reaches(weight) && weight.getDevice().equals(grad.getDevice())) {
                cudaPass(rates).run(rates, weight, grad, state);
            } else {
                step(weight, grad, state, t, learningRate);
            }
        } catch (RuntimeException | Error e) {
            boolean lost = KeyValueStoreCallback.isCaller();
            if (failure == null) {
                failure = e;
                failureSeen = !lost;
            }
            if (lost) {
                markedGradients.add(KeyValueStoreCallback.failStep(grad, e));
            }
            throw e;
        }
    }

    private void passOverMemory(BlockRule rule, NDArray weight, NDArray gradient, ParameterState state) {
        if (pass == null) {
            // Memory is the limit: more threads than processors only wait for each other
            pass = new BlockPass(slots.size(), Math.min(Mxnet.threads(), Runtime.getRuntime().availableProcessors()));
        }
        pass.run(rule, HostMemory.forWriting(weight), HostMemory.forReading(gradient), state.memory());
    }

    private CudaPass cudaPass(float[] rates) {
        if (cudaPass == null) {
            cudaPass = new CudaPass(cudaSource(rates.length), slots.size(), rates.length);
        }
        return cudaPass;
    }

    final int slots() {
        return slots.size();
    }

    final String cudaSource(int rates) {
        return CudaPass.source(effectiveGradient.cuda() + cudaRule(), slots, RATES.subList(0, rates));
    }

    /**
     * Throws if an update has failed. To be called where MXNet's key-value store runs the updates on several devices,
     * or to learn the cause of an {@code EngineException} from {@code Trainer.step()}.
     *
     * @throws IllegalStateException if an update failed; the cause is what the first failed update threw
     */
    public final synchronized void throwIfFailed() {
        if (failure != null) {
            failureSeen = true;
            throw new IllegalStateException(name() + ": an update failed: " + failure.getMessage(), failure);
        }
    }

    /**
     * Writes the state of the given parameters, keyed by their names in the list: ids change from run to run. Weights
     * and hyperparameters are not part of it. Reading it back continues bit for bit.
     *
     * @param out where to; flushed, not closed
     * @param parameters the parameters and their names; those without state yet are left out
     * @throws IOException if writing fails
     * @throws IllegalStateException if this optimizer is closed, or an update failed
     */
    public synchronized void saveState(OutputStream out, ParameterList parameters) throws IOException {
        requireUsable();
        List<StateFile.Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>(); // tied weights stand in the list under several names
        for (Pair<String, Parameter> pair : parameters) {
            String id = pair.getValue().getId();
            if (seen.add(id)) {
                for (ParameterState state : states.all(id)) {
                    entries.add(new StateFile.Entry(pair.getKey(), state));
                }
            }
        }
        StateFile.write(out, name(), slots, entries);
    }

    /**
     * Replaces the state of the given parameters by what {@link #saveState} wrote; parameters that had none then have
     * none again. The arrays go where each parameter's next update runs. If reading fails nothing is changed.
     *
     * @param in where from; read up to the end of the state, not closed
     * @param parameters the initialized parameters, under the names they were saved with
     * @throws IOException if reading fails, or the stream is not such a state, is cut short or damaged, is another
     *     optimizer's, or does not match the parameters' names and shapes; the message says what was expected and found
     * @throws IllegalStateException if this optimizer is closed, or an update failed
     */
    public synchronized void loadState(InputStream in, ParameterList parameters) throws IOException {
        requireUsable();
        List<StateFile.Entry> entries = StateFile.read(in, name(), slots, parameters);
        Map<String, String> idByName = new HashMap<>();
        for (Pair<String, Parameter> pair : parameters) {
            states.forget(pair.getValue().getId());
            idByName.put(pair.getKey(), pair.getValue().getId());
        }
        entries.forEach(entry -> states.restore(idByName.get(entry.parameter()), entry.state()));
    }

    /**
     * Frees the state. Closing twice does nothing.
     *
     * @throws IllegalStateException if an update failed and nobody has been told: the cause is what it threw
     */
    @Override
    public final synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        states.close();
        for (NDArray gradient : markedGradients) {
            try {
                gradient.close();
            } catch (RuntimeException e) {
                failure.addSuppressed(e); // the mark itself, which no step has waited for
            }
        }
        if (failure != null && !failureSeen) {
            throwIfFailed();
        }
    }

    final EffectiveGradient effectiveGradient() {
        return effectiveGradient;
    }

    /** A new array of the same shape with arbitrary content, to be closed by the caller. */
    static NDArray scratchLike(NDArray array) {
        NDArray scratch = array.getManager().create(array.getShape(), DataType.FLOAT32, array.getDevice());
        NDScope.unregister(scratch);
        return scratch;
    }

    /** The state that belongs to a parameter's own array, or null before its first update. */
    final ParameterState stateOf(Parameter parameter) {
        return states.of(parameter);
    }

    /** How many updates a parameter has had on each device it has state for. */
    final synchronized List<Integer> steps(String parameterId) {
        return states.all(parameterId).stream().map(ParameterState::steps).toList();
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException(name() + " is closed");
        }
    }

    final void requireUsable() {
        requireOpen();
        if (failure != null) {
            throw new IllegalStateException(
                    name() + " refuses to go on, for an earlier update failed: " + failure.getMessage(), failure);
        }
    }

    static double requireDecayRate(String what, double value) {
        require(value >= 0 && value < 1, what, "in [0, 1)", value);
        return value;
    }

    static double requireNonNegative(String what, double value) {
        require(value >= 0 && Double.isFinite(value), what, "at least 0 and finite", value);
        return value;
    }

    private static void require(boolean right, String what, String expected, Number found) {
        if (!right) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }

    private static void checkArrays(String parameterId, NDArray weight, NDArray grad) {
        checkArray(parameterId, "weight", weight);
        checkArray(parameterId, "gradient", grad);
        if (!grad.getShape().equals(weight.getShape())) {
            throw new IllegalArgumentException(
                    "Parameter " + parameterId + ": expected a gradient of the weight's shape, " + weight.getShape()
                            + ", found " + grad.getShape());
        }
    }

    private static void checkArray(String parameterId, String what, NDArray array) {
        if (array.isSparse()) {
            throw new IllegalArgumentException(
                    "Parameter " + parameterId + ": expected a dense " + what + ", found " + array.getSparseFormat()
                            + " (sparse)");
        }
        if (array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "Parameter " + parameterId + ": expected a float32 " + what + ", found " + array.getDataType());
        }
    }

    private String name() {
        return getClass().getSimpleName();
    }
}
