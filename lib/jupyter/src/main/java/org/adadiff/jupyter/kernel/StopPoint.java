package org.adadiff.jupyter.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;

/**
 * Where the code of cells can be stopped: {@link CellWeaver} puts a call of {@link #pass} at every method entry and every backward
 * jump. A flag there would cost loops their vectorisation and hoisting. A call site that does nothing costs compiled code nothing: the
 * JIT takes its target as a constant and inlines it away, and when the target changes, HotSpot throws such code away at its next
 * safepoint.
 */
public final class StopPoint {
    private static final MethodType NOTHING = MethodType.methodType(void.class);
    private static final MethodHandle PASSING = MethodHandles.empty(NOTHING);
    private static final MutableCallSite SITE = new MutableCallSite(PASSING);
    private static final MutableCallSite[] SITES = {SITE};
    private static final MethodHandle TARGET = SITE.dynamicInvoker();
    private static final MethodHandle CHECKING;
    private static final long SHORT_NANOS = 500_000_000; // in which each thread comes by that needs memory

    static {
        try {
            CHECKING = MethodHandles.lookup().findStatic(StopPoint.class, "check", NOTHING);
            pass();
            // What is linked at its first call needs memory for that
            runOutOfMemory();
            release();
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static volatile Cell stopping;
    private static volatile Thread left;
    private static volatile boolean memoryIsShort;
    // Guarded by the class
    private static final long[] TOLD = new long[64]; // ids of threads that know of it
    private static int told;
    private static long shortSince;

    private StopPoint() {}

    /**
     * For woven code: returns at once, unless the cell that this thread works for is being stopped.
     *
     * @throws Throwable {@link CellStopped}, or OutOfMemoryError
     */
    public static void pass() throws Throwable {
        TARGET.invokeExact();
    }

    /**
     * For woven code, in the place of {@link System#exit}, which would take the notebook's variables with it.
     *
     * @param status the status that the cell asked for
     */
    public static void exit(int status) {
        throw new CellExit(status);
    }

    /**
     * For woven code, in the place of {@link Runtime#exit} and {@link Runtime#halt}.
     *
     * @param runtime not used
     * @param status the status that the cell asked for
     */
    public static void exit(Runtime runtime, int status) {
        throw new CellExit(status);
    }

    /** Stops all threads that work for a cell, each when it next passes here. */
    static synchronized void stop(Cell cell) {
        stopping = cell;
        turn(CHECKING);
    }

    /**
     * The threads that pass here next, whatever cell they work for, get an OutOfMemoryError, each one, as if it had needed memory: where
     * several fill it, all of them are to stop. Allocates nothing.
     */
    static synchronized void runOutOfMemory() {
        memoryIsShort = true;
        told = 0;
        shortSince = System.nanoTime();
        turn(CHECKING);
    }

    /** Stops a thread whose cell has been answered without it, when it passes here; null for none. */
    static synchronized void stopLeft(Thread thread) {
        left = thread;
        turn();
    }

    /** All threads pass again. */
    static synchronized void release() {
        if (stopping != null || memoryIsShort) {
            stopping = null;
            memoryIsShort = false;
            turn();
        }
    }

    private static void turn() {
        turn(stopping != null || left != null || memoryIsShort ? CHECKING : PASSING);
    }

    private static void turn(MethodHandle target) {
        SITE.setTarget(target);
        MutableCallSite.syncAll(SITES);
    }

    /** Whether the calling thread has to stop; once each, for it may set memory free and go on. */
    private static synchronized boolean takeShortMemory() {
        boolean over = told == TOLD.length || told > 0 && System.nanoTime() - shortSince > SHORT_NANOS;
        if (over && memoryIsShort) {
            memoryIsShort = false;
            turn();
        }
        long id = Thread.currentThread().getId();
        boolean knows = !memoryIsShort;
        for (int i = 0; i < told; i++) {
            knows |= TOLD[i] == id;
        }
        if (!knows) {
            TOLD[told++] = id;
        }
        return !knows;
    }

    private static void check() {
        if (memoryIsShort && takeShortMemory()) {
            throw new OutOfMemoryError("Java heap space");
        }
        Cell cell = stopping;
        if (Thread.currentThread() == left || cell != null && Cell.current() == cell) {
            throw new CellStopped("Interrupted");
        }
    }
}
