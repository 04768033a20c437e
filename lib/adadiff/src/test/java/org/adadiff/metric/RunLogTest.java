package org.adadiff.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLogTest {
    @TempDir
    Path directory;

    @Test
    void rowsAreReadAsTheyWereWritten() throws IOException {
        RunLog log = RunLog.create(directory, Map.of("seed", 7));
        MetricRow train = new MetricRow(1, "train", 2.302585, 10.5, 1e-3, 12.345);
        MetricRow test = new MetricRow(1, "test", 2.25, 12.25, 1e-3, 0.5);
        log.append(List.of(train, test));
        assertEquals(List.of(train, test), RunLog.readMetrics(directory));
        assertEquals("epoch,split,loss,metric,learning_rate,seconds\n1,train,2.302585,10.5000,0.001,12.345\n"
                + "1,test,2.250000,12.2500,0.001,0.500\n", Files.readString(directory.resolve("metrics.csv")));
        assertEquals(7, RunLog.readDescription(directory).get("seed").getAsInt());
    }

    @Test
    void aFolderThatHoldsARunIsRefused() throws IOException {
        RunLog.create(directory, Map.of()).append(List.of(new MetricRow(1, "train", 1, 1, 1, 1)));
        var error = assertThrows(FileAlreadyExistsException.class, () -> RunLog.create(directory, Map.of()));
        assertTrue(error.getMessage().contains("holds a run already"), error.getMessage());
        assertEquals(1, RunLog.readMetrics(directory).size());
    }

    @Test
    void aDamagedFileIsRefusedWithItsLine() throws IOException {
        RunLog.create(directory, Map.of());
        Files.writeString(directory.resolve("metrics.csv"), RunLog.HEADER + "\n1,train,0.5,1\n");
        var error = assertThrows(IOException.class, () -> RunLog.readMetrics(directory));
        assertTrue(error.getMessage().contains("line 2"), error.getMessage());
        assertTrue(error.getMessage().contains("1,train,0.5,1"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1, 2]", "null", "{\"seed\": ", "7"})
    void aDescriptionThatIsNoObjectIsRefusedWithItsFile(String json) throws IOException {
        RunLog.create(directory, Map.of());
        Files.writeString(directory.resolve("run.json"), json);
        var error = assertThrows(IOException.class, () -> RunLog.readDescription(directory));
        assertTrue(error.getMessage().startsWith(directory.resolve("run.json") + ": expected a JSON object, found "), error.getMessage());
    }

    @Test
    void averagesWeighBatchesByTheirSize() {
        EpochAverage average = new EpochAverage();
        average.add(1.0, 3, 2);
        average.add(2.0, 1, 1);
        assertEquals(1.25, average.loss(), 1e-15);
        assertEquals(75.0, average.accuracy(), 1e-12);
        assertEquals(Math.exp(1.25), average.perplexity(), 1e-12);
    }
}
