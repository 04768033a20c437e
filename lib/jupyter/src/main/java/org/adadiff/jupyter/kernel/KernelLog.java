package org.adadiff.jupyter.kernel;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The kernel's own messages: to the standard error of the process, past the stream that cells write to. */
final class KernelLog {
    private static final PrintStream STDERR =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    private KernelLog() {}

    static void warn(String message) {
        STDERR.println("[adadiff kernel] " + message);
    }
}
