package org.adadiff.jupyter.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.LocalRepository;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;

/**
 * Finds jars and what they need. What the local repository holds is used without asking the network, wherever it once came from;
 * only if something is missing there are remote repositories asked.
 */
final class MavenResolver {
    private static final Set<String> CLASS_PATH_SCOPES = Set.of("compile", "runtime");

    private final MavenSettings settings = MavenSettings.read();
    private final RepositorySystem system = new RepositorySystemSupplier().get();
    private final List<RemoteRepository> repositories = new ArrayList<>(List.of(settings.central()));

    void addRepository(String id, String url) {
        RemoteRepository repository = MavenSettings.repository(id, url);
        repositories.removeIf(known -> known.getId().equals(id));
        repositories.add(repository);
    }

    /**
     * Resolves dependencies together: of two versions of a jar, the one nearest to the top is taken.
     *
     * @param dependencies what is asked for
     * @param managed versions to take where dependencies of dependencies name another
     * @return jars, without duplicates
     */
    List<Path> resolve(List<Dependency> dependencies, List<Dependency> managed) throws MavenResolutionException {
        try {
            return resolve(dependencies, managed, true);
        } catch (DependencyResolutionException missingLocally) {
            try {
                return resolve(dependencies, managed, false);
            } catch (DependencyResolutionException e) {
                throw new MavenResolutionException(describe(e));
            }
        }
    }

    /** Returns the file of one artifact, a POM for example. */
    Path resolve(Artifact artifact) throws ArtifactResolutionException {
        ArtifactRequest request = new ArtifactRequest(artifact, repositories, null);
        try (CloseableSession session = session(true)) {
            return system.resolveArtifact(session, request).getArtifact().getPath();
        } catch (ArtifactResolutionException missingLocally) {
            try (CloseableSession session = session(false)) {
                return system.resolveArtifact(session, request).getArtifact().getPath();
            }
        }
    }

    private List<Path> resolve(List<Dependency> dependencies, List<Dependency> managed, boolean offline)
            throws DependencyResolutionException {
        CollectRequest collect = new CollectRequest(dependencies, managed, repositories);
        DependencyRequest request = new DependencyRequest(collect, MavenResolver::isForClassPath);
        try (CloseableSession session = session(offline)) {
            Set<Path> jars = new LinkedHashSet<>();
            for (ArtifactResult result : system.resolveDependencies(session, request).getArtifactResults()) {
                if (!result.getArtifact().getExtension().equals("pom")) {
                    jars.add(result.getArtifact().getPath());
                }
            }
            return List.copyOf(jars);
        }
    }

    private static boolean isForClassPath(DependencyNode node, List<DependencyNode> parents) {
        return node.getDependency() == null || CLASS_PATH_SCOPES.contains(node.getDependency().getScope());
    }

    private CloseableSession session(boolean offline) {
        // The simple kind does not ask which repository a file once came from
        LocalRepository local = new LocalRepository(settings.localRepository(), offline ? "simple" : "default");
        RepositorySystemSession.SessionBuilder builder =
                new SessionBuilderSupplier(system)
                        .get()
                        .withLocalRepositories(local)
                        .setSystemProperties(System.getProperties())
                        .setOffline(offline)
                        // Files need no network
                        .setConfigProperty("aether.offline.protocols", "file")
                        // A jar without its POM would silently lack what it needs, as long as the POM may still be found
                        .setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(!offline, !offline));
        return offline ? builder.build() : builder.withTransferListener(new Downloads()).build();
    }

    private String describe(DependencyResolutionException e) {
        Set<String> missing = new LinkedHashSet<>();
        if (e.getResult() != null) {
            for (ArtifactResult result : e.getResult().getArtifactResults()) {
                if (!result.isResolved()) {
                    missing.add(String.valueOf(result.getRequest().getArtifact()));
                }
            }
        }
        String where = repositories.stream().map(r -> r.getId() + " (" + r.getUrl() + ")").collect(Collectors.joining(", "));
        Throwable deepest = e;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return "Could not resolve " + (missing.isEmpty() ? "the dependencies" : String.join(", ", missing))
                + ": looked in " + settings.localRepository() + ", " + where + "; " + deepest.getMessage();
    }

    /** Says what is fetched, so that a cell that waits for the network does not look dead. Transfers come from several threads. */
    private static final class Downloads extends AbstractTransferListener {
        private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
        private long told = System.nanoTime();

        @Override
        public synchronized void transferProgressed(TransferEvent event) {
            if (System.nanoTime() - told > SILENCE_NANOS) {
                told = System.nanoTime();
                long length = event.getResource().getContentLength();
                System.out.println("Downloading " + name(event) + ": " + kib(event.getTransferredBytes())
                        + (length > 0 ? " of " + kib(length) : "") + " KiB");
            }
        }

        @Override
        public synchronized void transferSucceeded(TransferEvent event) {
            if (name(event).endsWith(".jar")) {
                told = System.nanoTime();
                System.out.println("Downloaded " + name(event) + " (" + kib(event.getTransferredBytes()) + " KiB)");
            }
        }

        private static String name(TransferEvent event) {
            String path = event.getResource().getResourceName();
            return path.substring(path.lastIndexOf('/') + 1);
        }

        private static long kib(long bytes) {
            return bytes >> 10;
        }
    }
}
