package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.adadiff.jupyter.kernel.KernelSpecInstaller;

/** The kernels installed on this machine, found in the folders where Jupyter looks, the first of a name winning. */
public final class KernelSpecs {
    private final List<Path> folders; // each holds NAME/kernel.json

    private KernelSpecs(List<Path> folders) {
        this.folders = folders;
    }

    /**
     * Looks where Jupyter would on this machine, in this environment.
     *
     * @return the installed kernels; nothing is read yet
     */
    public static KernelSpecs installed() {
        return in(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    }

    static KernelSpecs in(Map<String, String> environment, String operatingSystem, Path home) {
        Function<String, Optional<String>> variable =
                name -> Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
        boolean windows = operatingSystem.startsWith("Windows");
        LinkedHashSet<Path> data = new LinkedHashSet<>();
        variable.apply("JUPYTER_PATH").ifPresent(path -> Stream.of(path.split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .forEach(part -> data.add(Path.of(part))));
        data.add(KernelSpecInstaller.userDirectory(operatingSystem, home, environment).getParent());
        KernelSpecInstaller.activeDirectories(environment).forEach(kernels -> data.add(kernels.getParent()));
        if (windows) {
            variable.apply("PROGRAMDATA").ifPresent(path -> data.add(Path.of(path, "jupyter")));
        } else {
            data.add(Path.of("/usr/local/share/jupyter"));
            data.add(Path.of("/usr/share/jupyter"));
        }
        return new KernelSpecs(data.stream().map(folder -> folder.resolve("kernels")).toList());
    }

    /**
     * Finds a kernel by name, in upper or lower case.
     *
     * @param name the kernelspec's name
     * @return the first of that name
     * @throws RunException with {@link RunStatus#NO_KERNEL} if there is none, naming those that there are, or if its
     *     {@code kernel.json} cannot be used
     */
    public KernelSpec find(String name) throws RunException {
        Path file = files().get(name.toLowerCase(Locale.ROOT));
        if (file == null) {
            throw none("no kernel named '" + name + "' is installed");
        }
        return read(name, file);
    }

    /** The error for a kernel that was not found: what, and which there are. */
    RunException none(String what) {
        Map<String, Path> known = files();
        String found = known.isEmpty()
                ? "found none"
                : "found " + known.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue().getParent() + ")")
                        .collect(Collectors.joining(", "));
        return new RunException(
                RunStatus.NO_KERNEL,
                what + "; " + found + "; looked in "
                        + folders.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    /**
     * Lists the kernels that can be used.
     *
     * @return by name; those whose {@code kernel.json} is damaged are left out
     */
    public List<KernelSpec> list() {
        List<KernelSpec> specs = new ArrayList<>();
        files().forEach((name, file) -> {
            try {
                specs.add(read(name, file));
            } catch (RunException damaged) {
                // One broken installation must not hide the others; asking for it by name says what is wrong.
            }
        });
        return specs;
    }

    /** The name of a kernel for a language; none if there is none, or if the language is empty. */
    Optional<String> ofLanguage(String language) {
        return language.isEmpty() ? Optional.empty()
                : list().stream().filter(spec -> spec.language().equalsIgnoreCase(language)).map(KernelSpec::name).findFirst();
    }

    private Map<String, Path> files() {
        Map<String, Path> files = new TreeMap<>();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> kernels = Files.list(folder)) {
                kernels.sorted().map(kernel -> kernel.resolve("kernel.json")).filter(Files::isRegularFile)
                        .forEach(file -> files.putIfAbsent(
                                file.getParent().getFileName().toString().toLowerCase(Locale.ROOT), file));
            } catch (IOException unreadable) {
                // Jupyter passes over folders that it may not read.
            }
        }
        return files;
    }

    private static KernelSpec read(String name, Path file) throws RunException {
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            List<String> argv = json.getAsJsonArray("argv").asList().stream().map(JsonElement::getAsString).toList();
            if (argv.isEmpty()) {
                throw new IllegalStateException("argv is empty");
            }
            Map<String, String> env = new LinkedHashMap<>();
            if (json.has("env")) {
                json.getAsJsonObject("env").asMap().forEach((key, value) -> env.put(key, value.getAsString()));
            }
            return new KernelSpec(
                    name,
                    json.has("display_name") ? json.get("display_name").getAsString() : name,
                    json.has("language") ? json.get("language").getAsString() : "",
                    argv,
                    env,
                    json.has("interrupt_mode") && json.get("interrupt_mode").getAsString().equals("message"),
                    Optional.of(file.getParent()));
        } catch (IOException | JsonParseException | IllegalStateException | NullPointerException
                | ClassCastException | UnsupportedOperationException damaged) {
            throw new RunException(
                    RunStatus.NO_KERNEL,
                    "the kernel '" + name + "' cannot be used: expected a kernel.json with an argv list, found "
                            + damaged.getMessage() + ", in " + file,
                    damaged);
        }
    }
}
