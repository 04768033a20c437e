package org.adadiff.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import org.adadiff.engine.HostMemory;

/** What an optimizer remembers of one parameter on one device: its own step count, and one array per slot. */
final class ParameterState implements AutoCloseable {

    private final NDArray[] arrays; // one per slot, each of the weight's shape, float32
    private FloatBuffer[] memory; // of the arrays, once asked for
    private Device device;
    private final Shape shape;
    private final boolean fromFile;
    private boolean claimed;
    private int steps;

    /** The state before the first step: zeros beside the weight. */
    static ParameterState zeros(Device device, NDArray weight, int slots) {
        NDArray[] arrays = new NDArray[slots];
        for (int i = 0; i < slots; i++) {
            arrays[i] = keep(weight.zerosLike());
        }
        return new ParameterState(device, weight.getShape(), arrays, 0, true);
    }

    /** State read from a file; the first update of its parameter claims it for the device it then runs on. */
    static ParameterState restored(Device device, Shape shape, NDArray[] arrays, int steps) {
        return new ParameterState(device, shape, arrays, steps, false);
    }

    private ParameterState(Device device, Shape shape, NDArray[] arrays, int steps, boolean claimed) {
        this.device = device;
        this.shape = shape;
        this.arrays = arrays;
        this.steps = steps;
        this.claimed = claimed;
        this.fromFile = !claimed;
    }

    /**
     * Takes an array out of the manager and the scope it was made in: MXNet's key-value store closes a manager after
     * each update, and a caller's {@link NDScope} closes at the end of its block.
     */
    static NDArray keep(NDArray array) {
        array.detach();
        NDScope.unregister(array);
        return array;
    }

    void claim(Device newDevice, NDArray weight) {
        device = newDevice;
        claimed = true;
        for (int i = 0; i < arrays.length; i++) {
            if (!arrays[i].getDevice().equals(weight.getDevice())) {
                NDArray moved = keep(arrays[i].toDevice(weight.getDevice(), true));
                arrays[i].close();
                arrays[i] = moved;
                memory = null;
            }
        }
    }

    boolean fromFile() {
        return fromFile;
    }

    boolean claimed() {
        return claimed;
    }

    Device device() {
        return device;
    }

    int steps() {
        return steps;
    }

    int nextStep() {
        return ++steps;
    }

    int slots() {
        return arrays.length;
    }

    NDArray slot(int i) {
        return arrays[i];
    }

    /** The memory of all slots. No layer sees these arrays, so it stays where it is. */
    FloatBuffer[] memory() {
        if (memory == null) {
            FloatBuffer[] views = new FloatBuffer[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                views[i] = HostMemory.forWriting(arrays[i]);
            }
            memory = views;
        }
        return memory;
    }

    Shape shape() {
        return shape;
    }

    @Override
    public void close() {
        memory = null;
        for (NDArray array : arrays) {
            array.close();
        }
    }
}
