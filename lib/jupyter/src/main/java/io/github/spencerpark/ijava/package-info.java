/** The entry points that notebooks written for IJava import; the kernel behind them is {@code org.adadiff.jupyter.kernel}. */
package io.github.spencerpark.ijava;
