package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

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

    /** Says something else of a run: its status, and its data where that is not null. */
    static void describe(Path directory, String status, String data) throws IOException {
        Path file = directory.resolve("run.json");
        JsonObject run = new Gson().fromJson(Files.readString(file), JsonObject.class);
        run.addProperty("status", status);
        run.remove("data");
        if (data != null) {
            run.add("data", new Gson().fromJson(data, JsonObject.class));
        }
        Files.writeString(file, run.toString());
    }
}
