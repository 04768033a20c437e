package org.adadiff.jupyter.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.magic.registry.LineMagic;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Magics that take files: code to evaluate, jars to add. Relative paths start at the notebook's folder. */
public final class FileMagics {
    private static final List<String> SUFFIXES = List.of("", ".jsh", ".jshell", ".java", ".ijava", ".ipynb");

    private final JavaKernel kernel;

    FileMagics(JavaKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * {@code %load FILE}: evaluates a file, or the code cells of a notebook. The suffix may be left out.
     *
     * @param arguments the file
     * @throws Exception what the code throws, or that there is no such file
     */
    @LineMagic
    public void load(List<String> arguments) throws Exception {
        String name = single("load", "FILE", arguments);
        for (String suffix : SUFFIXES) {
            Path file = Path.of(name + suffix).toAbsolutePath().normalize();
            if (Files.isRegularFile(file)) {
                if (file.toString().endsWith(".ipynb")) {
                    loadNotebook(file);
                } else {
                    kernel.evaluate(read(file), file.getFileName().toString());
                }
                return;
            }
        }
        throw new FileNotFoundException(
                "%load: no file " + Path.of(name).toAbsolutePath().normalize() + ", nor with one of the suffixes "
                        + String.join(" ", SUFFIXES.subList(1, SUFFIXES.size())));
    }

    /**
     * {@code %jars GLOB…}: adds jars to the class path.
     *
     * @param arguments patterns such as {@code lib/*.jar}
     * @return the absolute paths that were added
     */
    @LineMagic
    public List<String> jars(List<String> arguments) {
        return add(expand("jars", arguments).filter(Files::isRegularFile).toList(), arguments);
    }

    /**
     * {@code %classpath GLOB…}: adds jars and folders of classes to the class path.
     *
     * @param arguments patterns
     * @return the absolute paths that were added
     */
    @LineMagic
    public List<String> classpath(List<String> arguments) {
        return add(expand("classpath", arguments).toList(), arguments);
    }

    /** The names in a folder that begin with these letters, those of folders with a slash; what needs quotes is left out. */
    static List<String> completions(String folder, String begun) {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files
                    .map(file -> file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                    .filter(name -> name.startsWith(begun) && name.startsWith(".") == begun.startsWith(".") && !name.contains(" "))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            return List.of();
        }
    }

    /** Some editors begin a file with a byte order mark, which no compiler takes. */
    private static String read(Path file) throws IOException {
        String text = Files.readString(file);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static Stream<Path> expand(String magic, List<String> globs) {
        if (globs.isEmpty()) {
            throw new IllegalArgumentException("%" + magic + ": expected GLOB, such as lib/*.jar, found nothing");
        }
        return globs.stream().flatMap(glob -> ClassPathGlob.expand(glob).stream());
    }

    private List<String> add(List<Path> paths, List<String> patterns) {
        if (paths.isEmpty()) {
            System.err.println("Nothing to add to the class path: no file matches " + String.join(" ", patterns));
        }
        kernel.addToClasspath(paths);
        return paths.stream().map(Path::toString).toList();
    }

    private void loadNotebook(Path file) throws Exception {
        JsonObject notebook;
        try {
            notebook = JsonParser.parseString(read(file)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("%load: " + file + " is not a notebook: " + e.getMessage(), e);
        }
        JsonArray cells = notebook.getAsJsonArray("cells");
        for (int i = 0; cells != null && i < cells.size(); i++) {
            JsonObject cell = cells.get(i).getAsJsonObject();
            if (cell.get("cell_type").getAsString().equals("code")) {
                kernel.evaluate(text(cell.get("source")), file.getFileName() + " cell " + (i + 1));
            }
        }
    }

    /** Notebooks hold a text as a string or as an array of lines. */
    private static String text(JsonElement source) {
        if (source == null || source.isJsonNull()) {
            return "";
        }
        if (source.isJsonPrimitive()) {
            return source.getAsString();
        }
        StringBuilder text = new StringBuilder();
        source.getAsJsonArray().forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }

    private static String single(String magic, String what, List<String> arguments) {
        if (arguments.size() != 1) {
            throw new IllegalArgumentException("%" + magic + ": expected " + what + ", found " + arguments);
        }
        return arguments.get(0);
    }
}
