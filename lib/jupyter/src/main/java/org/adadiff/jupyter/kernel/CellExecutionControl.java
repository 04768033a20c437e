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

    private final CellThread thread;
    private final CellClassLoader loader;
    private final CellTimeout timeout;
    private final Map<String, Object> values = new HashMap<>();
    private long tickets;
    private Throwable thrown;
    private Throwable toThrow;
    private boolean begun;
    private Class<?> invoked;
    private boolean timedOut;
    private volatile boolean running;

    CellExecutionControl(CellThread thread, CellClassLoader loader, CellTimeout timeout) {
        this.thread = thread;
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

    /** Whether a snippet runs now: what is evaluated then is evaluated on behalf of its code. */
    boolean isRunning() {
        return running;
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

    /** Has snippets throw this instead of running; null lets them run. */
    void throwInstead(Throwable e) {
        toThrow = e;
    }

    @Override
    public String invoke(String className, String methodName) throws RunException {
        begun = true;
        if (toThrow != null) {
            throw converted(toThrow, MAX_CAUSES);
        }
        if (running) {
            return interruptibly(className, methodName);
        }
        running = true;
        try (CellTimeout.Watch watch = timeout.watch(thread)) { // the time to compile is not the code's
            try {
                return interruptibly(className, methodName);
            } finally {
                timedOut = watch.isOver();
            }
        } finally {
            running = false;
        }
    }

    private String interruptibly(String className, String methodName) throws RunException {
        try {
            return thread.interruptibly(() -> call(className, methodName));
        } catch (CellStopped left) {
            thread.checkIsNotLeft();
            thrown = left;
            throw converted(left, MAX_CAUSES);
        }
    }

    private String call(String className, String methodName) throws RunException {
        try {
            Class<?> snippet = Class.forName(className, true, loader);
            Method method = snippet.getDeclaredMethod(methodName);
            method.setAccessible(true);
            Object value = method.invoke(null);
            thread.checkIsNotLeft();
            // After the call: the code may itself have evaluated some
            invoked = snippet;
            String ticket = "value-" + tickets++;
            if (value != null) {
                values.put(ticket, value);
            }
            return ticket;
        } catch (Throwable e) {
            thread.checkIsNotLeft();
            thrown = e instanceof InvocationTargetException ? e.getCause() : e;
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
        thread.interrupt();
    }

    @Override
    public Object extensionCommand(String command, Object argument) throws NotImplementedException {
        throw new NotImplementedException("extension command " + command);
    }

    @Override
    public void close() {}
}
