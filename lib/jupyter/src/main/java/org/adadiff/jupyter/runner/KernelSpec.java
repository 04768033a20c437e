package org.adadiff.jupyter.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
