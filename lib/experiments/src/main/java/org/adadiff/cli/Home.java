package org.adadiff.cli;

import java.nio.file.Path;

/** The folder that the project lies in; the launcher says where that is. */
final class Home {
    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty("adadiff.home", "."));
    }

    static Path data() {
        return directory().resolve("data");
    }
}
