/**
 * A headless runner of notebooks, for any kernel that Jupyter could start, without Python.
 *
 * <pre>{@code
 * RunResult result = NotebookRunner.run(
 *         Path.of("notebooks/00-quickstart.ipynb"),
 *         Path.of("target/00-quickstart.ipynb"),
 *         RunOptions.DEFAULT.withParameter("epochs", "1").withCellTimeout(Duration.ofMinutes(5)),
 *         RunListener.SILENT);
 * if (result.status() != RunStatus.DONE) {
 *     System.err.println(FailureReport.of(result));
 * }
 * }</pre>
 *
 * <p>A run is one thread that owns a kernel's process and its sockets. {@code NotebookRunner} walks the cells,
 * {@code CellRun} waits for one cell's end, {@code CellOutputs} turns messages into outputs, {@code SavedNotebook} puts them on
 * disk. No kernel outlives its run.
 */
package org.adadiff.jupyter.runner;
