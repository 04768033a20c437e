package org.adadiff.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelSpecInstaller;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code adadiff jupyter}: the notebooks in a browser. */
@Command(name = "jupyter", description = "Installs the kernel for this user and opens notebooks/ in Jupyter, where Jupyter is installed.")
final class JupyterCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Given to Jupyter, after -- where they begin with a dash.")
    private List<String> options = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        String jupyter = find("jupyter-lab").or(() -> find("jupyter-notebook")).orElseThrow(
                () -> new IllegalArgumentException("jupyter: expected jupyter-lab or jupyter-notebook on the PATH, found"
                        + " neither. Install one of them, or run the notebooks without it: adadiff notebooks"));
        System.out.println("Kernel: " + KernelCommand.install(KernelSpecInstaller.userDirectory(), KernelSpecInstaller.DEFAULT_NAME));
        List<String> command = new ArrayList<>(List.of(jupyter));
        command.addAll(options);
        return new ProcessBuilder(command).directory(Home.directory().resolve("notebooks").toFile()).inheritIO().start().waitFor();
    }

    private static Optional<String> find(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name)).filter(Files::isExecutable).map(Path::toString).findFirst();
    }
}
