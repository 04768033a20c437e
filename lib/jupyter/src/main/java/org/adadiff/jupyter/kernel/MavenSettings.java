package org.adadiff.jupyter.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.ParserConfigurationException;
import org.eclipse.aether.repository.RemoteRepository;
import org.xml.sax.SAXException;

/**
 * What of the user's Maven settings matters for finding jars.
 *
 * @param localRepository the system property {@code maven.repo.local}, else what settings.xml says, else ~/.m2/repository
 * @param central where Maven Central is, or its mirror
 */
record MavenSettings(Path localRepository, RemoteRepository central) {
    private static final String SUPER_POM = "/org/apache/maven/model/pom-4.0.0.xml";

    static MavenSettings read() {
        Path home = Path.of(System.getProperty("user.home"), ".m2");
        Path local = home.resolve("repository");
        RemoteRepository central = repository("central", centralUrl());
        Path file = home.resolve("settings.xml");
        if (Files.isRegularFile(file)) {
            try {
                Xml settings = Xml.parse(Files.readString(file));
                for (Xml element : settings.all("localRepository")) {
                    local = Path.of(element.text().replace("${user.home}", System.getProperty("user.home")));
                }
                List<String> mirrored = new ArrayList<>(List.of("central", "*", "external:*"));
                for (Xml mirror : settings.all("mirror")) {
                    if (mirrored.contains(mirror.childText("mirrorOf"))) {
                        central = repository(mirror.childText("id"), mirror.childText("url"));
                        break;
                    }
                }
            } catch (IOException | SAXException | ParserConfigurationException e) {
                System.err.println(file + " is not used: " + e.getMessage());
            }
        }
        String property = System.getProperty("maven.repo.local");
        return new MavenSettings(property == null ? local : Path.of(property), central);
    }

    /** Where Maven Central is, as the super POM inside Maven's own jar has it. */
    private static String centralUrl() {
        try (InputStream in = MavenSettings.class.getResourceAsStream(SUPER_POM)) {
            return Xml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).all("repository").get(0).childText("url");
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read Maven's super POM, " + SUPER_POM, e);
        }
    }

    static RemoteRepository repository(String id, String url) {
        return new RemoteRepository.Builder(id, "default", url).build();
    }
}
