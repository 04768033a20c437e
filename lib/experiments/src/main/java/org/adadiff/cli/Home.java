package org.adadiff.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.adadiff.dataset.DataDirectory;
import org.adadiff.train.Workspace;

/** Where files are: the folder that the project lies in, which the launcher says, and what is written for the user. */
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

    /** Refuses, before hours of work, a file that could not be written after them; makes its folder. */
    static void expectWritable(String option, Path fileOrNull) {
        if (fileOrNull == null) {
            return;
        }
        String refusal = option + ": expected a file that can be written, found " + fileOrNull;
        try {
            Path folder = fileOrNull.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) { // a link to one would be refused
                Files.createDirectories(folder);
            }
            if (Files.isDirectory(fileOrNull) || !Files.isWritable(folder)) {
                throw new IllegalArgumentException(refusal);
            }
        } catch (IOException noFolder) {
            throw new IllegalArgumentException(refusal + ": " + noFolder, noFolder);
        }
    }
}
