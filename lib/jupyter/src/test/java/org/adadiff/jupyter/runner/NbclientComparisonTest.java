package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.markdown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same notebook through nbclient and through this runner, with IPython's kernel. */
@Timeout(120)
class NbclientComparisonTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String NBCLIENT = """
            import sys, nbformat, nbclient
            notebook = nbformat.read(sys.argv[1], 4)
            nbclient.NotebookClient(notebook, kernel_name='python3', timeout=60).execute()
            nbformat.write(notebook, sys.argv[2])
            nbformat.validate(nbformat.read(sys.argv[3], 4))
            """;

    @TempDir
    private Path folder;

    @Test
    void outputsEqualThoseOfNbclient() throws InterruptedException, IOException {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON)) && python("-c", "import nbclient, ipykernel") == 0,
                PYTHON + " with nbclient and ipykernel is not installed");
        Path notebook = NotebookFiles.write(
                folder.resolve("n.ipynb"),
                markdown("# text"),
                code("import sys\nfor i in range(3): print(i)\nprint('err', file=sys.stderr)\n'ü 😀'"),
                code("from IPython.display import *\nh = display('first', display_id='a')\ndisplay('again', display_id='a')"),
                code("h.update('second'); 7"),
                code("for i in range(3):\n    clear_output(wait=True); print(i)"),
                code("print('gone'); clear_output(); print('stays')"),
                code("display('x', display_id='b'); clear_output(wait=True); display('y', display_id='b')"),
                code("update_display(HTML('<b>\\n</b>'), display_id='b')"),
                code("display({'application/json': {'a': [1]}, 'text/plain': 'p', 'image/png': 'AA\\nBB\\n', "
                        + "'image/svg+xml': '<svg>\\n</svg>'}, raw=True)"),
                code("raise ValueError('boo')", "raises-exception"),
                code("never", "skip-execution"),
                code(""),
                code("3"));
        Path ours = folder.resolve("ours.ipynb");
        RunResult result = NotebookRunner.run(notebook, ours, RunOptions.DEFAULT.withKernel("python3"), RunListener.SILENT);
        assertEquals(RunStatus.DONE, result.status(), () -> result.message());
        Path theirs = folder.resolve("theirs.ipynb");
        assertEquals(0, python("-c", NBCLIENT, notebook.toString(), theirs.toString(), ours.toString()), "and ours is valid");
        assertEquals(comparable(theirs), comparable(ours));
    }

    private int python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
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
