package org.adadiff.jupyter.kernel;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells Jupyter of this kernel: a folder {@code NAME/} with a kernel.json, in one of the folders where Jupyter looks. */
public final class KernelSpecInstaller {
    /** The name that notebooks written for IJava ask for. */
    public static final String DEFAULT_NAME = "java";

    /** Environment variable, read when the kernel is installed or run headless: options for the kernel's JVM, {@code -Xmx4g} for example. */
    public static final String JAVA_OPTIONS = "ADADIFF_KERNEL_JAVA_OPTS";

    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final String SPEC = "kernel.json";

    private KernelSpecInstaller() {}

    /**
     * Returns where kernels of this user stand, as Jupyter has it on this operating system.
     *
     * @return a folder, which need not exist
     */
    public static Path userDirectory() {
        return userDirectory(System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
    }

    /**
     * Returns where kernels of a user stand.
     *
     * @param system the operating system's name, as Java gives it
     * @param home the user's home folder
     * @param environment the environment variables; a blank one counts as not set
     * @return a folder, which need not exist
     */
    public static Path userDirectory(String system, Path home, Map<String, String> environment) {
        String os = system.toLowerCase(Locale.ROOT);
        Function<String, Optional<Path>> variable =
                name -> Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank()).map(Path::of);
        Path data = variable.apply("JUPYTER_DATA_DIR").orElseGet(() -> {
            if (os.startsWith("mac")) {
                return home.resolve("Library/Jupyter");
            }
            return os.startsWith("windows")
                    ? variable.apply("APPDATA").orElse(home.resolve("AppData/Roaming")).resolve("jupyter")
                    : variable.apply("XDG_DATA_HOME").orElse(home.resolve(".local/share")).resolve("jupyter");
        });
        return data.resolve("kernels");
    }

    /**
     * Returns where kernels of a Python or conda environment stand.
     *
     * @param prefix the environment's folder
     * @return a folder, which need not exist
     */
    public static Path prefixDirectory(Path prefix) {
        return prefix.resolve("share").resolve("jupyter").resolve("kernels");
    }

    /**
     * Returns where kernels of the Python and conda environments stand that are active.
     *
     * @param environment the environment variables; a blank one counts as not set
     * @return folders, which need not exist, the first of which wins; none if no environment is active
     */
    public static List<Path> activeDirectories(Map<String, String> environment) {
        return Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(prefix -> !prefix.isBlank())
                .map(prefix -> prefixDirectory(Path.of(prefix)))
                .toList();
    }

    /**
     * Returns where kernels of the Python or conda environment stand that is active.
     *
     * @param environment the environment variables
     * @return a folder, which need not exist
     * @throws IllegalArgumentException if none is active
     */
    public static Path activeDirectory(Map<String, String> environment) {
        return activeDirectories(environment).stream().findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kernel: expected an active Python environment in VIRTUAL_ENV or"
                        + " CONDA_PREFIX, found neither; --prefix DIR names one that is not active"));
    }

    /**
     * Installs the kernel, run by the Java of this process; replaces an older one of the same name.
     *
     * @param kernelsDirectory the folder of all kernels, see {@link #userDirectory}
     * @param name the folder's name, by which notebooks ask for this kernel
     * @param displayName the name in Jupyter's menus
     * @param classPath the jars of the kernel
     * @param environment variables that the kernel gets, IJAVA_CLASSPATH for example
     * @return the kernel.json that was written
     * @throws IOException that it cannot be written
     * @throws IllegalArgumentException for a name that is no name of a kernel, or a class path with what does not exist
     */
    public static Path install(
            Path kernelsDirectory, String name, String displayName, List<Path> classPath, Map<String, String> environment)
            throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Kernel name: expected letters, digits, '.', '-' or '_', found '" + name + "'");
        }
        for (Path entry : classPath) {
            if (!Files.exists(entry)) {
                throw new IllegalArgumentException("Class path of the kernel: nothing at " + entry);
            }
        }
        Path folder = Files.createDirectories(kernelsDirectory.toAbsolutePath().resolve(name));
        Path partial = Files.createTempFile(folder, SPEC, ".part");
        try {
            JsonObject spec = spec(displayName, classPath, environment, System.getenv(JAVA_OPTIONS));
            Files.writeString(partial, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(spec) + "\n");
            // Temporary files are for their owner only; a kernel in a shared folder is for everyone
            partial.toFile().setReadable(true, false);
            return replace(partial, folder.resolve(SPEC));
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /**
     * Returns the command that starts the kernel with the Java of this process.
     *
     * @param classPath the jars of the kernel
     * @param javaOptions options for its JVM, as in a shell; null for none
     * @return the words of the command; <code>{connection_file}</code> stands for the connection file
     */
    public static List<String> command(List<Path> classPath, String javaOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(KernelArchive.NATIVE_ACCESS);
        command.addAll(hugePages());
        command.addAll(KernelArchive.options(classPath));
        command.addAll(CellSource.arguments(javaOptions == null ? "" : javaOptions));
        command.add("-cp");
        List<String> jars = classPath.stream().map(path -> path.toAbsolutePath().normalize().toString()).toList();
        command.add(String.join(File.pathSeparator, jars));
        command.add(KernelMain.class.getName());
        command.add("{connection_file}");
        return command;
    }

    /** Where the system has them: in small pages, page faults take a sixth of a declaration's time in a virtual machine. */
    static List<String> hugePages() {
        try {
            boolean has = Files.readString(HUGE_PAGES).matches("(?s).*\\[(?:always|madvise)\\].*");
            return has ? List.of("-XX:+UseTransparentHugePages") : List.of();
        } catch (IOException otherSystem) {
            return List.of();
        }
    }

    static JsonObject spec(String displayName, List<Path> classPath, Map<String, String> environment, String javaOptions) {
        JsonArray arguments = new JsonArray();
        command(classPath, javaOptions).forEach(arguments::add);
        JsonObject variables = new JsonObject();
        environment.forEach(variables::addProperty);
        JsonObject spec = new JsonObject();
        spec.add("argv", arguments);
        spec.addProperty("display_name", displayName);
        spec.addProperty("language", "java");
        spec.addProperty("interrupt_mode", "message");
        spec.add("env", variables);
        return spec;
    }

    /**
     * Returns the kernels in a folder that are this one, whatever their names.
     *
     * @param kernelsDirectory the folder of all kernels
     * @return names in alphabetical order; none if the folder does not exist
     * @throws IOException that the folder cannot be read
     */
    public static List<String> list(Path kernelsDirectory) throws IOException {
        if (!Files.isDirectory(kernelsDirectory)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(kernelsDirectory)) {
            return folders.filter(KernelSpecInstaller::isOurs).map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    /**
     * Removes this kernel from a folder.
     *
     * @param kernelsDirectory the folder of all kernels
     * @param name its name
     * @return whether there was one
     * @throws IOException that it cannot be removed
     * @throws IllegalArgumentException if another kernel has that name
     */
    public static boolean uninstall(Path kernelsDirectory, String name) throws IOException {
        if (!NAME.matcher(name).matches() || !Files.exists(kernelsDirectory.resolve(name))) {
            return false;
        }
        Path folder = kernelsDirectory.resolve(name);
        if (!isOurs(folder)) {
            throw new IllegalArgumentException("Kernel " + name + " in " + kernelsDirectory + " is not AdaDiff's: it is left alone");
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        return true;
    }

    private static boolean isOurs(Path folder) {
        try {
            return Files.readString(folder.resolve(SPEC)).contains('"' + KernelMain.class.getName() + '"');
        } catch (IOException e) {
            return false;
        }
    }

    private static Path replace(Path from, Path to) throws IOException {
        try {
            return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            return Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
