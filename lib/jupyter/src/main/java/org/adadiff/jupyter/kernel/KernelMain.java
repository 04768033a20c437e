package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.nio.file.Path;

/** Starts the kernel: {@code java … org.adadiff.jupyter.kernel.KernelMain CONNECTION_FILE}. */
public final class KernelMain {
    private static final int BAD_USAGE = 2;

    private KernelMain() {}

    /**
     * Runs until the frontend asks for a shutdown, or is gone.
     *
     * @param arguments the connection file that the frontend has written
     */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            KernelLog.warn("usage: KernelMain CONNECTION_FILE");
            System.exit(BAD_USAGE);
        }
        try {
            ParentWatch parent = new ParentWatch(System.getenv("JPY_PARENT_PID"));
            KernelArchive.makeInBackground();
            KernelServer server = new KernelServer(ConnectionFile.read(Path.of(arguments[0])), System.getenv());
            parent.start(() -> server.exit(1));
            server.run();
        } catch (IOException | RuntimeException e) {
            KernelLog.warn("cannot start: " + e.getMessage());
            System.exit(BAD_USAGE);
        }
    }
}
