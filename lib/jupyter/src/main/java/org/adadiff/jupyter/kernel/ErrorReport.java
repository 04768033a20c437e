package org.adadiff.jupyter.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jshell.EvalException;
import jdk.jshell.UnresolvedReferenceException;

/**
 * How an error is shown.
 *
 * @param name the class of the exception
 * @param message its message, or the empty string
 * @param traceback lines with ANSI colours that are readable on light and dark
 */
record ErrorReport(String name, String message, List<String> traceback) {
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final List<String> OWN = List.of("org.adadiff.jupyter.kernel.", "io.github.spencerpark.", "jdk.jshell.");
    // How the kernel calls magics and the code of cells, on its thread
    private static final List<String> CALLS = List.of("jdk.internal.reflect.", "java.lang.reflect.Method.invoke", "java.lang.Thread.run");
    private static final Pattern JSHELL_WRAPPER = Pattern.compile("\\bREPL\\.\\$JShell\\$\\w+[.$]");
    private static final int MAX_FRAMES = 30;
    private static final int MAX_CAUSES = 10;

    static ErrorReport of(Throwable thrown, CellEvaluator evaluator) {
        Throwable error = thrown instanceof CellStopped ? new CellInterruptedException(thrown.getMessage(), thrown)
                : translated(thrown, evaluator);
        List<String> lines = new ArrayList<>();
        if (error instanceof CompilationException compilation) {
            lines.addAll(compilation.details());
            if (lines.isEmpty()) {
                lines.add(compilation.getMessage());
            }
            lines.replaceAll(line -> line.contains(": error: ") ? RED + line + PLAIN : line);
        } else {
            Throwable shown = error;
            // JShell's copy of what was thrown leaves out what it suppressed
            Throwable original = thrown instanceof EvalException ? evaluator.thrown() : thrown;
            for (int depth = 0; shown != null && depth < MAX_CAUSES; depth++) {
                lines.add((depth == 0 ? "" : "Caused by: ") + RED + headline(shown, evaluator) + PLAIN);
                addFrames(shown, evaluator, lines);
                addSuppressed(original, evaluator, lines);
                shown = shown.getCause();
                original = original == null ? null : original.getCause();
            }
        }
        return new ErrorReport(nameOf(error), messageOf(error, evaluator), lines);
    }

    private static void addSuppressed(Throwable error, CellEvaluator evaluator, List<String> lines) {
        Throwable[] all = error == null ? new Throwable[0] : error.getSuppressed();
        for (Throwable suppressed : Arrays.copyOf(all, Math.min(all.length, MAX_CAUSES))) {
            Throwable translated = translated(suppressed, evaluator);
            lines.add("Suppressed: " + RED + headline(translated, evaluator) + PLAIN);
            addFrames(translated, evaluator, lines);
        }
        if (all.length > MAX_CAUSES) {
            lines.add("... " + (all.length - MAX_CAUSES) + " more suppressed");
        }
    }

    /** JShell translates the frames of what it runs, but not those of a cell's toString, say, that is called to show a value. */
    private static Throwable translated(Throwable error, CellEvaluator evaluator) {
        boolean ofCell = Arrays.stream(error.getStackTrace()).anyMatch(frame -> JSHELL_WRAPPER.matcher(frame.getClassName() + ".").find());
        if (!ofCell || error instanceof EvalException) {
            return error;
        }
        try {
            return evaluator.snippets().translated(error);
        } catch (Throwable notNow) { // there may be no memory
            return error;
        }
    }

    private static String headline(Throwable error, CellEvaluator evaluator) {
        String message = messageOf(error, evaluator);
        return message.isEmpty() ? nameOf(error) : nameOf(error) + ": " + message;
    }

    private static String nameOf(Throwable error) {
        if (error instanceof UnresolvedReferenceException) {
            return error.getClass().getSimpleName();
        }
        String name = error instanceof EvalException thrown ? thrown.getExceptionClassName() : error.getClass().getName();
        String own = ErrorReport.class.getPackageName() + ".";
        return JSHELL_WRAPPER.matcher(name.startsWith(own) ? name.substring(own.length()) : name).replaceAll("");
    }

    private static String messageOf(Throwable error, CellEvaluator evaluator) {
        if (error instanceof UnresolvedReferenceException unresolved) {
            return evaluator.snippets().unusable(unresolved.getSnippet());
        }
        // "REPL.$JShell$12.x is null": the cell says x
        String message = CellExecutionControl.messageOf(error);
        return message == null ? "" : JSHELL_WRAPPER.matcher(message).replaceAll("");
    }

    private static void addFrames(Throwable error, CellEvaluator evaluator, List<String> lines) {
        List<String> frames = new ArrayList<>();
        boolean thrownHere = true;
        for (StackTraceElement frame : error.getStackTrace()) {
            boolean own = OWN.stream().anyMatch(frame.getClassName()::startsWith);
            thrownHere &= own;
            // Below the code of a cell or magic stand only the kernel, its base library and JShell
            if (own && !thrownHere) {
                break;
            }
            String method = frame.getClassName() + "." + frame.getMethodName();
            boolean call = CALLS.stream().anyMatch(method::startsWith);
            if (!own && !call) {
                frames.add("    at " + describe(frame, evaluator));
            }
        }
        int omitted = frames.size() - MAX_FRAMES;
        lines.addAll(frames.subList(0, Math.min(MAX_FRAMES, frames.size())));
        if (omitted > 0) {
            lines.add("    ... " + omitted + " more");
        }
    }

    private static String describe(StackTraceElement frame, CellEvaluator evaluator) {
        String file = frame.getFileName();
        CellEvaluator.Location start = file != null && file.startsWith("#") ? evaluator.snippets().location(file.substring(1)) : null;
        if (start == null) {
            String place = frame.getClassName() + "." + frame.getMethodName();
            String own = JSHELL_WRAPPER.matcher(place).replaceAll("");
            return own.equals(place) ? frame.toString() : own + "() (of a cell)";
        }
        String method = frame.getMethodName().isEmpty() ? "" : frame.getMethodName() + "() ";
        String owner = frame.getClassName().isEmpty() || method.isEmpty() ? "" : frame.getClassName() + ".";
        return owner + method + "(" + start.source() + ", line " + (start.line() + frame.getLineNumber() - 1) + ")";
    }
}
