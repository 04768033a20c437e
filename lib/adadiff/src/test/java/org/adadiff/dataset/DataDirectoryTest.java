package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void optionWinsOverEnvironmentAndEnvironmentOverData() {
        Map<String, String> environment = Map.of("ADADIFF_DATA", "/from/environment");
        Path project = Path.of("/project/data");
        assertEquals(Path.of("/option"), DataDirectory.resolve(Path.of("/option"), project, environment));
        assertEquals(Path.of("/from/environment"), DataDirectory.resolve(null, project, environment));
        assertEquals(project, DataDirectory.resolve(null, project, Map.of()));
        assertEquals(project, DataDirectory.resolve(null, project, Map.of("ADADIFF_DATA", " ")));
    }

    @Test
    void realDataWinsOverTheSampleEvenWhenDamaged() throws IOException {
        Path sample = Files.createDirectories(directory.resolve("sample/ptb"));
        assertEquals(sample, DataDirectory.find(directory, OfficialDataset.PENN_TREEBANK));
        Path real = Files.createDirectories(directory.resolve("ptb"));
        assertEquals(real, DataDirectory.find(directory, OfficialDataset.PENN_TREEBANK));
        assertThrows(DataFileException.class, () -> PennTreebank.load(directory), "a damaged real set is never replaced by a sample in silence");
    }

    @Test
    void nothingAtAllSaysWhereItLookedAndWhatToRun() {
        assertEquals(
                "Penn Treebank not found: expected the folder " + directory.resolve("ptb") + " or " + directory.resolve("sample/ptb")
                        + ", found neither; run `adadiff data fetch` for the real data, or `adadiff data sample` for a small generated set",
                assertThrows(DataFileException.class, () -> DataDirectory.find(directory, OfficialDataset.PENN_TREEBANK)).getMessage());
    }
}
