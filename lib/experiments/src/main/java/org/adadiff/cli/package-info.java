/** The {@code adadiff} command. */
package org.adadiff.cli;
