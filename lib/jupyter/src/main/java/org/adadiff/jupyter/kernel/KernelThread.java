package org.adadiff.jupyter.kernel;

/**
 * A thread of the kernel's own, which does not keep the process alive. It cannot be interrupted: the code of a cell reaches all threads
 * there are, and some of it interrupts them. ZeroMQ's sockets break by that.
 */
final class KernelThread extends Thread {
    KernelThread(Runnable work, String name) {
        super(work, name);
        setDaemon(true);
    }

    @Override
    public void interrupt() {}
}
