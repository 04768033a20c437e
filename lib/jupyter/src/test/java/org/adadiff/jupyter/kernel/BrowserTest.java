package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The installed kernel in Jupyter's page, where Jupyter and a browser are installed. */
class BrowserTest {
    private static final int PRINTED = 0;
    private static final int FIGURE = 1;
    private static final int LOOP = 2;
    private static final int ERROR = 3;
    private static final int EMPTY = 4;
    private static final List<String> CELLS = List.of(
            "int seen = 41;\nSystem.out.println(\"printed\");\nseen + 1",
            "var picture = new java.awt.image.BufferedImage(300, 60, java.awt.image.BufferedImage.TYPE_INT_RGB);\n"
                    + "var pen = picture.createGraphics();\npen.setColor(java.awt.Color.ORANGE);\npen.fillOval(10, 5, 280, 50);\npicture",
            "boolean endless = false;\nint rounds = 0;\nwhile (endless) rounds++;",
            "int divide(int x) {\n  return 1 / x;\n}\ndivide(seen - 41);",
            "");
    // Where a page is dark, as in JupyterLab's dark theme
    private static final String DARK = "#111111";
    // What WCAG asks for large text and for signs; Jupyter's own red on white has 3.5
    private static final double READABLE = 3;

    private static final Path SCREENSHOTS = Path.of("target", "browser");

    @TempDir Path folder;

    @Test
    void notebookIsDrivenInABrowser() throws IOException {
        String missing = NotebookPage.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing + " is not installed; Debian's packages are jupyter-notebook, chromium and chromium-driver");
        List<Path> classPath =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::exists).toList();
        KernelSpecInstaller.install(folder.resolve("kernels"), "java", "Java", classPath, Map.of());
        Files.writeString(folder.resolve("page.ipynb"), notebook());
        try (NotebookPage page = NotebookPage.open(folder, "page.ipynb")) {
            runsAllUntilTheError(page);
            showsErrorsReadably(page);
            interruptsAnEndlessLoop(page);
            completes(page);
            restarts(page);
        }
    }

    private static void runsAllUntilTheError(NotebookPage page) throws IOException {
        page.menu("Cell", "Run All");
        NotebookPage.await("the error", () -> page.output(ERROR).contains("ArithmeticException"));
        page.awaitIdle();
        assertEquals("printed\n42", page.output(PRINTED).replaceAll("Out\\[\\d+\\]:\\s*", ""));
        assertEquals(300L, page.script("return document.querySelectorAll('.cell')[arguments[0]].querySelector('img').naturalWidth", FIGURE));
        assertTrue(page.output(ERROR).contains("divide() (cell 4, line 2)"), page.output(ERROR));
    }

    private static void showsErrorsReadably(NotebookPage page) throws IOException {
        String red = (String) page.script("return getComputedStyle(document.querySelector('.output_error .ansi-red-fg')).color");
        page.screenshot(SCREENSHOTS.resolve("light.png"));
        assertTrue(contrast(red, "rgb(255, 255, 255)") > READABLE, "on a light page: " + red);
        page.script("document.head.insertAdjacentHTML('beforeend', '<style>body, #notebook, #notebook-container, .output_area pre,"
                + " .CodeMirror, .output_error { background: " + DARK + " !important; color: #ddd !important }</style>')");
        page.screenshot(SCREENSHOTS.resolve("dark.png"));
        assertTrue(contrast(red, DARK) > READABLE, "on a dark page: " + red);
    }

    private static void interruptsAnEndlessLoop(NotebookPage page) {
        page.type(LOOP, Keys.chord(Keys.CONTROL, "a"), "endless = true; while (endless) rounds++;");
        page.run(LOOP);
        NotebookPage.await("a running loop", () -> !page.all(".kernel_busy_icon").isEmpty());
        page.click("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
        NotebookPage.await("the interrupt", () -> page.output(LOOP).contains("Interrupted"));
        page.awaitIdle();
        page.type(EMPTY, "endless");
        page.run(EMPTY);
        NotebookPage.await("the variables", () -> page.output(EMPTY).endsWith("true"));
    }

    private static void completes(NotebookPage page) {
        page.type(EMPTY, Keys.chord(Keys.CONTROL, "a"), "\"text\".toUpp", Keys.TAB);
        NotebookPage.await("a completion in " + page.code(EMPTY), () -> page.code(EMPTY).contains("toUpperCase("));
        page.type(EMPTY, Keys.chord(Keys.CONTROL, "a"), "Math.flo", Keys.TAB);
        NotebookPage.await("completions", () -> page.all("#complete option, .completions option").stream()
                .map(option -> option.getText()).toList().containsAll(List.of("floor(", "floorDiv(", "floorMod(")));
        page.type(EMPTY, Keys.ESCAPE);
    }

    private static void restarts(NotebookPage page) {
        page.click("button[data-jupyter-action='jupyter-notebook:confirm-restart-kernel']");
        page.click(".modal-dialog .btn-danger");
        NotebookPage.await("the old page", () -> page.all(".modal-dialog").isEmpty());
        page.awaitIdle();
        page.type(EMPTY, Keys.chord(Keys.CONTROL, "a"), "seen");
        page.run(EMPTY);
        NotebookPage.await("a new kernel", () -> page.output(EMPTY).contains("cannot find symbol"));
    }

    /** Of two colours, as WCAG has it: from 1 to 21. */
    private static double contrast(String one, String other) {
        double[] light = DoubleStream.of(luminance(one), luminance(other)).sorted().toArray();
        return (light[1] + 0.05) / (light[0] + 0.05);
    }

    private static double luminance(String colour) {
        int[] rgb = colour.startsWith("#")
                ? Stream.of(1, 3, 5).mapToInt(at -> Integer.parseInt(colour.substring(at, at + 2), 16)).toArray()
                : Pattern.compile("\\d+").matcher(colour).results().mapToInt(part -> Integer.parseInt(part.group())).toArray();
        double[] weights = {0.2126, 0.7152, 0.0722};
        double luminance = 0;
        for (int i = 0; i < weights.length; i++) {
            double part = rgb[i] / 255.0;
            luminance += weights[i] * (part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return luminance;
    }

    private static String notebook() {
        JsonArray cells = new JsonArray();
        for (String source : CELLS) {
            JsonObject cell = new JsonObject();
            cell.addProperty("cell_type", "code");
            cell.add("metadata", new JsonObject());
            cell.add("outputs", new JsonArray());
            cell.add("execution_count", null);
            cell.addProperty("source", source);
            cells.add(cell);
        }
        JsonObject notebook = new JsonObject();
        notebook.add("cells", cells);
        notebook.addProperty("nbformat", 4);
        notebook.addProperty("nbformat_minor", 4);
        JsonObject kernel = new JsonObject();
        kernel.addProperty("name", "java");
        kernel.addProperty("display_name", "Java");
        JsonObject metadata = new JsonObject();
        metadata.add("kernelspec", kernel);
        notebook.add("metadata", metadata);
        return notebook.toString();
    }
}
