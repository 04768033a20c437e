package org.adadiff.jupyter.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import org.adadiff.jupyter.kernel.CellEvaluator.Location;

/** Evaluates Java with JShell, one snippet after the other, and keeps what is to be known of them afterwards. */
final class SnippetEvaluator {
    private static final int WARM_UPS = 4;
    // Left to itself, JShell declares a variable for each expression: two more rounds of the compiler to find its type, and one import
    // more in all that follows. Without the parentheses, a comma would declare more
    private static final String RESULT = "$cell$result";
    private static final String QUICK = "java.lang.Object " + RESULT + " = (%s\n);";

    private static final int MAX_RECORDS = 50; // in one type
    private static final String RECORD_CONSTRUCTOR = "compiler.err.invalid.canonical.constructor.in.record";

    private final JShell shell;
    private final CellThread thread;
    private final CellExecutionControl control;
    private final CellTimeout timeout;
    private final Map<String, Location> locations = new HashMap<>();
    private final CellVariables variables = new CellVariables();

    SnippetEvaluator(JShell shell, CellThread thread, CellExecutionControl control, CellTimeout timeout) {
        this.shell = shell;
        this.thread = thread;
        this.control = control;
        this.timeout = timeout;
    }

    /** Where a snippet's first line stands, by JShell's id; null for one that is not known. */
    Location location(String snippetId) {
        return locations.get(snippetId);
    }

    /** Has the compiler do one of the things that it does for cells, so that the JIT has seen it before a cell waits for it. */
    void warmUp(int round) {
        switch (round % WARM_UPS) {
            case 0 -> shell.eval(String.format(QUICK, "1 + " + round));
            case 1 -> shell.eval("String warmUp" + round + " = \"\";").forEach(event -> shell.drop(event.snippet()));
            case 2 -> shell.eval("for (int i = 0; i < 3; i++) { Math.sqrt(i); }");
            default -> shell.sourceCodeAnalysis().completionSuggestions("System.getP", 11, new int[1]);
        }
    }

    /**
     * Evaluates Java, statement by statement.
     *
     * @param code without magics
     * @param start where its first line stands
     * @return the value of the last expression; null when the last statement is none
     */
    Object evaluate(String code, Location start) throws Exception {
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
                CompletionInfo info = MemoryReserve.use(() -> shell.sourceCodeAnalysis().analyzeCompletion(from));
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
        List<SnippetEvent> events = runWithRecords(snippetCode);
        Object result = null;
        for (SnippetEvent event : events) {
            Object value = event.value() == null ? null : control.take(event.value());
            if (event.causeSnippet() == null) {
                result = isResult(event.snippet()) ? value : null;
                // A record's may be another text than the cell's
                int from = Math.max(position, code.indexOf(snippetCode, position));
                locations.put(event.snippet().id(), locate(event.snippet().source().strip(), code, from, start));
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

    /** JShell makes types public, and a record's constructor must be as public as the record; in a cell that need not be written. */
    private List<SnippetEvent> runWithRecords(String snippetCode) throws CellInterruptedException {
        List<SnippetEvent> events = run(snippetCode);
        StringBuilder code = new StringBuilder(snippetCode);
        List<SnippetEvent> retried = events;
        for (int i = 0; i < MAX_RECORDS && retried.get(0).status() == Snippet.Status.REJECTED; i++) {
            Optional<Diag> constructor = shell.diagnostics(retried.get(0).snippet())
                    .filter(problem -> problem.getCode().equals(RECORD_CONSTRUCTOR) && problem.getMessage(Locale.ROOT).contains("was public"))
                    .findFirst();
            if (constructor.isEmpty()) {
                return events;
            }
            code.insert((int) constructor.get().getPosition(), "public ");
            retried = run(code.toString());
        }
        return retried.get(0).status() == Snippet.Status.REJECTED ? events : retried;
    }

    private List<SnippetEvent> run(String snippetCode) throws CellInterruptedException {
        control.begin();
        if (thread.takeInterrupt()) {
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
        boolean interrupted = thread.takeInterrupt();
        boolean timedOut = control.takeTimeout();
        for (SnippetEvent event : events) {
            JShellException exception = event.exception();
            if (timedOut) {
                throw new CellInterruptedException("The time allowed for a statement is over: " + timeout, exception);
            }
            if (exception != null) {
                throw isStop(exception) ? new CellInterruptedException(exception.getMessage(), exception) : exception;
            }
        }
        if (interrupted) {
            throw new CellInterruptedException("Interrupted", null);
        }
    }

    /** The same with places in cells where its frames are of their code: JShell knows them, but only tells of what a snippet throws. */
    Throwable translated(Throwable e) {
        control.throwInstead(e);
        try {
            return shell.eval(String.format(QUICK, "0")).get(0).exception();
        } finally {
            control.throwInstead(null);
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
}
