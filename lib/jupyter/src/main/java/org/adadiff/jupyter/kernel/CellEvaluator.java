package org.adadiff.jupyter.kernel;

import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Evaluates cells with JShell, in this process. One thread at a time. */
final class CellEvaluator {
    /** A line of a cell or file, for error messages. */
    record Location(String source, int line) {}

    private final MagicRegistry magics;
    private final CellTimeout timeout;
    private final CellClassLoader loader = new CellClassLoader();
    private final CellExecutionControl control = new CellExecutionControl(loader);
    private final Map<String, Location> locations = new HashMap<>();
    private final JShell shell;

    CellEvaluator(MagicRegistry magics, List<String> compilerOptions, CellTimeout timeout) {
        this.magics = magics;
        this.timeout = timeout;
        shell =
                JShell.builder()
                        .executionEngine(new InProcess(), Map.of())
                        .compilerOptions(compilerOptions.toArray(String[]::new))
                        .build();
    }

    ClassLoader loader() {
        return loader;
    }

    SourceCodeAnalysis analysis() {
        return shell.sourceCodeAnalysis();
    }

    void addToClasspath(String path) {
        shell.addToClasspath(path);
    }

    /** For what the compiler's class path has from the start. */
    void addToLoader(Path path) {
        try {
            loader.addURL(path.toUri().toURL());
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Class path entry " + path + ": " + e.getMessage(), e);
        }
    }

    void interrupt() {
        control.interrupt();
    }

    /** Forgets an interrupt that came when nothing ran, be it from the frontend or from a thread of an earlier cell. */
    void beginCell() {
        control.takeInterrupt();
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
                result = magics.applyCellMagic(magic.name(), magic.arguments(), magic.body());
            } else if (part instanceof CellSource.LineMagic magic) {
                result = magics.applyLineMagic(magic.name(), magic.arguments());
            } else if (part instanceof CellSource.Java java) {
                try {
                    result = evaluateJava(java.code(), new Location(source, java.line()));
                } catch (EvalException e) {
                    // Code that calls eval sees what it would see had it called the method itself
                    throw nested ? CellEvaluator.<RuntimeException>unchecked(control.thrown()) : e;
                }
            }
        }
        return result;
    }

    private Object evaluateJava(String code, Location start) throws Exception {
        List<Snippet> declared = new ArrayList<>();
        Object result = null;
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                break;
            }
            // What is incomplete or wrong is evaluated all the same: JShell then says what is the matter
            boolean complete = info.completeness().isComplete() && info.source() != null;
            int position = code.length() - rest.length();
            // JShell's line numbers are wrong for code that begins with an empty line
            result = evaluateSnippet((complete ? info.source() : rest).strip(), code, position, start, declared);
            rest = complete ? info.remaining() : "";
        }
        reportUnusable(declared);
        return result;
    }

    private Object evaluateSnippet(String snippetCode, String code, int position, Location start, List<Snippet> declared)
            throws Exception {
        if (control.takeInterrupt()) {
            throw new CellInterruptedException("Interrupted", null);
        }
        List<SnippetEvent> events;
        boolean timedOut;
        try (CellTimeout.Watch watch = timeout.watch(control)) {
            events = shell.eval(snippetCode);
            timedOut = watch.isOver();
        }
        Object result = null;
        for (SnippetEvent event : events) {
            Object value = event.value() == null ? null : control.take(event.value());
            if (event.causeSnippet() == null) {
                result = isResult(event.snippet()) ? value : null;
                locations.put(event.snippet().id(), locate(event.snippet(), code, position, start));
            }
        }
        boolean interrupted = control.takeInterrupt();
        for (SnippetEvent event : events) {
            JShellException exception = event.exception();
            if (timedOut) {
                throw new CellInterruptedException("The time allowed for a statement is over: " + timeout, exception);
            }
            if (exception != null) {
                throw isStop(exception) ? new CellInterruptedException("Interrupted", exception) : exception;
            }
            if (event.causeSnippet() == null) {
                if (event.status() == Snippet.Status.REJECTED) {
                    throw rejected(event.snippet());
                }
                declared.add(event.snippet());
            }
        }
        if (interrupted) {
            throw new CellInterruptedException("Interrupted", null);
        }
        return result;
    }

    private static boolean isStop(JShellException exception) {
        return exception instanceof EvalException thrown && thrown.getExceptionClassName().equals(CellStopped.class.getName());
    }

    private static boolean isResult(Snippet snippet) {
        return snippet instanceof ExpressionSnippet && snippet.subKind() != Snippet.SubKind.ASSIGNMENT_SUBKIND
                || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
    }

    private static Location locate(Snippet snippet, String code, int position, Location start) {
        String text = snippet.source().strip();
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
