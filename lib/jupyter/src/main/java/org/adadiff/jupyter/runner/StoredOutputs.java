package org.adadiff.jupyter.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outputs that a notebook came with, and the comparison of a run's with them, if one is asked for. What later cells may display anew
 * is compared at the end, in its last form, as it was stored.
 */
final class StoredOutputs {
    private final Optional<Comparison> comparison;
    private final Map<JsonObject, JsonArray> stored = new IdentityHashMap<>(); // by cell
    private final Map<Integer, JsonArray> displaying = new LinkedHashMap<>(); // this run's, by index of the cell

    StoredOutputs(Optional<Comparison> comparison) {
        this.comparison = comparison;
    }

    boolean areCompared() {
        return comparison.isPresent();
    }

    /** To be called before the cell's outputs are let go of. */
    void keep(Cell cell) {
        if (areCompared() && cell.isCode()) {
            stored.put(cell.json(), cell.outputs());
        }
    }

    boolean skip(Cell cell) {
        return areCompared() && Comparison.skips(cell);
    }

    boolean expectError(Cell cell) {
        return areCompared() && Comparison.expectsError(cell);
    }

    /** Before the kernel starts: a tag that cannot be understood would break the run off in the middle. */
    void checkTags(List<Cell> cells, Path file) throws RunException {
        for (int i = 0; areCompared() && i < cells.size(); i++) {
            try {
                comparison.get().refinedBy(cells.get(i));
            } catch (IllegalArgumentException wrong) {
                throw new RunException(RunStatus.BAD_INPUT, "cell " + (i + 1) + " of " + file + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    /** What differs in a cell that has run, as far as that can be told yet. */
    Optional<CellError> difference(int index, Cell cell, Displays displays) {
        if (areCompared() && displays.has(index)) {
            displaying.put(index, cell.outputs());
            return Optional.empty();
        }
        return difference(cell, cell.outputs());
    }

    private Optional<CellError> difference(Cell cell, JsonArray outputs) {
        return comparison.flatMap(compared -> compared.difference(cell, stored.getOrDefault(cell.json(), new JsonArray()), outputs));
    }

    /** Takes over what has been displayed anew: by cell and output, data and metadata. */
    void displayAnew(Map<Integer, Map<Integer, JsonObject>> changes) {
        changes.forEach((index, outputs) -> outputs.forEach((output, display) -> {
            if (displaying.containsKey(index)) {
                JsonObject shown = displaying.get(index).get(output).getAsJsonObject();
                display.entrySet().forEach(member -> shown.add(member.getKey(), member.getValue()));
            }
        }));
    }

    /** What differs at the end, by index, of what could not be told before. */
    Map<Integer, CellError> lastDifferences(List<Cell> cells) {
        Map<Integer, CellError> differences = new LinkedHashMap<>();
        displaying.forEach((index, outputs) -> difference(cells.get(index), outputs).ifPresent(error -> differences.put(index, error)));
        return differences;
    }
}
