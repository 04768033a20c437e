package org.adadiff.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.adadiff.model.ModelParameters;

/**
 * A network's weights on each device of a run. The first device holds the network itself; it alone is updated and evaluated, so
 * an optimizer has one state. In every step the others get the weights, work on their share of the batch, and give their gradients
 * to the first. On one device nothing is copied.
 *
 * <p>Batch normalisation normalises each share by itself, and the first device's running statistics are the network's, as in
 * PyTorch's DataParallel; a run on several devices is therefore not the same as one on a single device where there is any.
 */
final class Replicas {
    private final List<Parameter> trainable;
    private final List<Device> devices;
    private final List<ParameterStore> stores = new ArrayList<>();
    private int working;

    /**
     * Makes room for the weights on the devices.
     *
     * @param network initialised, with gradients, on the first device
     * @param manager owns the copies; its device is the first
     * @param devices at least one
     */
    Replicas(Block network, NDManager manager, List<Device> devices) {
        this.devices = List.copyOf(devices);
        trainable = ModelParameters.trainable(network);
        stores.add(new ParameterStore(manager, false));
        for (Device device : devices.subList(1, devices.size())) {
            ParameterStore store = new ParameterStore(manager.newSubManager(device), true);
            network.getParameters().values().forEach(parameter -> store.getValue(parameter, device, true));
            stores.add(store);
        }
    }

    /** The network itself, on the first device. */
    ParameterStore first() {
        return stores.get(0);
    }

    /**
     * Begins a step, before gradients are collected: gives the devices the weights as they are now, and each a share of the
     * batch, as even as can be. Where there are fewer rows than devices, some have none.
     */
    List<Share> split(int rows) {
        working = Math.min(rows, devices.size());
        for (int i = 1; i < working; i++) {
            for (Parameter parameter : trainable) {
                parameter.getArray().copyTo(copy(i, parameter));
            }
        }
        List<Share> shares = new ArrayList<>(working);
        for (int i = 0; i < working; i++) {
            shares.add(new Share(stores.get(i), devices.get(i), rows, rows * i / working, rows * (i + 1) / working));
        }
        return shares;
    }

    /** After backward: adds what the other devices found to the gradients on the first. */
    void sumGradients() {
        for (int i = 1; i < working; i++) {
            for (Parameter parameter : trainable) {
                try (NDArray sum = parameter.getArray().getGradient();
                        NDArray gradient = copy(i, parameter).getGradient();
                        NDArray moved = gradient.toDevice(devices.get(0), true)) {
                    sum.addi(moved);
                }
            }
        }
    }

    private NDArray copy(int device, Parameter parameter) {
        return stores.get(device).getValue(parameter, devices.get(device), true);
    }

    /**
     * The rows of a batch that one device works on.
     *
     * @param store the weights on the device
     * @param device the device
     * @param rows of the whole batch
     * @param from the first row
     * @param to the row after the last
     */
    record Share(ParameterStore store, Device device, int rows, int from, int to) {
        /** Takes the share's rows, which lie along an axis of an array on the first device. */
        NDArray of(NDArray batch, int axis) {
            if (isAll()) {
                return batch;
            }
            try (NDArray part = batch.get(new NDIndex().addAllDim(axis).addSliceDim(from, to))) {
                NDArray moved = part.toDevice(device, true);
                moved.attach(batch.getManager().newSubManager(device)); // what is computed from it lives on the device, as long as the batch
                return moved;
            }
        }

        /** Weighs a mean over the share's rows, so that over all shares the sum is the mean over the batch. */
        NDArray weighted(NDArray mean) {
            return isAll() ? mean : mean.mul(weight());
        }

        /** The share's part of the batch, in (0, 1]. */
        double weight() {
            return (double) size() / rows;
        }

        int size() {
            return to - from;
        }

        private boolean isAll() {
            return size() == rows;
        }
    }
}
