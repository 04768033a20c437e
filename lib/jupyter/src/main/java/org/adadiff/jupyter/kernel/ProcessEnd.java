package org.adadiff.jupyter.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Ends the process, whatever state it is in: the threads that do so wait from the start, since there may be no memory left for new ones.
 * Where a library ends it instead, by {@link System#exit}, it says so, if it can.
 */
final class ProcessEnd {
    private static final long LIMIT_MILLIS = 2000;

    /** What is to be done before the end. */
    @FunctionalInterface
    interface Cleanup {
        void run() throws InterruptedException;
    }

    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile int status;

    /**
     * @param cleanup what to do before the end, whoever begins it
     * @param tell shows a text that says who has called System.exit; must not wait for a stream, which the caller may hold
     */
    ProcessEnd(Cleanup cleanup, Consumer<String> tell) {
        Runtime.getRuntime().addShutdownHook(thread("exit-of-others", () -> {
            if (begun.getCount() > 0) {
                Thread.getAllStackTraces().values().forEach(frames -> tellExit(frames, tell));
                cleanup.run();
            }
        }));
        thread("exit", () -> {
            begun.await();
            try {
                cleanup.run();
            } finally {
                System.exit(status);
            }
        }).start();
        thread("force-exit", () -> {
            begun.await();
            Thread.sleep(LIMIT_MILLIS);
            Runtime.getRuntime().halt(status);
        }).start();
    }

    private static void tellExit(StackTraceElement[] frames, Consumer<String> tell) {
        List<String> methods = Arrays.stream(frames).map(frame -> frame.getClassName() + "." + frame.getMethodName()).toList();
        int exit = Math.max(methods.indexOf("java.lang.System.exit"), methods.indexOf("java.lang.Runtime.exit"));
        if (exit >= 0) {
            String library = IntStream.range(exit + 1, frames.length).takeWhile(i -> !methods.get(i).startsWith("REPL."))
                    .mapToObj(i -> "\n    at " + methods.get(i) + "(" + frames[i].getFileName() + ":" + frames[i].getLineNumber() + ")")
                    .collect(Collectors.joining());
            tell.accept("The kernel ends, and all variables with it: a library has called " + methods.get(exit) + "()" + library + "\n");
        }
    }

    private static Thread thread(String name, Cleanup work) {
        return new KernelThread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e); // these threads cannot be interrupted
                    }
                },
                name);
    }

    /** Begins the end, and returns: shutdown hooks run, but not for long. Allocates nothing. */
    void begin(int exitStatus) {
        status = exitStatus;
        begun.countDown();
    }
}
