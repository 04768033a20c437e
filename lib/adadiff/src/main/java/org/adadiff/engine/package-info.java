/** The MXNet engine of DJL, set up before it is loaded: threads, memory and native library. */
package org.adadiff.engine;
