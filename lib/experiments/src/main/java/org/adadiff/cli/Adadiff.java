package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import org.adadiff.jupyter.runner.NotebookRunner;
import org.adadiff.train.DivergedException;
import org.adadiff.train.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code adadiff} command: notebooks, training, reports, data, the Jupyter kernel and benchmarks. */
@Command(name = "adadiff", description = "The AdaDiff optimizer on the JVM: notebooks, training, reports, data, Jupyter kernel, benchmarks.",
        mixinStandardHelpOptions = true, versionProvider = Version.class, scope = CommandLine.ScopeType.INHERIT)
public final class Adadiff implements Runnable {
    /** A cell failed, or a run did not reach its end. */
    static final int FAILED = 1;
    /** Bad usage, or a bad input file. */
    static final int BAD_INPUT = 2;

    private static final List<Class<?>> COMMANDS = List.of(NotebooksCommand.class, TrainCommand.class, DataCommand.class,
            KernelCommand.class, ReportCommand.class, JupyterCommand.class, BenchCommand.class);

    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = CommandLine.ScopeType.INHERIT,
            description = "Print the stack trace of an error, for a bug report.")
    private boolean stackTrace;

    /** Creates the command. */
    public Adadiff() {}

    /**
     * Runs the command and exits with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("notebooks")) {
            // picocli takes as long to read the options
            Thread warmUp = new Thread(NotebookRunner::warmUp, "warm-up");
            warmUp.setDaemon(true);
            warmUp.setUncaughtExceptionHandler((thread, error) -> { }); // the run itself will tell it
            warmUp.start();
        }
        // exit, not return: threads of the native library must not keep the process
        System.exit(new Adadiff().execute(arguments));
    }

    /** This command with the one that the arguments name, or with all. */
    CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(this);
        commands(arguments).forEach(line::addSubcommand);
        return line.setCaseInsensitiveEnumValuesAllowed(true);
    }

    int execute(String... arguments) {
        return commandLine(arguments).setExecutionExceptionHandler((error, command, parsed) -> {
            if (stackTrace) {
                error.printStackTrace(command.getErr());
            }
            if (!(error instanceof StoppedException)) { // which has been told, with how to go on
                command.getErr().println("adadiff: " + describe(error));
            }
            return error instanceof IOException || error instanceof IllegalArgumentException ? BAD_INPUT : FAILED;
        }).execute(arguments);
    }

    /** The command that is named first, or all of them: picocli takes longer to look at all than a small notebook takes to run. */
    private static List<Class<?>> commands(String... arguments) {
        return COMMANDS.stream().filter(command -> arguments.length > 0 && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .findFirst().<List<Class<?>>>map(List::of).orElse(COMMANDS);
    }

    /** Our own messages speak for themselves; of a library's errors the class matters too. */
    static String describe(Exception error) {
        if (error instanceof FileSystemException file && file.getReason() == null) {
            // its message is the file alone, its class the reason: AccessDeniedException
            String reason = error.getClass().getSimpleName().replace("Exception", "").replaceAll("(?<=.)(?=[A-Z])", " ");
            return error.getMessage() + ": " + reason.toLowerCase(Locale.ROOT);
        }
        boolean own = error instanceof IOException || error instanceof IllegalArgumentException || error instanceof DivergedException
                || error instanceof StoppedException;
        return own && error.getMessage() != null ? error.getMessage() : error.toString();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command");
    }
}
