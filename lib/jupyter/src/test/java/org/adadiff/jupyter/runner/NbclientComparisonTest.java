package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.markdown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same notebooks through nbclient and through this runner, with the same kernel. */
@Timeout(120)
class NbclientComparisonTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String NBCLIENT = """
            import sys, nbformat, nbclient
            notebook = nbformat.read(sys.argv[1], 4)
            nbclient.NotebookClient(notebook, kernel_name=sys.argv[4], timeout=60, allow_errors=True).execute()
            nbformat.write(notebook, sys.argv[2])
            nbformat.validate(nbformat.read(sys.argv[3], 4))
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void nbclientIsThere() throws InterruptedException, IOException {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON)) && python("-c", "import nbclient, ipykernel") == 0,
                PYTHON + " with nbclient and ipykernel is not installed");
    }

    @Test
    void outputsEqualThoseOfNbclient() throws InterruptedException, IOException {
        compare("python3", RunOptions.DEFAULT.withKernel("python3"), NotebookFiles.write(
                folder.resolve("n.ipynb"),
                markdown("# text"),
                code("import sys\nfor i in range(3): print(i)\nprint('err', file=sys.stderr)\n'ü 😀'"),
                code("from IPython.display import *\nh = display('first', display_id='a')\ndisplay('again', display_id='a')"),
                code("h.update('second'); 7"),
                code("for i in range(3):\n    clear_output(wait=True); print(i)"),
                code("print('gone'); clear_output(); print('stays')"),
                code("print('stays'); clear_output(wait=True)"),
                code("display('x', display_id='b'); clear_output(wait=True); display('y', display_id='b')"),
                code("update_display(HTML('<b>\\n</b>'), display_id='b')"),
                code("handle = display('x', display_id='c'); clear_output()"),
                code("handle.update('is cleared')"),
                code("display(1, display_id='d'); display(2, display_id='e'); display(3, display_id='d')"),
                code("display(4, display_id='e'); update_display(5, display_id='e'); display(6, display_id='d')"),
                code("display({'application/json': {'a': [1]}, 'text/plain': 'p', 'image/png': 'AA\\nBB\\n', "
                        + "'image/svg+xml': '<svg>\\n</svg>', 'application/vnd.x+json': 'a\\nb'}, raw=True)"),
                code("display(SVG(data='<svg height=\"9\"></svg>'), metadata={'isolated': True}); Latex('$x$')"),
                code("print('10%\\r20%\\r\\n☃\\x0bend', end=''); sys.stdout.flush(); print('  tail\\n\\n')"),
                code("display({'image/png': 'A' * 200_000, 'application/json': ['\\u2028' * 100_000, 1], "
                        + "'text/html': 'ü<\\n\\\"😀\\r\\n\\\\' * 50_000, 'text/plain': 'x' * 300_000}, raw=True, metadata={'m': 'y' * 70_000})"),
                code("print('☃\\r\\nlong ' * 40_000); print('z' * 150_000, file=sys.stderr); 'r' * 100_000"),
                code("raise ValueError('boo')", "raises-exception"),
                code("# üñîçø∂é\nraise Exception('message')"),
                code("def broken(:"),
                code("input('name: ')", "raises-exception", "no-comparison"),
                code("never", "skip-execution"),
                code(" \n"),
                code("get_ipython().history_manager.hist_file"),
                code("from ipykernel.comm import Comm\nComm('no-one-handles-this', data={'id': 'foo'}).send(data={'id': 'bar'})"),
                code("w = Comm('jupyter.widget', comm_id='w', data={'state': {'_model_name': 'LabelModel', "
                        + "'_model_module': '@jupyter-widgets/controls', 'value': 'a'}, 'buffer_paths': [['b'], ['c']]}, buffers=[b'x', b'yy'])"),
                code("w.send({'method': 'update', 'state': {'value': 'b'}, 'buffer_paths': [['c']]}, buffers=[b'zzz'])\n"
                        + "w.send({'method': 'custom', 'content': {'state': 1}})"),
                code("""
                        o = Comm('jupyter.widget', comm_id='o', data={'buffer_paths': [], 'state': {'outputs': [], 'msg_id': '',
                            '_model_name': 'OutputModel', '_model_module': '@jupyter-widgets/output', '_model_module_version': '1.0.0'}})
                        def capture(on):
                            sys.stdout.flush()
                            id = get_ipython().kernel.get_parent()['header']['msg_id'] if on else ''
                            o.send({'method': 'update', 'state': {'msg_id': id}, 'buffer_paths': []})"""),
                code("print('before'); capture(True); print('in', flush=True); print('side', flush=True)\n"
                        + "display('shown'); capture(False); print('after')"),
                code("capture(True); print('new', flush=True); clear_output(wait=True); print('newer', flush=True); capture(False); 3")));
    }

    @Test
    void outputsOfTheJavaKernelEqualThoseOfNbclientToo() throws InterruptedException, IOException {
        KernelSpec spec = JavaKernelRunTest.SPEC;
        JsonObject json = new JsonObject();
        json.add("argv", new Gson().toJsonTree(spec.argv()));
        json.addProperty("display_name", "Java");
        json.addProperty("language", "java");
        json.addProperty("interrupt_mode", "message");
        Path kernel = Files.createDirectories(folder.resolve("kernels/java-test"));
        Files.writeString(kernel.resolve("kernel.json"), json.toString());
        compare("java-test", RunOptions.DEFAULT.withKernel(spec), NotebookFiles.write(
                folder.resolve("n.ipynb"),
                code("int a = 41;\nSystem.out.println(\"ü 😀\");\nSystem.err.println(\"err\");\na + 1"),
                code("String id = display(\"first\");"),
                code("updateDisplay(id, \"second\"); for (int i = 0; i < 300; i++) System.out.println(i);"),
                code("display(\"<b>ü\\n\".repeat(50_000)); System.out.print(\"q\".repeat(200_000));"),
                code("throw new IllegalStateException(\"expected\");", "raises-exception"),
                code("int broken ="),
                code("never", "skip-execution"),
                code("List.of(1, 2)")));
    }

    /** nbformat's reader mends what it can; its validator alone does not. */
    private static final String VALIDATE = """
            import sys, json, nbformat
            for file in sys.argv[1:]:
                notebook = json.load(open(file))
                nbformat.validate(notebook, relax_add_props=False, repair_duplicate_cell_ids=False)
            """;

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 5})
    void filesAreValidInTheirOwnMinorVersion(int minor) throws InterruptedException, IOException {
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"), markdown("# text"),
                code("int n = 1;", "parameters"),
                code("System.out.println(n);\nSystem.err.println(\"\");\ndisplay(\"<b>\", \"text/html\");\nclearOutput(true); n"),
                code("display(new io.github.spencerpark.jupyter.kernel.display.DisplayData(\"d\")); throw new Exception(\"x\");"),
                code(""), code("never", "skip-execution"), code("while (true) { }"));
        JsonObject json = NotebookFiles.read(notebook);
        json.addProperty("nbformat_minor", minor);
        NotebookFiles.rewrite(notebook, json);
        Path ours = folder.resolve("ours.ipynb");
        RunResult result = NotebookRunner.run(notebook, ours, RunOptions.DEFAULT.withKernel(JavaKernelRunTest.SPEC).withErrorsAllowed(true)
                .withParameter("n", "2").withCellTimeout(Duration.ofSeconds(5)), RunListener.SILENT);
        assertEquals(RunStatus.TIMED_OUT, result.status(), () -> result.message());
        JsonObject written = NotebookFiles.read(ours);
        assertEquals(minor, written.get("nbformat_minor").getAsInt());
        written.getAsJsonArray("cells").forEach(cell -> assertEquals(minor >= 5, cell.getAsJsonObject().has("id")));
        assertEquals(0, python("-c", VALIDATE, ours.toString()));
        written.getAsJsonArray("cells").get(0).getAsJsonObject().addProperty("outputs", "no");
        assertNotEquals(0, python("-c", VALIDATE, NotebookFiles.rewrite(ours, written).toString()), "the validator looks");
    }

    private void compare(String kernel, RunOptions options, Path notebook) throws InterruptedException, IOException {
        Path ours = folder.resolve("ours.ipynb");
        RunResult result = NotebookRunner.run(notebook, ours, options.withErrorsAllowed(true), RunListener.SILENT);
        assertEquals(RunStatus.DONE, result.status(), () -> result.message());
        Path theirs = folder.resolve("theirs.ipynb");
        assertEquals(0, python("-c", NBCLIENT, notebook.toString(), theirs.toString(), ours.toString(), kernel), "and ours is valid");
        JsonArray expected = comparable(theirs).getAsJsonArray("cells");
        JsonArray found = comparable(ours).getAsJsonArray("cells");
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), found.get(i), "cell " + (i + 1));
        }
        assertEquals(comparable(theirs), comparable(ours));
    }

    private int python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JUPYTER_PATH", folder.toString());
        return builder
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Without times; with pieces of one stream merged, which nbclient leaves as the kernel happened to send them. */
    private static JsonObject comparable(Path file) {
        JsonObject notebook = NotebookFiles.read(file);
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            JsonObject execution = cell.getAsJsonObject("metadata").getAsJsonObject("execution");
            if (execution != null) {
                execution.keySet().forEach(key -> assertTrue(!execution.get(key).getAsString().isEmpty(), key));
                execution.entrySet().forEach(entry -> execution.addProperty(entry.getKey(), "time"));
            }
            cell.addProperty("source", MultilineText.join(cell.get("source")));
            JsonArray tags = cell.getAsJsonObject("metadata").getAsJsonArray("tags");
            if (tags != null && tags.contains(new JsonPrimitive("no-comparison"))) {
                cell.add("outputs", new JsonArray()); // the kernel's frames name this machine's files
            }
            if (cell.has("outputs")) {
                cell.add("outputs", merged(cell.getAsJsonArray("outputs")));
            }
        }
        return notebook;
    }

    private static JsonArray merged(JsonArray outputs) {
        JsonArray merged = new JsonArray();
        for (JsonElement element : outputs) {
            JsonObject output = element.getAsJsonObject();
            if (output.has("text")) {
                output.addProperty("text", MultilineText.join(output.get("text")));
                JsonObject last = merged.isEmpty() ? new JsonObject() : merged.get(merged.size() - 1).getAsJsonObject();
                if (last.has("text") && last.get("name").equals(output.get("name"))) {
                    last.addProperty("text", last.get("text").getAsString() + output.get("text").getAsString());
                    continue;
                }
            }
            merged.add(output);
        }
        return merged;
    }
}
