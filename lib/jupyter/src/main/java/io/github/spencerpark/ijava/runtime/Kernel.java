package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import java.io.InterruptedIOException;

/** The kernel, and evaluation of code by it. */
public final class Kernel {
    private Kernel() {}

    /**
     * Returns the kernel that runs this notebook.
     *
     * @return the kernel
     * @throws IllegalStateException outside a notebook
     */
    public static JavaKernel getKernelInstance() {
        JavaKernel kernel = IJava.getKernelInstance();
        if (kernel == null) {
            throw new IllegalStateException("No kernel is running: this works only in a notebook");
        }
        return kernel;
    }

    /**
     * Evaluates code as a cell would.
     *
     * @param code Java code, magics included
     * @return the value of the last expression, or null
     * @throws Exception what the code threw, or why it did not compile
     */
    public static Object eval(String code) throws Exception {
        return getKernelInstance().evalRaw(code);
    }

    /**
     * Asks the reader for a line.
     *
     * @param prompt what stands before the input
     * @return the line, without its end; null where the frontend allows no input
     * @throws InterruptedIOException if the cell is interrupted
     */
    public static String readLine(String prompt) throws InterruptedIOException {
        return getKernelInstance().readLine(prompt, false);
    }

    /**
     * Asks the reader for a line that does not show while it is typed.
     *
     * @param prompt what stands before the input
     * @return the line, without its end; null where the frontend allows no input
     * @throws InterruptedIOException if the cell is interrupted
     */
    public static String readPassword(String prompt) throws InterruptedIOException {
        return getKernelInstance().readLine(prompt, true);
    }

    /**
     * Prints to standard output.
     *
     * @param format as of {@link String#format}
     * @param arguments what the format refers to
     */
    public static void printf(String format, Object... arguments) {
        System.out.printf(format, arguments);
    }
}
