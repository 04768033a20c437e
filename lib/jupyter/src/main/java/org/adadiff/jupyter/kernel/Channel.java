package org.adadiff.jupyter.kernel;

/** The channels of the protocol that carry messages. */
enum Channel {
  SHELL,
  CONTROL,
  STDIN,
  IOPUB
}
