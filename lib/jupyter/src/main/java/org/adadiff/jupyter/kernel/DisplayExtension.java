package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.display.Renderer;

/**
 * Shows values of a library's types richly, with no code in the notebook. A library names its extension in
 * {@code META-INF/services/org.adadiff.jupyter.kernel.DisplayExtension}; the kernel finds it on the class path of the cells.
 */
public interface DisplayExtension {
    /**
     * Registers how to render values.
     *
     * @param renderer the kernel's, to which {@code createRegistration(Type.class)} adds
     */
    void register(Renderer renderer);
}
