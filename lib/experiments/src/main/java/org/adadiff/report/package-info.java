/**
 * What notebooks show: figures and tables as values that display richly in any kernel built on the Jupyter JVM base
 * kernel, made from run folders and from the paper's published numbers.
 */
package org.adadiff.report;
