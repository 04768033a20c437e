package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.CellMagic;
import io.github.spencerpark.jupyter.kernel.magic.registry.LineMagic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;

/** Magics that add jars by their Maven coordinates. Nothing of Maven is loaded before the first of them runs. */
public final class MavenMagics {
    private static final Set<String> DEFAULT_SCOPES = Set.of("compile", "runtime");

    private final JavaKernel kernel;
    private final Set<Path> added = new HashSet<>();
    private MavenResolver resolver;

    MavenMagics(JavaKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * {@code %maven COORDINATES…}: adds jars and all that they need to the class path. All coordinates are resolved together.
     *
     * @param coordinates each {@code group:artifact[:extension[:classifier]]:version}
     * @throws Exception that a coordinate is malformed, or what could not be found
     */
    @LineMagic(aliases = {"addMavenDependency", "addMavenDependencies"})
    public void maven(List<String> coordinates) throws Exception {
        if (coordinates.isEmpty()) {
            throw new IllegalArgumentException("%maven: expected group:artifact[:extension[:classifier]]:version, found nothing");
        }
        List<Dependency> dependencies = coordinates.stream().map(MavenMagics::dependency).toList();
        add(resolver().resolve(dependencies, List.of()));
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
        if (body == null && arguments.isEmpty()) {
            throw new IllegalArgumentException("%loadFromPOM: expected FILE [SCOPE...], found nothing");
        }
        PomFile pom;
        List<String> scopes;
        if (body == null) {
            Path file = Path.of(arguments.get(0)).toAbsolutePath().normalize();
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("%loadFromPOM: no file " + file);
            }
            pom = PomFile.read(file, resolver());
            scopes = arguments.subList(1, arguments.size());
        } else {
            pom = PomFile.parse(body, resolver());
            scopes = arguments;
        }
        pom.repositories().stream()
                .filter(repository -> !repository.getId().equals("central"))
                .forEach(repository -> resolver().addRepository(repository.getId(), repository.getUrl()));
        List<Dependency> dependencies = pom.dependencies(scopes.isEmpty() ? DEFAULT_SCOPES : Set.copyOf(scopes));
        add(resolver().resolve(dependencies, pom.managed()));
    }

    private void add(List<Path> jars) {
        for (Path jar : jars) {
            if (added.add(jar)) {
                kernel.addToClasspath(jar.toString());
            }
        }
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
