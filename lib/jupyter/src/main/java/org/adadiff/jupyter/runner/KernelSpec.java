package org.adadiff.jupyter.runner;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelSpecInstaller;

/**
 * How to start a kernel: the contents of a {@code kernel.json}, or the same given by a program.
 *
 * @param name the name by which notebooks ask for it
 * @param displayName the name for people
 * @param language the language of its cells, such as {@code java} or {@code python}
 * @param argv the command; {@code {connection_file}} and {@code {resource_dir}} are filled in
 * @param env variables added to the environment; <code>${NAME}</code> stands for an inherited one
 * @param interruptByMessage whether it is interrupted by a message rather than by SIGINT
 * @param folder where its {@code kernel.json} stands, if it is installed
 */
public record KernelSpec(
        String name,
        String displayName,
        String language,
        List<String> argv,
        Map<String, String> env,
        boolean interruptByMessage,
        Optional<Path> folder) {
    /**
     * Copies the collections.
     *
     * @param name the name by which notebooks ask for it
     * @param displayName the name for people
     * @param language the language of its cells
     * @param argv the command
     * @param env variables added to the environment
     * @param interruptByMessage whether it is interrupted by a message rather than by SIGINT
     * @param folder where its {@code kernel.json} stands, if it is installed
     */
    public KernelSpec {
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
    }

    /**
     * A kernel for Java that is not installed anywhere.
     *
     * @param argv the command; <code>{connection_file}</code> is filled in
     * @param env variables added to the environment
     * @return a kernel named {@code java} that is interrupted by message
     */
    public static KernelSpec java(List<String> argv, Map<String, String> env) {
        return new KernelSpec("java", "Java", "java", argv, env, true, Optional.empty());
    }

    /**
     * This project's Java kernel, as it stands on the class path of this JVM; its cells see all of that class path. So a build that has
     * the runner among its dependencies needs no kernel to be installed.
     *
     * @return a kernel named {@code java}
     */
    public static KernelSpec ofThisClassPath() {
        List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(jar -> Path.of(jar).toAbsolutePath()).toList();
        String cellClassPath = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return java(KernelSpecInstaller.command(jars, System.getenv(KernelSpecInstaller.JAVA_OPTIONS)), Map.of("IJAVA_CLASSPATH", cellClassPath));
    }

    /**
     * The command with its placeholders filled in. IPython's kernel is told, as by nbclient, to keep its history in memory: a
     * headless run has no place in the user's, and parallel ones lock each other out of its file.
     */
    List<String> command(Path connectionFile) {
        Stream<String> words = argv.stream()
                .map(word -> word.replace("{connection_file}", connectionFile.toString())
                        .replace("{resource_dir}", folder.map(Path::toString).orElse("")));
        boolean ipython = argv.contains("ipykernel_launcher") || argv.contains("ipykernel");
        return Stream.concat(words, ipython ? Stream.of("--HistoryManager.hist_file=:memory:") : Stream.empty()).toList();
    }
}
