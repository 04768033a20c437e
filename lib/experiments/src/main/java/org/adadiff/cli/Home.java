package org.adadiff.cli;

import java.nio.file.Path;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.train.Workspace;

/** The folder that the project lies in; the launcher says where that is. */
final class Home {
    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty(Workspace.HOME_PROPERTY, "."));
    }

    static Path data() {
        return directory().resolve("data");
    }

    /** Where the data sets are: what the user asked for, else ADADIFF_DATA, else the project's own folder. */
    static Path data(Path optionOrNull) {
        return DataDirectory.resolve(optionOrNull, data(), System.getenv());
    }
}
