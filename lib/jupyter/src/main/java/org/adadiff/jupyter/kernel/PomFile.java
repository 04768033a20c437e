package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Repository;
import org.apache.maven.model.building.DefaultModelBuilderFactory;
import org.apache.maven.model.building.DefaultModelBuildingRequest;
import org.apache.maven.model.building.FileModelSource;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelBuildingRequest;
import org.apache.maven.model.resolution.ModelResolver;
import org.apache.maven.model.resolution.UnresolvableModelException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.xml.sax.SAXException;

/** The dependencies that a POM declares, with its parents, imports, properties and managed versions worked in. */
final class PomFile {
    private final Model model;

    private PomFile(Model model) {
        this.model = model;
    }

    static PomFile read(Path file, MavenResolver resolver) throws ModelBuildingException {
        ModelBuildingRequest request = new DefaultModelBuildingRequest();
        request.setPomFile(file.toFile());
        request.setValidationLevel(ModelBuildingRequest.VALIDATION_LEVEL_MINIMAL);
        request.setSystemProperties(System.getProperties());
        request.setModelResolver(new Models(resolver));
        return new PomFile(new DefaultModelBuilderFactory().newInstance().build(request).getEffectiveModel());
    }

    /** Reads a whole POM, or only {@code <dependency>}, {@code <repository>} and other children of a project. */
    static PomFile parse(String text, MavenResolver resolver)
            throws IOException, SAXException, ParserConfigurationException, TransformerException, ModelBuildingException {
        Path file = Files.createTempFile("cell", ".pom");
        try {
            Files.writeString(file, completed(text));
            return read(file, resolver);
        } finally {
            Files.delete(file);
        }
    }

    private static String completed(String text)
            throws IOException, SAXException, ParserConfigurationException, TransformerException {
        Xml fragment = Xml.parse("<fragment>" + text.replaceFirst("^\\s*<\\?xml[^>]*\\?>", "") + "</fragment>");
        StringBuilder dependencies = new StringBuilder();
        StringBuilder repositories = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (Xml child : fragment.children()) {
            switch (child.name()) {
                case "project" -> {
                    return child.source();
                }
                case "dependency" -> dependencies.append(child.source());
                case "repository" -> repositories.append(child.source());
                case "dependencies" -> {
                    for (Xml dependency : child.children()) {
                        dependencies.append(dependency.source());
                    }
                }
                case "repositories" -> {
                    for (Xml repository : child.children()) {
                        repositories.append(repository.source());
                    }
                }
                default -> others.append(child.source());
            }
        }
        return "<project><modelVersion>4.0.0</modelVersion><groupId>notebook</groupId><artifactId>cell</artifactId>"
                + "<version>1</version><packaging>pom</packaging>" + others
                + "<repositories>" + repositories + "</repositories>"
                + "<dependencies>" + dependencies + "</dependencies></project>";
    }

    List<Repository> repositories() {
        return model.getRepositories();
    }

    /** Direct dependencies of these scopes; one without a scope is of scope compile. */
    List<Dependency> dependencies(Set<String> scopes) {
        List<Dependency> dependencies = new ArrayList<>();
        for (org.apache.maven.model.Dependency declared : model.getDependencies()) {
            String scope = declared.getScope() == null ? "compile" : declared.getScope();
            if (scopes.contains(scope) && !scope.equals("system")) {
                // Whatever scope was asked for belongs on the class path
                dependencies.add(dependency(declared, "compile"));
            }
        }
        return dependencies;
    }

    List<Dependency> managed() {
        List<Dependency> managed = new ArrayList<>();
        if (model.getDependencyManagement() != null) {
            for (org.apache.maven.model.Dependency declared : model.getDependencyManagement().getDependencies()) {
                managed.add(dependency(declared, declared.getScope() == null ? "" : declared.getScope()));
            }
        }
        return managed;
    }

    private static Dependency dependency(org.apache.maven.model.Dependency declared, String scope) {
        boolean tests = declared.getType().equals("test-jar");
        String classifier = tests ? "tests" : declared.getClassifier();
        String extension = declared.getType().equals("pom") || declared.getType().equals("zip") ? declared.getType() : "jar";
        Artifact artifact =
                new DefaultArtifact(declared.getGroupId(), declared.getArtifactId(), classifier, extension, declared.getVersion());
        List<Exclusion> exclusions =
                declared.getExclusions().stream().map(e -> new Exclusion(e.getGroupId(), e.getArtifactId(), "*", "*")).toList();
        return new Dependency(artifact, scope, false, exclusions);
    }

    /** Finds parents and imported POMs. */
    private record Models(MavenResolver resolver) implements ModelResolver {
        @Override
        public FileModelSource resolveModel(String groupId, String artifactId, String version) throws UnresolvableModelException {
            try {
                return new FileModelSource(resolver.resolve(new DefaultArtifact(groupId, artifactId, "pom", version)).toFile());
            } catch (ArtifactResolutionException e) {
                throw new UnresolvableModelException(e.getMessage(), groupId, artifactId, version, e);
            }
        }

        @Override
        public FileModelSource resolveModel(Parent parent) throws UnresolvableModelException {
            return resolveModel(parent.getGroupId(), parent.getArtifactId(), parent.getVersion());
        }

        @Override
        public FileModelSource resolveModel(org.apache.maven.model.Dependency dependency) throws UnresolvableModelException {
            return resolveModel(dependency.getGroupId(), dependency.getArtifactId(), dependency.getVersion());
        }

        @Override
        public void addRepository(Repository repository) {
            addRepository(repository, false);
        }

        @Override
        public void addRepository(Repository repository, boolean replace) {
            if (!repository.getId().equals("central")) {
                resolver.addRepository(repository.getId(), repository.getUrl());
            }
        }

        @Override
        public ModelResolver newCopy() {
            return this;
        }
    }
}
