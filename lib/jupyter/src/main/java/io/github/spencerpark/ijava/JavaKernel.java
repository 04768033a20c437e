package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;

/** What a notebook written for IJava calls on {@code getKernelInstance()}. */
public abstract class JavaKernel extends BaseKernel {
    /** For the kernel that extends this. */
    protected JavaKernel() {}

    /**
     * Makes a jar or a folder of classes visible to the cells that follow.
     *
     * @param path a jar or a folder
     */
    public abstract void addToClasspath(String path);

    /**
     * Returns the renderer, with what libraries that cells see have registered, where the value may be of one of them.
     *
     * @param value what is to be rendered
     * @return the renderer
     */
    public abstract Renderer getRendererFor(Object value);

    /**
     * Returns the registry of magics, to which a notebook can add its own.
     *
     * @return the magics
     */
    public abstract Magics getMagics();

    /**
     * Evaluates code as a cell would.
     *
     * @param code Java code, magics included
     * @return the value of the last expression, or null
     * @throws Exception what the code threw, or why it did not compile
     */
    public abstract Object evalRaw(String code) throws Exception;

    /**
     * Removes what the running cell has shown so far.
     *
     * @param wait whether to remove it only when the next output comes, which avoids flicker
     */
    public abstract void clearOutput(boolean wait);

    /**
     * Asks the reader for a line.
     *
     * @param prompt what stands before the input
     * @param password whether to hide what is typed
     * @return the line, without its end; null where the frontend allows no input
     * @throws java.io.InterruptedIOException if the cell is interrupted
     */
    public abstract String readLine(String prompt, boolean password) throws java.io.InterruptedIOException;

    /**
     * Replaces what stands at every place where this display id was shown.
     *
     * @param id a display id, as returned by {@code display}
     * @param data what to show there
     */
    public abstract void updateDisplay(String id, DisplayData data);
}
