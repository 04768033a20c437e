/**
 * A Java kernel for Jupyter, compatible with IJava's magics and display functions.
 *
 * <p>From the wire to a value and back: {@code MessageSockets} owns the ZeroMQ sockets, on a thread that runs no user code;
 * {@code KernelServer} answers interrupts and shutdowns at once and queues the rest for one thread, on which {@code CodeRequests}
 * hands a cell to {@code CellEvaluator}. That cuts it into Java and magics ({@code CellSource}) and gives the Java to JShell,
 * whose compiled snippets {@code CellExecutionControl} runs in this process, in a class loader that hides the kernel's own
 * libraries; {@code CellWeaver} has made them stoppable at {@code StopPoint}. What comes out is rendered by the base library
 * ({@code io.github.spencerpark.jupyter}) and sent through {@code CellOutput}, in order with what the cell printed, and to the
 * {@code Cell} whose thread it comes from.
 *
 * <p>{@code KernelArchive} is what makes a start fast, {@code MemoryReserve} what answers when a notebook has taken all memory, and
 * {@code DisplayExtension} how a library shows its values richly.
 */
package org.adadiff.jupyter.kernel;
