package org.adadiff.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.adadiff.dataset.DataVerifier;
import org.adadiff.dataset.OfficialDataset;
import org.adadiff.dataset.OfficialDataset.OfficialFile;

/** Which data a run was trained on, as the checksums in its run.json tell. */
public enum RunData {
    /** Every data file has the official checksum. */
    OFFICIAL("official"),
    /** The official images, all of them, in other files. */
    OTHER_ORDER("official images, other order"),
    /** Real, but not the official files: results may differ from what those would give. */
    OTHER_FILES("not the official files"),
    /** Generated. */
    SAMPLE("generated sample"),
    /** run.json does not say. */
    UNKNOWN("not stated");

    private static final Map<String, String> OFFICIAL_SUMS = Stream.of(OfficialDataset.values())
            .flatMap(dataset -> dataset.files().stream()).collect(Collectors.toMap(OfficialFile::name, OfficialFile::sha256));

    private final String words;

    RunData(String words) {
        this.words = words;
    }

    static RunData of(JsonObject description) {
        if (!(description.get("data") instanceof JsonObject data) || !data.has("kind")) {
            return UNKNOWN;
        }
        if (!data.get("kind").getAsString().equals("real")) {
            return SAMPLE;
        }
        // What the verifier found when the run began; it knows the official images in any order
        if (data.has("content") && data.get("content").getAsString().equals(DataVerifier.State.OTHER_ORDER.description())) {
            return OTHER_ORDER;
        }
        List<Map.Entry<String, JsonElement>> files = new ArrayList<>();
        if (data.get("sha256") instanceof JsonObject sums) {
            files.addAll(sums.entrySet());
        }
        if (files.isEmpty()) {
            return UNKNOWN;
        }
        boolean official = files.stream().allMatch(file -> {
            String sum = OFFICIAL_SUMS.get(file.getKey());
            return sum != null && (sum.isEmpty() || sum.equals(file.getValue().getAsString()));
        });
        return official ? OFFICIAL : OTHER_FILES;
    }

    @Override
    public String toString() {
        return words;
    }
}
