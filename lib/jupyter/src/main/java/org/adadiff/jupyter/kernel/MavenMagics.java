package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.CellMagic;
import io.github.spencerpark.jupyter.kernel.magic.registry.LineMagic;
import io.github.spencerpark.jupyter.kernel.magic.registry.MagicsArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;

/** Magics that add jars by their Maven coordinates. Nothing of Maven is loaded before the first of them runs. */
public final class MavenMagics {
    private static final Set<String> DEFAULT_SCOPES = Set.of("compile", "runtime");

    private static final MagicsArgs MAVEN =
            MagicsArgs.builder().varargs("coordinates").keyword("from").flag("verbose", 'v').onlyKnownKeywords().onlyKnownFlags().build();
    private static final MagicsArgs POM =
            MagicsArgs.builder().varargs("words").flag("verbose", 'v').onlyKnownKeywords().onlyKnownFlags().build();

    private final JavaKernel kernel;
    private MavenResolver resolver;

    MavenMagics(JavaKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * {@code %maven COORDINATES…}: adds jars and all that they need to the class path. All coordinates are resolved together.
     *
     * @param arguments each {@code group:artifact[:extension[:classifier]]:version}; also {@code --from URL} for another repository,
     *     and {@code -v} to list what is added
     * @throws Exception that a coordinate is malformed, or what could not be found
     */
    @LineMagic(aliases = {"addMavenDependency", "addMavenDependencies"})
    public void maven(List<String> arguments) throws Exception {
        Map<String, List<String>> values = MAVEN.parse(arguments);
        List<String> coordinates = values.get("coordinates");
        if (coordinates.isEmpty()) {
            throw new IllegalArgumentException("%maven: expected group:artifact[:extension[:classifier]]:version, found nothing");
        }
        List<Dependency> dependencies = coordinates.stream().map(MavenMagics::dependency).toList();
        // Anything but a URL is the name of a repository, and all of these are asked anyway
        values.get("from").stream().filter(repository -> repository.contains(":"))
                .forEach(url -> resolver().addRepository("from-" + url.replaceAll("\\W+", "-"), url));
        add(resolver().resolve(dependencies, List.of()), values);
    }

    /**
     * {@code %mavenRepo ID URL}: adds a repository for the magics that follow.
     *
     * @param arguments id and URL
     */
    @LineMagic(aliases = "addMavenRepo")
    public void mavenRepo(List<String> arguments) {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException("%mavenRepo: expected ID URL, found " + arguments);
        }
        resolver().addRepository(arguments.get(0), arguments.get(1));
    }

    /**
     * {@code %loadFromPOM FILE [SCOPE…]}, or {@code %%loadFromPOM [SCOPE…]} above a POM or parts of one: adds its dependencies.
     *
     * @param arguments the file, for the line magic; then scopes, by default compile and runtime
     * @param body the text below the cell magic; null for the line magic
     * @throws Exception that the POM cannot be read, or what could not be found
     */
    @LineMagic
    @CellMagic
    public void loadFromPOM(List<String> arguments, String body) throws Exception {
        Map<String, List<String>> values = POM.parse(arguments);
        List<String> words = values.get("words");
        if (body == null && words.isEmpty()) {
            throw new IllegalArgumentException("%loadFromPOM: expected FILE [SCOPE...], found nothing");
        }
        PomFile pom;
        List<String> scopes = words;
        if (body == null) {
            Path file = Path.of(words.get(0)).toAbsolutePath().normalize();
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("%loadFromPOM: no file " + file);
            }
            pom = PomFile.read(file, resolver());
            scopes = words.subList(1, words.size());
        } else {
            pom = PomFile.parse(body, resolver());
        }
        pom.repositories().stream()
                .filter(repository -> !repository.getId().equals("central"))
                .forEach(repository -> resolver().addRepository(repository.getId(), repository.getUrl()));
        List<Dependency> dependencies = pom.dependencies(scopes.isEmpty() ? DEFAULT_SCOPES : Set.copyOf(scopes));
        add(resolver().resolve(dependencies, pom.managed()), values);
    }

    private void add(List<Path> jars, Map<String, List<String>> values) {
        if (!values.get("verbose").isEmpty()) {
            jars.forEach(System.out::println);
        }
        kernel.addToClasspath(jars);
    }

    private MavenResolver resolver() {
        if (resolver == null) {
            resolver = new MavenResolver();
        }
        return resolver;
    }

    private static Dependency dependency(String coordinates) {
        try {
            return new Dependency(new DefaultArtifact(coordinates), "compile");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%maven: expected group:artifact[:extension[:classifier]]:version, found " + coordinates, e);
        }
    }
}
