package org.adadiff.jupyter.runner;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's process, those that its cells have started, and its connection file. They end with this object, with this JVM, or
 * when this JVM is killed.
 */
final class KernelProcess implements AutoCloseable {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    private final KernelSpec spec;
    private final Connection connection;
    private final Path connectionFile;
    private final Process process;
    private final Process watchdog; // null on Windows
    private final Tail stdout;
    private final Tail stderr;
    private final Thread hook;
    private List<ProcessHandle> children = List.of(); // as they were when it was asked to end

    private KernelProcess(KernelSpec spec, Connection connection, Path connectionFile, Process process, Process watchdog) {
        this.spec = spec;
        this.connection = connection;
        this.connectionFile = connectionFile;
        this.process = process;
        this.watchdog = watchdog;
        stdout = new Tail(process.getInputStream(), "kernel-stdout");
        stderr = new Tail(process.getErrorStream(), "kernel-stderr");
        hook = new Thread(this::kill, "kernel-killer");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a kernel; the leftovers are files that are deleted, like the connection file, if this JVM is killed. */
    static KernelProcess start(KernelSpec spec, Path folder, Map<String, String> environment, List<Path> leftovers)
            throws IOException, RunException {
        Connection connection = Connection.choose();
        Path file = connection.write(spec.name());
        List<String> command = spec.command(file);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File(WINDOWS ? "NUL" : "/dev/null")));
        spec.env().forEach((name, value) -> builder.environment().put(name, expand(value)));
        builder.environment().putAll(environment);
        builder.environment().put("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid()));
        Process process = null;
        try {
            process = builder.start();
            return new KernelProcess(spec, connection, file, process, watch(process, file, leftovers));
        } catch (IOException | IllegalStateException notStarted) {
            if (process != null) {
                process.destroyForcibly();
            }
            connection.release();
            Files.deleteIfExists(file);
            if (notStarted instanceof IllegalStateException) { // this JVM is ending, and takes no shutdown hook any more
                throw new RunException(
                        RunStatus.CANCELLED, "the run was cancelled while the kernel '" + spec.name() + "' was starting", notStarted);
            }
            throw new RunException(
                    RunStatus.NO_KERNEL,
                    "the kernel '" + spec.name() + "' did not start: " + notStarted.getMessage()
                            + "; its command is " + String.join(" ", command),
                    notStarted);
        }
    }

    /**
     * A shell that waits for the end of a pipe only this JVM holds open, and then kills the kernel and what its cells have
     * started (the latter where there is pgrep). Shutdown hooks do not run when a JVM is killed, and not every kernel looks
     * after its parent. A process that is stopped first starts no other.
     */
    private static Process watch(Process kernel, Path connectionFile, List<Path> leftovers) throws IOException {
        if (WINDOWS) {
            return null;
        }
        String script = """
                trap "" INT TERM HUP # which a terminal sends to the whole group of processes
                end_all() { kill -STOP "$1"; for child in $(pgrep -P "$1"); do end_all "$child"; done; kill -9 "$1"; }
                read -r end; [ "$end" = leave ] || { end_all "$0"; rm -f "$@"; }""";
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, Long.toString(kernel.pid()), connectionFile.toString()));
        leftovers.forEach(file -> command.add(file.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String expand(String value) {
        return VARIABLE.matcher(value).replaceAll(match -> {
            String inherited = System.getenv(match.group(1));
            return Matcher.quoteReplacement(inherited == null ? match.group() : inherited);
        });
    }

    Connection connection() {
        return connection;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean interruptByMessage() {
        return spec.interruptByMessage();
    }

    /** Sends SIGINT, or nothing where there are no signals. */
    void interrupt() {
        if (!WINDOWS && process.isAlive()) {
            try {
                new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException noShell) {
                // The caller escalates when the kernel does not obey.
            }
        }
    }

    /** How it died and what it said last: for the person who has to find out why. */
    String death() {
        int code = process.exitValue();
        StringBuilder text = new StringBuilder("exit code ").append(code);
        // Java, like the shell, gives 128 + the signal's number.
        switch (code) {
            case 134 -> text.append(" (SIGABRT)");
            case 137 -> text.append(" (SIGKILL; when the machine is short of memory, the system sends it)");
            case 139 -> text.append(" (SIGSEGV)");
            case 143 -> text.append(" (SIGTERM)");
            default -> { }
        }
        return text.append(lastWords()).toString();
    }

    /** The end of what it wrote to its own stderr, or else stdout. */
    String lastWords() {
        for (Map.Entry<String, Tail> stream : List.of(Map.entry("stderr", stderr), Map.entry("stdout", stdout))) {
            String tail = stream.getValue().text(process.isAlive()).strip();
            if (!tail.isEmpty()) {
                List<String> lines = tail.lines().toList();
                return "; the end of its " + stream.getKey() + ":\n    "
                        + String.join("\n    ", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
            }
        }
        return "; it wrote nothing to stderr";
    }

    /** Looks for the processes that its cells have started: once it has ended, no one can tell whose they were. */
    void findChildren() {
        children = process.descendants().toList();
    }

    /** Waits for the process to end by itself. */
    boolean awaitEnd(Duration time) {
        return uninterruptibly(time);
    }

    /** Ends it, if it still runs, with SIGTERM and, two seconds later, SIGKILL; and the processes of its cells. */
    @Override
    public void close() {
        if (process.isAlive()) {
            findChildren();
            process.destroy();
            if (!uninterruptibly(Duration.ofSeconds(2))) {
                process.destroyForcibly();
                uninterruptibly(Duration.ofSeconds(2));
            }
        }
        children.forEach(ProcessHandle::destroyForcibly);
        dismissWatchdog();
        connection.release();
        deleteConnectionFile();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already, and finds nothing left to do.
        }
    }

    /** The watchdog stays: this JVM may end before {@link #close}, in the middle of what it writes, and leaves its files to it. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        deleteConnectionFile();
    }

    private void dismissWatchdog() {
        if (watchdog != null) {
            try {
                watchdog.getOutputStream().write("leave\n".getBytes(StandardCharsets.US_ASCII));
                watchdog.getOutputStream().close();
            } catch (IOException gone) {
                // It has ended already.
            }
            watchdog.destroyForcibly();
        }
    }

    private void deleteConnectionFile() {
        try {
            Files.deleteIfExists(connectionFile);
        } catch (IOException keptByTheSystem) {
            connectionFile.toFile().deleteOnExit();
        }
    }

    private boolean uninterruptibly(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Reads a stream to its end, so that the kernel never blocks on it, and keeps the last 16 KiB. */
    private static final class Tail {
        private static final int KEPT = 16 * 1024;

        private final StringBuilder text = new StringBuilder();
        private final Thread reader;

        Tail(InputStream stream, String name) {
            reader = new Thread(() -> read(stream), name);
            reader.setDaemon(true);
            reader.start();
        }

        private void read(InputStream stream) {
            byte[] buffer = new byte[8192];
            try {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    synchronized (text) {
                        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                        if (text.length() > 2 * KEPT) {
                            text.delete(0, text.length() - KEPT);
                        }
                    }
                }
            } catch (IOException closed) {
                // The process has ended.
            }
        }

        String text(boolean more) {
            if (!more) {
                try {
                    reader.join(300); // a grandchild may hold the pipe open for ever
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
