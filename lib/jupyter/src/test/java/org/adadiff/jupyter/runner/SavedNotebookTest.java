package org.adadiff.jupyter.runner;

import static org.adadiff.jupyter.runner.NotebookFiles.code;
import static org.adadiff.jupyter.runner.NotebookFiles.markdown;
import static org.adadiff.jupyter.runner.NotebookFiles.outputs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SavedNotebookTest {
    @TempDir
    private Path folder;

    private static void output(Notebook notebook, int cell, String text) {
        JsonObject output = new JsonObject();
        JsonObject data = new JsonObject();
        data.addProperty("text/plain", text);
        output.add("data", MultilineText.bundle(data));
        output.add("metadata", new JsonObject());
        output.addProperty("output_type", "display_data");
        notebook.cells().get(cell).outputs().add(output);
    }

    /** Also fails when it is not JSON. */
    private static List<List<String>> shown(Path file) {
        List<List<String>> shown = new ArrayList<>();
        JsonArray cells = NotebookFiles.read(file).getAsJsonArray("cells");
        for (int i = 0; i < cells.size(); i++) {
            shown.add(cells.get(i).getAsJsonObject().has("outputs") ? outputs(file, i + 1) : List.of());
        }
        return shown;
    }

    @Test
    void fileIsWholeAfterEveryCellAndInTheEndAsIfWrittenAtOnce() throws IOException, RunException {
        Path in = NotebookFiles.write(
                folder.resolve("n.ipynb"), markdown("# ü"), code("1"), markdown("text"), code("2"), code("3"), code("4"), markdown("end"));
        Path out = folder.resolve("out.ipynb");
        Notebook notebook = NotebookFiles.notebook(in);
        Notebook whole = NotebookFiles.notebook(in);
        SavedNotebook saved = new SavedNotebook(notebook, out, SavedNotebook.parts(out), NotebookFiles.texts());
        List<List<String>> expected = new ArrayList<>(shown(out));
        // Shorter than its source, longer than the gap, longer than the file, and nothing
        for (Map.Entry<Integer, Integer> output : List.of(Map.entry(1, 1), Map.entry(3, 20_000), Map.entry(4, 90_000), Map.entry(5, 0))) {
            String text = "x".repeat(output.getValue());
            output(notebook, output.getKey(), text);
            output(whole, output.getKey(), text);
            saved.save(output.getKey(), Map.of());
            expected.set(output.getKey(), List.of("display:" + text));
            assertEquals(expected, shown(out));
        }
        notebook.metadata().addProperty("added", "at the end");
        whole.metadata().addProperty("added", "at the end");
        saved.finish(Map.of());
        Path atOnce = folder.resolve("at-once.ipynb");
        NotebookWriter.write(whole, atOnce);
        assertEquals(Files.readString(atOnce), Files.readString(out));
    }

    @Test
    void outputsOfSavedCellsCanBeDisplayedAnew() throws IOException, RunException {
        Path out = folder.resolve("out.ipynb");
        Notebook notebook = NotebookFiles.notebook(NotebookFiles.write(folder.resolve("n.ipynb"), "1", "2", "3", "4"));
        SavedNotebook saved = new SavedNotebook(notebook, out, SavedNotebook.parts(out), NotebookFiles.texts());
        output(notebook, 0, "first");
        output(notebook, 0, "second");
        saved.save(0, Map.of());
        output(notebook, 1, "of 2");
        saved.save(1, Map.of(0, Map.of(1, data("changed"))));
        assertEquals(List.of(List.of("display:first", "display:changed"), List.of("display:of 2"), List.of(), List.of()), shown(out));
        output(notebook, 2, "of 3");
        saved.save(2, Map.of());
        saved.finish(Map.of(1, Map.of(0, data("changed too"))));
        assertEquals(
                List.of(List.of("display:first", "display:changed"), List.of("display:changed too"), List.of("display:of 3"), List.of()),
                shown(out));
    }

    /** Whatever is displayed anew and however it grows, the file is at every moment, and in the end byte by byte, what it should be. */
    @Test
    void displaysMayChangeAgainAndAgain() throws IOException, RunException {
        int cells = 60;
        String[] sources = new String[cells];
        Arrays.setAll(sources, i -> "cell(" + i + ")");
        Path in = NotebookFiles.write(folder.resolve("n.ipynb"), sources);
        Path out = folder.resolve("out.ipynb");
        Notebook notebook = NotebookFiles.notebook(in);
        SavedNotebook saved = new SavedNotebook(notebook, out, SavedNotebook.parts(out), NotebookFiles.texts());
        List<List<String>> expected = new ArrayList<>(shown(out));
        Random random = new Random(1);
        for (int i = 0; i < cells; i++) {
            String text = "x".repeat(random.nextInt(5) == 0 ? 30_000 : 9);
            output(notebook, i, text);
            expected.set(i, List.of("display:" + text));
            Map<Integer, Map<Integer, JsonObject>> changes = new HashMap<>();
            for (int n = i == 0 ? 0 : random.nextInt(3); n > 0; n--) {
                int changed = random.nextInt(i);
                String anew = i + "y".repeat(random.nextInt(4) == 0 ? random.nextInt(50_000) : random.nextInt(100));
                changes.put(changed, Map.of(0, data(anew)));
                expected.set(changed, List.of("display:" + anew));
            }
            saved.save(i, changes);
            assertEquals(expected, shown(out), "after cell " + i);
        }
        saved.finish(Map.of(0, Map.of(0, data("last"))));
        expected.set(0, List.of("display:last"));
        Notebook whole = NotebookFiles.notebook(in);
        for (int i = 0; i < cells; i++) {
            output(whole, i, expected.get(i).get(0).substring("display:".length()));
        }
        Path atOnce = folder.resolve("at-once.ipynb");
        NotebookWriter.write(whole, atOnce);
        assertEquals(Files.readString(atOnce), Files.readString(out));
    }

    private static JsonObject data(String text) {
        JsonObject data = new JsonObject();
        data.addProperty("text/plain", text);
        JsonObject display = new JsonObject();
        display.add("data", MultilineText.bundle(data));
        return display;
    }

    private enum Display {
        ONCE,
        OF_THE_FIRST_CELL_ANEW,
        OF_THE_CELL_BEFORE_ANEW
    }

    @ParameterizedTest
    @EnumSource(Display.class)
    @EnabledOnOs(OS.LINUX)
    void whatIsWrittenIsProportionalToTheNotebookHoweverManyCellsItHas(Display display) throws IOException, RunException {
        for (int cells : new int[] {50, 800}) {
            String[] sources = new String[cells];
            Arrays.setAll(sources, i -> "cell(" + i + ")");
            Path out = folder.resolve(cells + ".ipynb");
            Notebook notebook = NotebookFiles.notebook(NotebookFiles.write(folder.resolve("n.ipynb"), sources));
            long before = written();
            SavedNotebook saved = new SavedNotebook(notebook, out, SavedNotebook.parts(out), NotebookFiles.texts());
            for (int i = 0; i < cells; i++) {
                output(notebook, i, "output\n".repeat(500));
                int changed = display == Display.OF_THE_CELL_BEFORE_ANEW ? i - 1 : 0;
                saved.save(i, i == 0 || display == Display.ONCE ? Map.of() : Map.of(changed, Map.of(0, data("anew\n".repeat(500 + i)))));
            }
            saved.finish(Map.of());
            double times = (double) (written() - before) / Files.size(out);
            assertTrue(times < 16, times + " times its size was written for " + cells + " cells");
        }
    }

    /** Bytes that this process has written, files and all. */
    private static long written() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream().filter(line -> line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.substring(6).strip())).sum();
    }
}
