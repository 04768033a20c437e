package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.adadiff.jupyter.kernel.KernelProcess.Executed;
import org.junit.jupiter.api.Test;

/** Code that shows values and fails at it, through the wire: the cell says so, and the next one runs. */
class FailingRenderersTest extends SharedKernel {
    @Test
    void errorOfARegisteredRendererIsTheCells() {
        ok("import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;");
        Map<String, String> errorByBody = Map.of(
                "throw new IllegalStateException(\"no picture\");", "java.lang.IllegalStateException",
                "throw new Error(\"no picture\");", "java.lang.Error",
                "throw new ExceptionInInitializerError(\"no picture\");", "java.lang.ExceptionInInitializerError",
                "deeper(1);", "java.lang.StackOverflowError",
                "Object room = new int[Integer.MAX_VALUE];", "java.lang.OutOfMemoryError",
                "System.exit(3);", "CellExit");
        ok("int deeper(int n) { return deeper(n + 1) + 1; }");
        errorByBody.forEach((body, error) -> {
            ok("class Shown { String body() { return \"" + error + "\"; } public String toString() { return \"text\"; } }\n"
                    + "getKernelInstance().getRenderer().createRegistration(Shown.class).preferring(MIMEType.TEXT_HTML)\n"
                    + "    .register((shown, context) -> { " + body + " });");
            for (String cell : List.of("new Shown()", "display(new Shown());", "render(new Shown(), \"text/html\")")) {
                Executed executed = fails(cell);
                assertEquals(error, executed.ename(), cell);
                assertTrue(executed.traceback().contains(error), executed.traceback());
                assertEquals("2", ok("1 + 1").text());
            }
        });
    }

    @Test
    void extensionThatFailsLeavesTheValuesAndTheOtherExtensions() throws IOException {
        List<String> failing = List.of("throw new IllegalStateException(\"not today\");", "throw new Error(\"not today\");",
                "Object[] none = {}; none[1] = none;");
        for (int i = 0; i < failing.size(); i++) {
            TestLibrary.extension(folder.resolve("failing" + i), "Failing" + i, failing.get(i));
        }
        Files.writeString(Files.createDirectories(folder.resolve("absent/META-INF/services")).resolve(DisplayExtension.class.getName()),
                "lib.Absent\nno name at all\n");
        TestLibrary.extension(folder.resolve("working"), "Working",
                "renderer.createRegistration(Working.class).preferring(MIMEType.TEXT_HTML)"
                        + ".register((shown, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> \"<b>works</b>\"));");
        Executed executed = ok("%classpath failing0 failing1 failing2 absent working\nnew lib.Working()");
        assertEquals("<b>works</b>",
                executed.contents("execute_result").get(0).getAsJsonObject("data").get("text/html").getAsString());
        assertTrue(executed.stream("stderr").contains("IllegalStateException: not today"), executed.stream("stderr"));
        assertTrue(executed.stream("stderr").contains("java.lang.Error: not today"), executed.stream("stderr"));
        assertTrue(executed.stream("stderr").contains("ArrayIndexOutOfBoundsException"), executed.stream("stderr"));
        assertEquals("", ok("new lib.Working()").stream("stderr"), "it is said once");
    }
}
