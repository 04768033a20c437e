package io.github.spencerpark.ijava;

/** Access to the running kernel. */
public final class IJava {
    private static volatile JavaKernel kernel;

    private IJava() {}

    /**
     * Returns the kernel that runs this notebook.
     *
     * @return the kernel, or null outside a notebook
     */
    public static JavaKernel getKernelInstance() {
        return kernel;
    }

    /**
     * Makes a kernel the one that notebooks see.
     *
     * @param kernel the kernel
     */
    public static void setKernelInstance(JavaKernel kernel) {
        IJava.kernel = kernel;
    }
}
