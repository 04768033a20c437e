/** The MXNet engine of DJL, set up before it is loaded: threads, memory and native library; and the memory behind its arrays. */
package org.adadiff.engine;
