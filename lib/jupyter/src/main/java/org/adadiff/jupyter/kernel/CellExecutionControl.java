package org.adadiff.jupyter.kernel;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.SPIResolutionException;

/**
 * Runs snippets in this process, on the thread that evaluates them, so that their values can be rendered. JShell sees a ticket
 * instead of a value; {@link #take} gives the value for the ticket.
 */
final class CellExecutionControl implements ExecutionControl {
    private static final int MAX_CAUSES = 20;

    /** What throws exceptions of one kind, or none that must be declared. */
    @FunctionalInterface
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private final CellClassLoader loader;
    private final CellTimeout timeout;
    private final Map<String, Object> values = new HashMap<>();
    private long tickets;
    private Throwable thrown;
    private boolean begun;
    private Class<?> invoked;
    private boolean timedOut;
    private volatile boolean running;

    // Guarded by this. The thread, while it does what may be interrupted
    private Thread interruptible;
    private boolean interrupted;

    CellExecutionControl(CellClassLoader loader, CellTimeout timeout) {
        this.loader = loader;
        this.timeout = timeout;
    }

    /** Removes and returns the value behind a ticket; null if there is none. */
    Object take(String ticket) {
        return values.remove(ticket);
    }

    /** What the last snippet that failed threw. */
    Throwable thrown() {
        return thrown;
    }

    /** A snippet is to be compiled, and then to run. */
    void begin() {
        begun = false;
        invoked = null;
    }

    /** Whether the latest snippet has got as far as running. */
    boolean hasRun() {
        return begun;
    }

    /** Returns the class of the latest snippet if that has run to its end, and null thereafter. */
    Class<?> takeInvoked() {
        Class<?> taken = invoked;
        invoked = null;
        return taken;
    }

    /** Whether a snippet was stopped since the last call because it ran for too long. */
    boolean takeTimeout() {
        boolean was = timedOut;
        timedOut = false;
        return was;
    }

    /** Lets go of what the last cell has left. */
    void forget() {
        values.clear();
        thrown = null;
    }

    /**
     * Stops the code of the latest cell, on all its threads, and wakes up the thread that runs its snippet; without one, the next is
     * not begun. The compiler is never interrupted: it would lose its jars.
     */
    synchronized void interrupt() {
        interrupted = true;
        StopPoint.stop(Cell.latest());
        if (interruptible != null) {
            interruptible.interrupt();
        }
    }

    /** Does what may be interrupted: a snippet, a magic, or showing a value. */
    <T, E extends Exception> T interruptibly(Work<T, E> work) throws E {
        return with(Thread.currentThread(), work);
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
        Thread before = interruptible;
        interruptible = thread;
        if (thread == null) {
            Thread.interrupted();
        } else if (interrupted) {
            thread.interrupt();
        }
        return before;
    }

    /** Memory is about to run out. If the code of a cell runs, it is that which needs it. */
    void runOutOfMemory() {
        if (running) {
            StopPoint.runOutOfMemory();
        }
    }

    /** Whether a snippet runs now: what is evaluated then is evaluated on behalf of its code. */
    boolean isRunning() {
        return running;
    }

    /** Whether an interrupt arrived since the last call. */
    synchronized boolean takeInterrupt() {
        boolean was = interrupted;
        interrupted = false;
        return was;
    }

    @Override
    public void load(ClassBytecodes[] classes) {
        for (ClassBytecodes compiled : classes) {
            loader.add(compiled.name(), CellWeaver.weave(compiled.bytecodes()));
        }
    }

    @Override
    public void redefine(ClassBytecodes[] classes) throws NotImplementedException {
        // JShell then compiles what changed under a new name
        throw new NotImplementedException("redefine");
    }

    @Override
    public String invoke(String className, String methodName) throws RunException {
        begun = true;
        if (running) {
            return interruptibly(() -> call(className, methodName));
        }
        running = true;
        try (CellTimeout.Watch watch = timeout.watch(this)) { // the time to compile is not the code's
            try {
                return interruptibly(() -> call(className, methodName));
            } finally {
                timedOut = watch.isOver();
            }
        } finally {
            running = false;
        }
    }

    private String call(String className, String methodName) throws RunException {
        try {
            Class<?> snippet = Class.forName(className, true, loader);
            Method method = snippet.getDeclaredMethod(methodName);
            method.setAccessible(true);
            Object value = method.invoke(null);
            // After the call: the code may itself have evaluated some
            invoked = snippet;
            String ticket = "value-" + tickets++;
            if (value != null) {
                values.put(ticket, value);
            }
            return ticket;
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
            throw converted(thrown, MAX_CAUSES);
        } catch (Throwable e) {
            thrown = e;
            throw converted(thrown, MAX_CAUSES);
        }
    }

    private static RunException converted(Throwable e, int causesLeft) {
        if (e instanceof OutOfMemoryError) {
            MemoryReserve.release();
        }
        if (e instanceof SPIResolutionException unresolved) {
            return new ResolutionException(unresolved.id(), frames(e));
        }
        UserException converted = new UserException(messageOf(e), e.getClass().getName(), frames(e));
        if (e.getCause() != null && causesLeft > 0) {
            converted.initCause(converted(e.getCause(), causesLeft - 1));
        }
        return converted;
    }

    /** An exception whose own getMessage fails must not take the cell's error with it. */
    static String messageOf(Throwable e) {
        try {
            return e.getMessage();
        } catch (Throwable failure) {
            return "(its getMessage() threw " + failure.getClass().getName() + ")";
        }
    }

    /** JShell looks at the file name of every frame, and a class compiled without debug information has none. */
    private static StackTraceElement[] frames(Throwable e) {
        StackTraceElement[] frames = e.getStackTrace();
        for (int i = 0; i < frames.length; i++) {
            StackTraceElement frame = frames[i];
            if (frame.getFileName() == null) {
                frames[i] = new StackTraceElement(frame.getClassName(), frame.getMethodName(), "Unknown Source", frame.getLineNumber());
            }
        }
        return frames;
    }

    @Override
    public String varValue(String className, String variable) {
        return "";
    }

    @Override
    public void addToClasspath(String path) throws InternalException {
        try {
            for (String entry : path.split(File.pathSeparator)) {
                loader.addURL(Path.of(entry).toUri().toURL());
            }
        } catch (MalformedURLException e) {
            throw new InternalException("Class path entry " + path + ": " + e.getMessage());
        }
    }

    @Override
    public void stop() {
        interrupt();
    }

    @Override
    public Object extensionCommand(String command, Object argument) throws NotImplementedException {
        throw new NotImplementedException("extension command " + command);
    }

    @Override
    public void close() {}
}
