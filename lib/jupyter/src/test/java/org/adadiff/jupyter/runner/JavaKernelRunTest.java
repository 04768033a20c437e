package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.cell;
import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.outputs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runner with this project's own kernel, not installed anywhere. */
@Timeout(120)
class JavaKernelRunTest {
    static final KernelSpec SPEC = KernelSpec.ofThisClassPath();
    private static final RunOptions OPTIONS = RunOptions.DEFAULT.withKernel(SPEC);

    @TempDir
    private Path folder;

    @Test
    void javaNotebookRunsWithParametersFromItsFirstCellToItsLast() throws InterruptedException {
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"),
                code("int epochs = 1; double rate = 1e-3;\nString name = \"smoke\";", "parameters"),
                code("System.out.println(name + \" \" + epochs + \" \" + rate);"),
                code("epochs + 1"),
                code("String id = display(\"first\");"),
                code("updateDisplay(id, \"second\");"),
                code("throw new IllegalStateException(\"expected\");", "raises-exception"),
                code("System.err.print(\"last\");"));
        RunOptions options = OPTIONS.withParameter("epochs", "41").withParameter("name", "full \"size\"");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), options, RunListener.SILENT);
        Path out = result.output();
        assertEquals(RunStatus.DONE, result.status(), () -> result.message());
        assertEquals(List.of("stdout:full \"size\" 41 0.001\n"), outputs(out, 3), "cell 2 is the injected one");
        assertEquals(List.of("result " + cell(out, 4).get("execution_count") + ":42"), outputs(out, 4));
        assertEquals(List.of("display:second"), outputs(out, 5));
        assertEquals(List.of("error:java.lang.IllegalStateException"), outputs(out, 7));
        assertEquals(List.of("stderr:last"), outputs(out, 8));
        assertEquals("Java", NotebookFiles.read(out).getAsJsonObject("metadata").getAsJsonObject("language_info").get("name").getAsString());
    }

    @Test
    void cellsSeeTheClassPathOfTheBuild() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), RunStatus.class.getName() + ".DONE.exitCode()");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS, RunListener.SILENT);
        assertEquals(RunStatus.DONE, result.status(), () -> result.message());
        assertEquals(List.of("result 1:0"), outputs(result.output(), 1));
    }

    @Test
    void failingLineOfJavaIsShown() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "int zero = 0;", "int one = 1;\nint x = one / zero;");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS, RunListener.SILENT);
        assertEquals(RunStatus.CELL_FAILED, result.status());
        String report = FailureReport.of(result);
        assertTrue(report.contains(">    2 | int x = one / zero;"), report);
        assertTrue(report.contains("java.lang.ArithmeticException: / by zero"), report);
    }

    @Test
    void waitingCellIsInterruptedAtTheTimeOutAndSaysWhere() throws InterruptedException {
        Path notebook = NotebookFiles.write(folder.resolve("n.ipynb"), "System.out.println(\"before\");\nThread.sleep(60_000);");
        RunResult result = NotebookRunner.run(
                notebook, folder.resolve("out.ipynb"), OPTIONS.withCellTimeout(Duration.ofSeconds(3)), RunListener.SILENT);
        assertEquals(RunStatus.TIMED_OUT, result.status());
        assertEquals("cell 1: not done within 3 s; interrupted", result.message());
        List<String> outputs = outputs(result.output(), 1);
        assertEquals("stdout:before\n", outputs.get(0));
        assertEquals("error:TimedOut", outputs.get(outputs.size() - 1));
        assertEquals(3, outputs.size(), "the kernel's own error stands between: " + outputs);
    }

    // System.exit and Runtime.halt end the cell only
    private static final String KILL_ITSELF =
            "new ProcessBuilder(\"kill\", \"-9\", \"\" + ProcessHandle.current().pid()).start().waitFor(); Thread.sleep(9999);";

    @Test
    void cellThatKillsTheJvmIsReportedAsTheKernelsDeath() throws InterruptedException {
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"), "System.out.println(\"kept\");", KILL_ITSELF, "1");
        RunResult result = NotebookRunner.run(notebook, folder.resolve("out.ipynb"), OPTIONS, RunListener.SILENT);
        assertEquals(RunStatus.KERNEL_DIED, result.status());
        assertTrue(result.message().startsWith("cell 2: the kernel died: exit code 137"), result.message());
        assertEquals(List.of("stdout:kept\n"), outputs(result.output(), 1));
        assertEquals(List.of("error:KernelDied"), outputs(result.output(), 2));
    }
}
