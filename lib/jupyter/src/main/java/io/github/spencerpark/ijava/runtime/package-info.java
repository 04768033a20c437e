/** The functions that every cell can call without an import, as in IJava. */
package io.github.spencerpark.ijava.runtime;
