package org.adadiff.dataset;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the real data sets lie, for the tests that need them; without ADADIFF_DATA those are skipped. */
final class RealData {
    private RealData() {}

    static Path directoryWith(OfficialDataset dataset) {
        String directory = System.getenv(DataDirectory.ENVIRONMENT_VARIABLE);
        assumeTrue(directory != null, "skipped: needs the real " + dataset.title() + "; set ADADIFF_DATA to the folder that holds it");
        Path path = Path.of(directory);
        assumeTrue(
                Files.isDirectory(path.resolve(dataset.folder())),
                "skipped: ADADIFF_DATA=" + path + " does not hold " + dataset.folder());
        return path;
    }
}
