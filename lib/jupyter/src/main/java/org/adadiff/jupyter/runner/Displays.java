package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each display_id stands, in all cells of a notebook: an update rewrites every such output. */
final class Displays {
    private final Map<String, List<Place>> places = new HashMap<>();
    private Map<Integer, Map<Integer, JsonObject>> changes = new HashMap<>();

    private record Place(int cell, int output) {}

    void add(String displayId, int cell, int output) {
        places.computeIfAbsent(displayId, id -> new ArrayList<>()).add(new Place(cell, output));
    }

    /**
     * Gives the outputs of that id new data: in the running cell at once, in earlier ones when the notebook is saved. Does
     * nothing for an id that was never displayed.
     */
    void update(String displayId, JsonObject data, JsonObject metadata, int runningCell, JsonArray itsOutputs) {
        for (Place place : places.getOrDefault(displayId, List.of())) {
            JsonObject output = place.cell == runningCell
                    ? itsOutputs.get(place.output).getAsJsonObject()
                    : changes.computeIfAbsent(place.cell, cell -> new HashMap<>())
                            .computeIfAbsent(place.output, number -> new JsonObject());
            output.add("data", MultilineText.bundle(data));
            output.add("metadata", metadata.deepCopy());
        }
    }

    /** Whether a cell has outputs that later ones may display anew. */
    boolean has(int cell) {
        return places.values().stream().flatMap(List::stream).anyMatch(place -> place.cell == cell);
    }

    /** Forgets the outputs of a cell, which has cleared them. */
    void forget(int cell) {
        places.values().forEach(list -> list.removeIf(place -> place.cell == cell));
    }

    /** What has been displayed anew in earlier cells since this was asked last: by cell and output, data and metadata. */
    Map<Integer, Map<Integer, JsonObject>> changes() {
        Map<Integer, Map<Integer, JsonObject>> taken = changes;
        changes = new HashMap<>();
        return taken;
    }
}
