/** A Java kernel for Jupyter, compatible with IJava's magics and display functions. */
package org.adadiff.jupyter.kernel;
