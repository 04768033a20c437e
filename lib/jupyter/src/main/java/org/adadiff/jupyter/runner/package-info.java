/** A headless runner of notebooks. */
package org.adadiff.jupyter.runner;
