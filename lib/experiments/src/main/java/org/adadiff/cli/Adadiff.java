package org.adadiff.cli;

import java.io.IOException;
import org.adadiff.dataset.DataFileException;
import org.adadiff.train.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code adadiff} command: notebooks, training, data and the Jupyter kernel. */
@Command(name = "adadiff", description = "The AdaDiff optimizer on the JVM: notebooks, training, data, Jupyter kernel.",
        mixinStandardHelpOptions = true, versionProvider = Version.class, scope = CommandLine.ScopeType.INHERIT,
        subcommands = {NotebooksCommand.class, TrainCommand.class, DataCommand.class, KernelCommand.class,
            JupyterCommand.class})
public final class Adadiff implements Runnable {
    /** A cell failed, or a run did not reach its end. */
    static final int FAILED = 1;
    /** Bad usage, or a bad input file. */
    static final int BAD_INPUT = 2;

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
        // exit, not return: threads of the native library must not keep the process
        System.exit(new Adadiff().execute(arguments));
    }

    int execute(String... arguments) {
        return new CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler((error, command, parsed) -> {
            if (stackTrace) {
                error.printStackTrace(command.getErr());
            }
            String text = error.getMessage() == null || !isExpected(error) ? error.toString() : error.getMessage();
            command.getErr().println("adadiff: " + text);
            return error instanceof IOException || error instanceof IllegalArgumentException ? BAD_INPUT : FAILED;
        }).execute(arguments);
    }

    /** Errors whose message speaks for itself; of the others the class matters too. */
    private static boolean isExpected(Exception error) {
        return error instanceof IllegalArgumentException || error instanceof DivergedException || error instanceof DataFileException;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command");
    }
}
