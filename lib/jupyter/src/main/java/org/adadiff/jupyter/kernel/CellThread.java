package org.adadiff.jupyter.kernel;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread on which the code of cells runs, one piece after the other, with magics and what shows values. It is not the one that asks
 * for it: where code does not stop for an interrupt, as a call that waits for the network may not, its thread is left to itself and the
 * next piece gets a new one, with the notebook's variables.
 */
final class CellThread {
    private static final long STACK_BYTES = 16L << 20; // as has the thread that compiles, which code does too, by eval
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private static final long LEFT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What throws exceptions of one kind, or none that must be declared. */
    @FunctionalInterface
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private final Thread owner = Thread.currentThread();
    // All guarded by this
    private Worker worker;
    private Thread interruptible; // while it does what may be interrupted
    private boolean interrupted;
    private long interruptedAt;

    /**
     * Stops the code of the latest cell, on all its threads, and wakes up the thread that runs its snippet; without one, the next is
     * not begun. The compiler is never interrupted: it would lose its jars.
     */
    synchronized void interrupt() {
        if (!interrupted) {
            interrupted = true;
            interruptedAt = System.nanoTime();
        }
        StopPoint.stop(Cell.latest());
        if (interruptible != null) {
            interruptible.interrupt();
        }
        notifyAll();
    }

    /** Whether an interrupt arrived since the last call. */
    synchronized boolean takeInterrupt() {
        boolean was = interrupted;
        interrupted = false;
        return was;
    }

    /** Does what may be interrupted: a snippet, a magic, or showing a value. Throws {@link CellStopped} if it does not end then. */
    <T, E extends Exception> T interruptibly(Work<T, E> work) throws E {
        return Thread.currentThread() == owner ? onWorker(work) : with(Thread.currentThread(), work);
    }

    /** Does what must not be interrupted though a magic or a snippet needs it: the compiler's work. */
    <T, E extends Exception> T uninterruptibly(Work<T, E> work) throws E {
        return with(null, work);
    }

    private <T, E extends Exception> T with(Thread thread, Work<T, E> work) throws E {
        Thread before = setInterruptible(thread);
        try {
            return work.run();
        } finally {
            setInterruptible(before);
        }
    }

    private synchronized Thread setInterruptible(Thread thread) {
        checkIsNotLeft();
        Thread before = interruptible;
        interruptible = thread;
        if (thread == null) {
            Thread.interrupted();
        } else if (interrupted) {
            thread.interrupt();
            interruptedAt = System.nanoTime();
            notifyAll();
        }
        return before;
    }

    /** Ends code whose thread has been left to itself, as soon as it comes back to the kernel. */
    synchronized void checkIsNotLeft() {
        if (Thread.currentThread() instanceof Worker current && current != worker) {
            throw new CellStopped("Interrupted");
        }
    }

    private synchronized <T, E extends Exception> T onWorker(Work<T, E> work) throws E {
        if (worker == null || !worker.isAlive()) { // there may have been no memory for it
            worker = new Worker();
            worker.start();
        }
        Worker current = worker;
        Thread before = interruptible;
        Task<T, E> task = new Task<>(work, Cell.current());
        current.task = task;
        notifyAll();
        while (!task.done) {
            long left = GRACE_NANOS - (System.nanoTime() - interruptedAt);
            if (interrupted && interruptible == current && left <= 0) {
                worker = null;
                interruptible = before;
                new KernelThread(() -> stopLeft(current), "left-code").start();
                throw new CellStopped("Interrupted, but the code does not stop: its thread goes on by itself");
            }
            await(interrupted && interruptible == current ? left : 0);
        }
        return task.result();
    }

    /**
     * What has been left may come back to code of its cell, to loop there for ever. It is looked after from outside: for all other code to
     * check itself meanwhile would slow it down as long as, say, a port is listened to.
     */
    private static void stopLeft(Worker worker) {
        while (worker.isAlive()) {
            LockSupport.parkNanos(LEFT_NANOS);
            if (Arrays.stream(worker.getStackTrace()).limit(2).anyMatch(frame -> frame.getClassName().startsWith("REPL."))) {
                StopPoint.stopLeft(worker);
                LockSupport.parkNanos(LEFT_NANOS);
                StopPoint.stopLeft(null);
            }
        }
    }

    /** Whether the code of a cell, a magic or what shows a value is at work, and not the compiler. Allocates nothing. */
    synchronized boolean isInterruptible() {
        return interruptible != null;
    }

    /** Waits for a change; nanoseconds at most, or without end if that is 0. The code of a cell may interrupt all threads it finds. */
    private synchronized void await(long nanos) {
        try {
            wait(nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        } catch (InterruptedException e) {
            // The caller waits on
        }
    }

    private static final class Task<T, E extends Exception> {
        private final Work<T, E> work;
        private final Cell cell;
        private T value;
        private Throwable thrown;
        private boolean done;

        Task(Work<T, E> work, Cell cell) {
            this.work = work;
            this.cell = cell;
        }

        T result() throws E {
            if (thrown != null) {
                throw CellThread.<E>unchecked(thrown);
            }
            return value;
        }
    }

    @SuppressWarnings("unchecked")
    static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }

    private final class Worker extends Thread {
        private Task<?, ?> task; // guarded by CellThread.this

        Worker() {
            super(null, null, "cell", STACK_BYTES);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (true) {
                Task<?, ?> next;
                synchronized (CellThread.this) {
                    while (task == null && worker == this) {
                        await(0);
                    }
                    if (worker != this) {
                        return;
                    }
                    next = task;
                }
                run(next);
            }
        }

        private <T, E extends Exception> void run(Task<T, E> next) {
            T value = null;
            Throwable thrown = null;
            try {
                next.cell.join();
                Thread.interrupted(); // some thread of an earlier cell has kept this one's name
                value = with(this, next.work);
            } catch (Throwable e) {
                thrown = e;
            }
            synchronized (CellThread.this) {
                next.value = value;
                next.thrown = thrown;
                next.done = true;
                task = null;
                CellThread.this.notifyAll();
            }
        }
    }
}
