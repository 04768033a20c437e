package org.adadiff.jupyter.runner;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where each display_id stands, in all cells of a notebook: an update rewrites every such output. */
final class Displays {
    private final Map<String, List<JsonObject>> outputs = new HashMap<>();

    void add(String displayId, JsonObject output) {
        outputs.computeIfAbsent(displayId, id -> new ArrayList<>()).add(output);
    }

    /** Gives the outputs of that id new data; does nothing for an id that was never displayed. */
    void update(String displayId, Message message) {
        for (JsonObject output : outputs.getOrDefault(displayId, List.of())) {
            output.add("data", MultilineText.splitBundle(message.object("data")));
            output.add("metadata", message.object("metadata").deepCopy());
        }
    }

    /** Forgets outputs that a cell has cleared. */
    void forget(Iterable<JsonElement> cleared) {
        Set<JsonElement> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        cleared.forEach(gone::add);
        outputs.values().forEach(list -> list.removeIf(gone::contains));
    }
}
