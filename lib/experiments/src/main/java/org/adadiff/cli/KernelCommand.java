package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.adadiff.jupyter.kernel.KernelArchive;
import org.adadiff.jupyter.kernel.KernelSpecInstaller;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code adadiff kernel}: makes this project's Java kernel known to Jupyter. */
@Command(name = "kernel", description = "Installs, lists and uninstalls the Java kernel for Jupyter.")
final class KernelCommand {
    private static final String NAME = "The kernel's name (default: ${DEFAULT-VALUE}, which is IJava's too).";

    /** Where kernels are installed: one of these, or the user's own folder. */
    static final class Place {
        @ArgGroup
        private Choice choice;

        static final class Choice {
            @Option(names = "--user", description = "For this user (default).")
            private boolean user;

            @Option(names = "--sys-prefix", description = "Into the Python environment that is active (VIRTUAL_ENV or CONDA_PREFIX).")
            private boolean active;

            @Option(names = "--prefix", paramLabel = "DIR",
                    description = "Below DIR/share/jupyter, for example a virtual environment or /usr/local.")
            private Path prefix;

            @Option(names = "--kernels-dir", paramLabel = "DIR", description = "Into DIR itself.")
            private Path directory;
        }

        Path directory() {
            if (choice == null || choice.user) {
                return KernelSpecInstaller.userDirectory();
            }
            if (choice.active) {
                return KernelSpecInstaller.activeDirectory(System.getenv());
            }
            return choice.prefix != null ? KernelSpecInstaller.prefixDirectory(choice.prefix) : choice.directory;
        }
    }

    @Command(description = {"Installs the kernel, with this project's jars on the class path of its cells.",
        "The environment variable ADADIFF_KERNEL_JAVA_OPTS gives it options for its JVM."})
    int install(@Mixin Place place,
            @Option(names = "--name", paramLabel = "NAME", defaultValue = KernelSpecInstaller.DEFAULT_NAME, description = NAME) String name)
            throws IOException, InterruptedException {
        System.out.println(install(place.directory(), name));
        return 0;
    }

    static Path install(Path kernelsDirectory, String name) throws IOException, InterruptedException {
        try {
            KernelArchive.make(OwnKernel.kernelClassPath());
        } catch (IOException e) {
            System.err.println("The kernel will start more slowly: " + e.getMessage());
        }
        return KernelSpecInstaller.install(kernelsDirectory, name, "Java", OwnKernel.kernelClassPath(), OwnKernel.environment());
    }

    @Command(description = "Lists the kernels that are installed there.")
    int list(@Mixin Place place) throws IOException {
        KernelSpecInstaller.list(place.directory()).forEach(System.out::println);
        return 0;
    }

    @Command(description = "Removes the kernel; kernels of other makers are left alone.")
    int uninstall(@Mixin Place place,
            @Option(names = "--name", paramLabel = "NAME", defaultValue = KernelSpecInstaller.DEFAULT_NAME, description = NAME) String name)
            throws IOException {
        if (!KernelSpecInstaller.uninstall(place.directory(), name)) {
            throw new IllegalArgumentException("kernel: expected one named '" + name + "' in " + place.directory()
                    + ", found none");
        }
        return 0;
    }
}
