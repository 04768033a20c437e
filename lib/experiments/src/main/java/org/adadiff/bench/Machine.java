package org.adadiff.bench;

import ai.djl.engine.Engine;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.adadiff.engine.Mxnet;
import org.adadiff.train.Build;
import org.adadiff.train.Host;

/**
 * Where measurements were made; they mean nothing without it.
 *
 * @param lines each a property, a colon and its value
 */
public record Machine(List<String> lines) {
    /**
     * Describes this machine.
     *
     * @param setting the threads and PyTorch
     * @return the machine, the versions and the commit
     */
    public static Machine describe(Setting setting) {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(List.of(
                "machine: " + Host.cpu() + ", " + system.getAvailableProcessors() + " processors, "
                        + String.format(Locale.ROOT, "%.1f GB", system.getTotalMemorySize() / 1e9),
                "system: " + system.getName() + " " + system.getVersion() + " " + system.getArch() + ", "
                        + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                "versions: AdaDiff " + Build.version() + " (commit " + Host.commit() + "), DJL " + Engine.getDjlVersion()
                        + ", MXNet " + Mxnet.engine().getVersion() + ", "
                        + setting.torch().map(torch -> "PyTorch " + torch.version()).orElse(PyTorch.missing()),
                setting.onGpu() ? "device: " + Host.gpu() : "threads: " + setting.threads()));
    }
}
