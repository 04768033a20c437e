package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes small run folders as training writes them. */
final class RunFolders {
    private RunFolders() {
    }

    /** A run whose test metric takes the given values, one an epoch; its loss is a tenth of it. */
    static Path write(Path root, String experiment, String optimizer, long seed, String profile, double... testMetric) throws IOException {
        Path directory = Files.createDirectories(root.resolve(experiment + "-" + optimizer + "-" + seed + "-" + profile));
        Files.writeString(directory.resolve("run.json"), String.format(Locale.ROOT,
                "{\"experiment\": \"%s\", \"optimizer\": \"%s\", \"seed\": %d, \"profile\": \"%s\", \"status\": \"done\"}", experiment, optimizer, seed, profile));
        var csv = new StringBuilder("epoch,split,loss,metric,learning_rate,seconds\n");
        for (int i = 0; i < testMetric.length; i++) {
            csv.append(i + 1).append(",train,1.5,10.0,0.001,2.5\n");
            csv.append(i + 1).append(",test,").append(testMetric[i] / 10).append(',').append(testMetric[i]).append(",0.001,0.5\n");
        }
        Files.writeString(directory.resolve("metrics.csv"), csv);
        return directory;
    }
}
