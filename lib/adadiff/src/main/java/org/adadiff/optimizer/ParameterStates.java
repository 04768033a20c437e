package org.adadiff.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The states of all parameters an optimizer has met, by parameter id and device. */
final class ParameterStates implements AutoCloseable {

    private final int slots;
    private final Map<String, List<ParameterState>> byId = new HashMap<>();

    /**
     * Starts without any state.
     *
     * @param slots number of arrays to keep per parameter and device
     */
    ParameterStates(int slots) {
        this.slots = slots;
    }

    /** The state for an update on a device: the one of earlier updates, one that was restored, or a new one. */
    ParameterState forUpdate(String parameterId, Device device, NDArray weight) {
        ParameterState state = find(parameterId, device);
        if (state == null) {
            state = ParameterState.zeros(device, weight, slots);
            byId.computeIfAbsent(parameterId, id -> new ArrayList<>(1)).add(state);
        } else if (!state.claimed()) {
            state.claim(device, weight);
        }
        if (!state.shape().equals(weight.getShape())) {
            throw new IllegalArgumentException(
                    "Parameter " + parameterId + ": expected the shape of its earlier updates, " + state.shape()
                            + ", found " + weight.getShape());
        }
        return state;
    }

    /** The state that belongs to a parameter's own array, or null before its first update. */
    ParameterState of(Parameter parameter) {
        List<ParameterState> states = all(parameter.getId());
        for (ParameterState state : states) {
            if (state.device().equals(parameter.getArray().getDevice())) {
                return state;
            }
        }
        return states.isEmpty() ? null : states.get(0);
    }

    List<ParameterState> all(String parameterId) {
        return byId.getOrDefault(parameterId, List.of());
    }

    void restore(String parameterId, ParameterState state) {
        byId.computeIfAbsent(parameterId, id -> new ArrayList<>(1)).add(state);
    }

    void forget(String parameterId) {
        List<ParameterState> states = byId.remove(parameterId);
        if (states != null) {
            states.forEach(ParameterState::close);
        }
    }

    @Override
    public void close() {
        byId.values().forEach(states -> states.forEach(ParameterState::close));
        byId.clear();
    }

    /** Restored state goes to the device it was saved on, else to whichever device asks first: CPU to GPU, say. */
    private ParameterState find(String parameterId, Device device) {
        List<ParameterState> states = all(parameterId);
        ParameterState unclaimed = null;
        boolean restored = false;
        for (ParameterState state : states) {
            if (state.device().equals(device)) {
                return state;
            }
            restored |= state.fromFile();
            if (!state.claimed() && unclaimed == null) {
                unclaimed = state;
            }
        }
        if (unclaimed == null && restored) {
            // To start this device from zero would let its copy of the weight drift away from the others'.
            throw new IllegalStateException(
                    "Parameter " + parameterId + ": state was restored for " + states.size()
                            + " device(s), and an update came for one more, " + device);
        }
        return unclaimed;
    }
}
