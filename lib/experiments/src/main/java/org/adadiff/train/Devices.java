package org.adadiff.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.adadiff.engine.Mxnet;

/** Devices by name: {@code cpu}, {@code gpu} (all that are visible), or some of them, such as {@code gpu:0,2}. */
final class Devices {
    private static final String GPU = "gpu";

    private Devices() {}

    /**
     * Finds devices, and loads MXNet.
     *
     * @return at least one
     * @throws IllegalArgumentException if the name is not known, or there is no such device; the message says what is missing
     * @throws EngineException if MXNet cannot be loaded
     */
    static List<Device> of(String name) {
        if (name.equals("cpu")) {
            Mxnet.engine();
            return List.of(Device.cpu());
        }
        if (!name.matches("gpu(:\\d{1,3}(,\\d{1,3})*)?")) {
            throw new IllegalArgumentException("device: expected cpu, gpu, or some GPUs such as gpu:0,1, found '" + name + "'");
        }
        int visible = visibleGpus();
        List<Device> devices = new ArrayList<>();
        for (int id : name.equals(GPU) ? IntStream.range(0, visible).toArray() : numbers(name)) {
            if (id >= visible) {
                throw new IllegalArgumentException("device gpu:" + id + ": expected one of the " + visible + " visible GPUs, from 0");
            }
            if (devices.contains(Device.gpu(id))) {
                throw new IllegalArgumentException("device " + name + ": expected each GPU once, found " + id + " again");
            }
            devices.add(Device.gpu(id));
        }
        return devices;
    }

    private static int[] numbers(String name) {
        return Stream.of(name.substring(GPU.length() + 1).split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private static int visibleGpus() {
        Engine engine;
        try {
            engine = Mxnet.engine();
        } catch (EngineException e) {
            throw new IllegalArgumentException("device gpu: " + e.getMessage(), e);
        }
        int visible = engine.getGpuCount();
        if (visible == 0) {
            throw new IllegalArgumentException("device gpu: " + (engine.hasCapability("CUDA")
                    ? "NVIDIA's driver shows no GPU to this process (nvidia-smi lists them, CUDA_VISIBLE_DEVICES can hide them)"
                    : "this build of MXNet is for the CPU; environment/gpu/README.md tells how to get the other")
                    + ". --device cpu runs without one");
        }
        return visible;
    }
}
