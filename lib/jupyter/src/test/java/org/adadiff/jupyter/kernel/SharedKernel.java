package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a class share one kernel, so each uses names of its own. */
abstract class SharedKernel {
    @TempDir static Path folder;
    static KernelProcess kernel;

    @BeforeAll
    static void startKernel() throws IOException {
        kernel = KernelProcess.start(folder, Map.of());
    }

    @AfterAll
    static void stopKernel() {
        kernel.close();
    }

    static Executed ok(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("ok", executed.status(), () -> executed.ename() + "\n" + executed.traceback());
        return executed;
    }

    static Executed fails(String code) {
        Executed executed = kernel.execute(code);
        assertEquals("error", executed.status(), executed.reply().toString());
        assertEquals(1, executed.contents("error").size(), "one error message is published");
        return executed;
    }
}
