package org.adadiff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command, its messages and its exit codes, with real kernels and real training. */
class AdadiffTest {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void capture() {
        System.setProperty("adadiff.home", Path.of("../..").toAbsolutePath().normalize().toString());
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
        System.clearProperty("adadiff.home");
    }

    private void expect(int exitCode, String message, Object... arguments) {
        int code = new Adadiff().execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(message), () -> "expected '" + message + "' in: " + text);
        assertEquals(exitCode, code, text);
    }

    private Path notebook(String name, String kernel, String... cells) throws IOException {
        List<Map<String, Object>> code = List.of(cells).stream().map(source -> Map.<String, Object>of("cell_type", "code",
                "metadata", source.contains("parameter") ? Map.of("tags", List.of("parameters")) : Map.of(),
                "source", source, "outputs", List.of())).toList();
        return Files.writeString(folder.resolve(name), new Gson().toJson(Map.of("nbformat", 4, "nbformat_minor", 4,
                "metadata", Map.of("kernelspec", Map.of("name", kernel, "display_name", kernel)), "cells", code)));
    }

    @Test
    void notebooksThatRunExitWith0AndAreWrittenWithOutputsAndPages() throws IOException {
        Path notebook = notebook("good.ipynb", "java", "int n = 1; // parameter", "n + 41");
        expect(0, "1 notebook passed, 0 failed", "notebooks", notebook, "-p", "n=2", "--html",
                "--junit", folder.resolve("junit.xml"), "--output-dir", folder.resolve("out"));
        assertTrue(Files.readString(folder.resolve("out/good.ipynb")).contains("\"43\""));
        assertTrue(Files.readString(folder.resolve("out/good.html")).contains("43"));
        assertTrue(Files.readString(folder.resolve("out/index.html")).contains("good.html"));
        assertTrue(Files.readString(folder.resolve("junit.xml")).contains("failures=\"0\""));
        assertFalse(Files.readString(notebook).contains("43"), "the notebook itself is left as it was");
    }

    @Test
    void theIndexOfPagesAndThePageOfANotebookOfThatNameAreTwo() throws IOException {
        Path file = Files.writeString(folder.resolve("index.ipynb"), "{\"cells\": 3}");
        expect(2, "index.ipynb", "notebooks", file, "--html", "--output-dir", folder.resolve("out"));
        assertTrue(Files.readString(folder.resolve("out/index.html")).contains("href=\"index.ipynb.html\""));
        assertTrue(Files.readString(folder.resolve("out/index.ipynb.html")).contains("expected"));
    }

    @Test
    void aFailingCellExitsWith1AndIsShown() throws IOException {
        Path notebook = notebook("bad.ipynb", "java", "int zero = 0;", "int n = 1;\nn / zero");
        expect(1, "ArithmeticException: / by zero", "notebooks", notebook, "--output-dir", folder.resolve("out"));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains(">    2 | n / zero"), printed.toString());
    }

    @Test
    void aDeviceThatIsNotThereExitsWith2AndSaysWhatIsMissing() {
        expect(2, "device gpu", "train", "--experiment", "ptb-lstm2", "--optimizer", "adadiff", "--profile", "smoke",
                "--seed", "1", "--device", "gpu:999", "--run-dir", folder.resolve("run"));
        assertTrue(Files.notExists(folder.resolve("run")), "nothing was begun");
    }

    @Test
    void aFileThatIsNoNotebookExitsWith2() throws IOException {
        Path file = Files.writeString(folder.resolve("no.ipynb"), "{\"cells\": 3}");
        expect(2, "no.ipynb", "notebooks", file, "--html", "--output-dir", folder.resolve("out"));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("0 of  0  " + file), "what was read is named, as nothing was written");
        assertTrue(Files.readString(folder.resolve("out/index.html")).contains("no.html"), "it is in the list of pages");
        assertTrue(Files.readString(folder.resolve("out/no.html")).contains("expected"), "its page says why");
    }

    @Test
    void notebooksThatWouldOverwriteEachOtherAreRefusedBeforeOneRuns() throws IOException {
        Path one = notebook("n.ipynb", "java", "1");
        Path other = Files.copy(one, Files.createDirectory(folder.resolve("b")).resolve("n.ipynb"));
        expect(2, "found " + one + " and " + other + ", which would both be written to " + folder.resolve("out/n.ipynb"),
                "notebooks", one, other, "--output-dir", folder.resolve("out"));
        expect(2, "both be written to " + folder.resolve("out/n.html"),
                "notebooks", one, other, "--in-place", "--html", "--output-dir", folder.resolve("out"));
        Path link = Files.createSymbolicLink(folder.resolve("link.ipynb"), one);
        expect(2, "both be written to " + one.toRealPath(), "notebooks", one, link, "--in-place");
        expect(2, "both run in " + folder.resolve("work/n"), "notebooks", one, other, "--in-place", "--work-dir", folder.resolve("work"));
        assertFalse(Files.exists(folder.resolve("work")), "nothing has run");
        assertFalse(Files.exists(folder.resolve("out")), "nothing has run");
    }

    @Test
    void badUsageExitsWith2BeforeANotebookRuns() throws IOException {
        Path notebook = notebook("good.ipynb", "java", "1");
        expect(2, "no such file: " + folder.resolve("missing.ipynb"), "notebooks", notebook, folder.resolve("missing.ipynb"),
                "--output-dir", folder.resolve("out"));
        expect(2, "found an empty name", "notebooks", "", "--output-dir", folder.resolve("out"));
        expect(2, "--timeout: expected seconds", "notebooks", notebook, "--timeout", "-1", "--output-dir", folder.resolve("out"));
        expect(2, "--cell-timeout: expected seconds", "notebooks", notebook, "--cell-timeout", "NaN",
                "--output-dir", folder.resolve("out"));
        expect(2, "--junit: expected a file that can be written, found " + folder, "notebooks", notebook, "--junit", folder,
                "--output-dir", folder.resolve("out"));
        expect(2, "-p: expected name=value, found 'n'", "notebooks", notebook, "-p", "n", "--output-dir", folder.resolve("out"));
        assertFalse(Files.exists(folder.resolve("out")), "nothing has run");
    }

    @Test
    void aFolderToWorkInThatCannotBeMadeIsNotTakenForTheOutput() throws IOException {
        Path notebook = notebook("good.ipynb", "java", "1");
        expect(2, "cannot make the working directory: java.nio.file.FileSystemException: " + notebook.resolve("good"),
                "notebooks", notebook, "--work-dir", notebook, "--output-dir", folder.resolve("out"));
    }

    @Test
    void aParameterMayHoldQuotesAndEqualsSigns() throws IOException {
        Path notebook = notebook("p.ipynb", "java", "String s = \"\"; // parameter", "s");
        expect(0, "1 notebook passed", "notebooks", notebook, "-p", "s=a\"b=c", "--output-dir", folder.resolve("out"));
        assertTrue(Files.readString(folder.resolve("out/p.ipynb")).contains("\"a\\\"b=c\""), "as it was given");
        assertFalse(printed.toString(StandardCharsets.UTF_8).contains("WARN"), printed.toString());
    }

    @Test
    void anUnknownParameterExitsWith2AndListsTheKnownOnes() throws IOException {
        Path notebook = notebook("p.ipynb", "java", "int epochs = 1; // parameter");
        expect(2, "epochs", "notebooks", notebook, "-p", "epoch=2", "--output-dir", folder.resolve("out"));
    }

    @Test
    void aCellThatTakesTooLongExitsWith3() throws IOException {
        Path notebook = notebook("slow.ipynb", "java", "Thread.sleep(60_000);");
        expect(3, "timed out", "notebooks", notebook, "--cell-timeout", "1", "--output-dir", folder.resolve("out"));
    }

    @Test
    void aKernelThatDiesExitsWith4() throws IOException {
        Path notebook = notebook("dead.ipynb", "java", // System.exit and Runtime.halt end the cell only
                "new ProcessBuilder(\"kill\", \"-9\", \"\" + ProcessHandle.current().pid()).start().waitFor(); Thread.sleep(9999);");
        expect(4, "exit code 137", "notebooks", notebook, "--output-dir", folder.resolve("out"));
    }

    /** As a CI system ends a job that takes too long, or that is not needed any more. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aRunThatIsToldToEndWritesItsReportsFirst() throws IOException, InterruptedException {
        Path slow = notebook("slow.ipynb", "java", "int n = 1;", "System.out.println(\"begun\"); Thread.sleep(60_000);");
        Path next = notebook("unused.ipynb", "java", "1");
        Path junit = folder.resolve("junit.xml");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "org.adadiff.cli.Adadiff", "notebooks", slow.toString(), next.toString(), "--log",
                "--output-dir", folder.resolve("out").toString(), "--junit", junit.toString(), "--html")
                .redirectErrorStream(true).start();
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                text.append(line).append('\n');
                if (line.endsWith("| begun")) {
                    process.toHandle().destroy(); // SIGTERM
                }
            }
        }
        assertEquals(143, process.waitFor(), text.toString());
        assertTrue(text.toString().contains("cancelled in cell 2") && text.toString().contains("0 notebooks passed, 2 failed"), text.toString());
        String report = Files.readString(junit);
        assertTrue(report.contains("tests=\"2\" failures=\"0\" errors=\"1\"") && report.contains("message=\"the run was cancelled before it began\""), report);
        assertTrue(Files.readString(folder.resolve("out/index.html")).contains("unused.ipynb"));
    }

    @Test
    void aKernelThatIsNotInstalledExitsWith5() throws IOException {
        Path notebook = notebook("other.ipynb", "no-such-language", "1");
        expect(5, "no-such-language", "notebooks", notebook, "--output-dir", folder.resolve("out"));
    }

    @Test
    void badNotebooksExitWith2() throws IOException {
        Path notebook = notebook("good.ipynb", "java", "1");
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("gone.ipynb"), Path.of("nowhere.ipynb"));
        expect(2, "gone.ipynb", "notebooks", links, "--output-dir", folder.resolve("out"));
        expect(2, "expected another file to write to", "notebooks", notebook, "--compare", "--in-place");
    }

    @Test
    void anOutputThatIsNotTheStoredOneExitsWith7() throws IOException {
        Path notebook = notebook("stored.ipynb", "java", "int n = 1;\nn / 3.0");
        expect(0, "1 notebook passed", "notebooks", notebook, "--in-place");
        Files.writeString(notebook, Files.readString(notebook).replace("int n = 1;", "int n = 2;"));
        expect(7, "text/plain of display 1 differs", "notebooks", notebook, "--compare", "--tolerance", "0.1", "--annotations",
                "--output-dir", folder.resolve("out"), "--junit", folder.resolve("junit.xml"));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("::error file=" + notebook + ",line="), printed.toString());
        assertTrue(Files.readString(folder.resolve("junit.xml")).contains("failures=\"1\""));
    }

    /** A line that begins with two colons is a command to GitHub. */
    @Test
    void whatCellsPrintIsNoCommandToGitHub() throws IOException {
        Path notebook = notebook("colons.ipynb", "java", "System.out.println(\"::error::made up\"); throw new Exception(\"\\n::add-mask::x\");");
        expect(1, "::error::made up", "notebooks", notebook, "--log", "--annotations", "--output-dir", folder.resolve("out"));
        String text = printed.toString(StandardCharsets.UTF_8);
        String stop = text.lines().filter(line -> line.startsWith("::stop-commands::")).findFirst().orElseThrow();
        int resumed = text.indexOf("\n::" + stop.substring("::stop-commands::".length()) + "::");
        assertTrue(text.indexOf(stop) < text.indexOf("::error::made up") && text.lastIndexOf("\n::add-mask::") < resumed, text);
        assertTrue(text.indexOf("::error file=") > resumed, text);
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeTheRun() throws IOException {
        Path notebook = notebook("p.ipynb", "java", "1");
        Path file = Files.writeString(folder.resolve("file"), "");
        for (Path junit : List.of(file.resolve("junit.xml"), file.resolve("deeper/junit.xml"))) {
            expect(2, "--junit: expected a file that can be written, found " + junit, "notebooks", notebook, "--junit", junit);
        }
        assertFalse(printed.toString(StandardCharsets.UTF_8).contains("passed"), printed.toString());
    }

    @Test
    void errorsAreAllowedOrAskedForByOption() throws IOException {
        Path failing = notebook("failing.ipynb", "java", "1 / 0", "6 * 7");
        expect(0, "1 notebook passed", "notebooks", failing, "--allow-errors", "--output-dir", folder.resolve("out"));
        String out = Files.readString(folder.resolve("out/failing.ipynb"));
        assertTrue(out.contains("ArithmeticException") && out.contains("\"42\""), out);
        Path tagged = notebook("tagged.ipynb", "java", "6 * 7");
        Files.writeString(tagged, Files.readString(tagged).replace("\"metadata\":{}", "\"metadata\":{\"tags\":[\"raises-exception\"]}"));
        expect(0, "1 notebook passed", "notebooks", tagged, "--output-dir", folder.resolve("out"));
        expect(1, "NothingRaised: the cell is tagged raises-exception and raised none", "notebooks", tagged, "--strict",
                "--output-dir", folder.resolve("out"));
    }

    @Test
    void textOfACellIsCutWhereTheOptionSays() throws IOException {
        Path notebook = notebook("long.ipynb", "java", "for (int i = 0; i < 100; i++) System.out.println(\"line\");");
        expect(0, "the cell has written 12 characters; what it writes from here on is left out", "notebooks", notebook,
                "--max-output", 12, "--output-dir", folder.resolve("out"));
        assertTrue(Files.readString(folder.resolve("out/long.ipynb")).replaceAll("\\s", "")
                .contains("\"text\":[\"line\\n\",\"line\\n\",\"li\\n\",\"[thecellhaswritten"), Files.readString(folder.resolve("out/long.ipynb")));
        expect(2, "an output limit must be at least one character, found 0", "notebooks", notebook, "--max-output", 0);
    }

    @Test
    void aKernelThatStartsTooSlowlyExitsWith5() throws IOException {
        Path notebook = notebook("start.ipynb", "java", "1");
        expect(5, "did not listen on its ports within 0.1 s", "notebooks", notebook, "--start-timeout", 0.1, "--output-dir", folder.resolve("out"));
        expect(0, "1 notebook passed", "notebooks", notebook, "--start-timeout", 0, "--output-dir", folder.resolve("out"));
        expect(2, "--start-timeout: expected seconds", "notebooks", notebook, "--start-timeout", -1);
    }

    @Test
    void parametersAreListedAndTakenFromAFile() throws IOException {
        Path notebook = notebook("p.ipynb", "java", "int n = 1; String s = \"a\"; // parameter", "System.out.println(s + n);");
        Path file = Files.writeString(folder.resolve("p.yaml"), "n: 2\ns: from the file\n");
        expect(0, notebook + ":" + System.lineSeparator() + "    n: int = 1", "notebooks", "--inspect", notebook);
        expect(0, "p.ipynb | from the file3", "notebooks", notebook, "-f", file, "-p", "n=3", "--log", "--output-dir", folder.resolve("out"));
    }

    @Test
    void parallelNotebooksEachHaveAFolderToWorkIn() throws IOException {
        String cell = "java.nio.file.Files.writeString(java.nio.file.Path.of(\"here\"), \"x\");";
        Path one = notebook("one.ipynb", "java", cell);
        Path two = notebook("two.ipynb", "java", cell, "1 +");
        expect(1, "failed", "notebooks", one, two, "--jobs", "2", "--work-dir", folder.resolve("work"), "--output-dir", folder.resolve("out"));
        assertTrue(Files.exists(folder.resolve("work/one/here")) && Files.exists(folder.resolve("work/two/here")));
        assertFalse(Files.exists(folder.resolve("here")));
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("1 notebook passed, 1 failed"), printed.toString());
    }

    @Test
    void aNotebookIsOnlyOverwrittenWhenThatIsAskedFor() throws IOException {
        Path notebook = notebook("own.ipynb", "java", "1");
        String before = Files.readString(notebook);
        expect(2, "--in-place writes the outputs into the notebook itself", "notebooks", notebook, "--output-dir", folder);
        expect(2, "expected no --output-dir", "notebooks", notebook, "--in-place", "--output-dir", folder.resolve("out"));
        assertEquals(before, Files.readString(notebook));
    }

    @Test
    void aMissingOptionExitsWith2AndNamesIt() {
        expect(2, "Missing required option: '--profile=NAME'", "train", "--experiment", "ptb-lstm2");
        expect(2, "expected one --experiment, one --optimizer and one --seed, found [ptb-lstm2], [] and []", "train",
                "--experiment", "ptb-lstm2", "--profile", "smoke");
    }

    @Test
    void missingDataExitWith2AndSayHowToGetThem() {
        expect(2, "adadiff: Penn Treebank not found", "train", "--experiment", "ptb-lstm2", "--optimizer", "adadiff", "--profile", "reduced",
                "--seed", 1, "--data", folder, "--run-dir", folder.resolve("run"));
        assertFalse(Files.exists(folder.resolve("run")), "a run that cannot begin leaves no folder");
    }

    @Test
    void aFileInThePlaceOfTheRunFolderIsRefusedInWords() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        expect(2, "adadiff: " + file + ": file already exists", "train", "--experiment", "ptb-lstm2", "--optimizer", "adam",
                "--profile", "smoke", "--seed", 1, "--data", folder, "--run-dir", file);
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void trainingWritesTheRunFolderAndRefusesToOverwriteIt() throws IOException {
        Object[] command = {"train", "--experiment", "ptb-lstm2", "--optimizer", "adam", "--profile", "smoke", "--seed", 1,
            "--max-steps", 2, "--data", folder, "--run-dir", folder.resolve("run")};
        expect(0, "on generated sample data", command);
        String metrics = Files.readString(folder.resolve("run/metrics.csv"));
        expect(2, "holds a run already", command);
        assertEquals(metrics, Files.readString(folder.resolve("run/metrics.csv")));
    }

    @Test
    void aReportIsWrittenAndSaysWhetherItIsComplete() throws IOException {
        expect(0, "0 runs of profile paper; 0 numbers compared with their run folders; 72 runs missing", "report", "--profile", "paper",
                "--runs", folder.resolve("none"), "--output-dir", folder.resolve("report"));
        assertTrue(Files.readString(folder.resolve("report/index.html")).contains("not run"));
        expect(1, "not run: ptb-lstm3, SGD, seed 3", "report", "--require-complete", "--runs", folder.resolve("none"),
                "--output-dir", folder.resolve("report"));
        expect(0, "| Penn Treebank, 2-layer LSTM | AdaDiff | 65.26 ± 0.07 | not run | – | 0 | – |", "report", "--markdown",
                "--runs", folder.resolve("none"));
        Files.writeString(Files.createDirectories(folder.resolve("runs/r")).resolve("run.json"), "{}");
        Files.writeString(folder.resolve("runs/r/metrics.csv"), "");
        expect(2, "run.json: expected a value for 'seed', found null", "report", "--runs", folder.resolve("runs"));
    }

    @Test
    void samplesAreWrittenAndVerified() {
        expect(0, "sample", "data", "sample", "--data", folder);
        expect(0, "CIFAR-10: generated sample", "data", "verify", "--data", folder);
        expect(2, "CIFAR-10: missing", "data", "verify", "--data", folder.resolve("nothing"));
    }

    @Test
    void theKernelIsInstalledListedAndUninstalled() {
        expect(0, "kernel.json", "kernel", "install", "--kernels-dir", folder, "--name", "mine");
        expect(0, "mine", "kernel", "list", "--kernels-dir", folder);
        expect(0, "", "kernel", "uninstall", "--kernels-dir", folder, "--name", "mine");
        expect(2, "found none", "kernel", "uninstall", "--kernels-dir", folder, "--name", "mine");
    }

    @Test
    void benchmarksRefuseBadUsageBeforeTheyMeasure() {
        expect(2, "Unmatched argument at index 1: 'speed'", "bench", "speed");
        expect(2, "--threads and --rounds: expected at least 1, found 0 and 3", "bench", "startup", "--threads", 0);
    }

    @Test
    void aBenchmarkWithoutItsDataExitsWith2AndLeavesNoResult() {
        expect(2, "Trial evaluation LSTM2 2100: expected exit code 0, found 2", "bench", "evaluation", "--network", "lstm2", "--data", folder.resolve("none"), "--csv",
                folder.resolve("bench.csv"));
        assertFalse(Files.exists(folder.resolve("bench.csv")));
    }
}
