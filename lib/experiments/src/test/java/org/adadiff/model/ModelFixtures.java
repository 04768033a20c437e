package org.adadiff.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** model_fixtures.json: results that PyTorch computed in float64 for weights and inputs that follow from a formula. */
final class ModelFixtures {
    private ModelFixtures() {}

    static List<JsonObject> of(String network) {
        List<JsonObject> cases = new ArrayList<>();
        all().getAsJsonArray(network).forEach(entry -> cases.add(entry.getAsJsonObject()));
        JsonArray first = cases.get(0).getAsJsonArray("parameter_order");
        for (JsonObject fixture : cases) {
            if (fixture.get("parameter_order").isJsonPrimitive()) { // "as for 10 classes, but the last two"
                fixture.add("parameter_order", withClasses(first, fixture.get("classes")));
            }
        }
        return cases;
    }

    private static JsonArray withClasses(JsonArray order, JsonElement classes) {
        JsonArray changed = order.deepCopy();
        for (int k = changed.size() - 2; k < changed.size(); k++) {
            changed.get(k).getAsJsonArray().get(1).getAsJsonArray().set(0, classes);
        }
        return changed;
    }

    static JsonObject all() {
        try (Reader reader = new InputStreamReader(
                ModelFixtures.class.getResourceAsStream("model_fixtures.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException("model_fixtures.json cannot be read", e);
        }
    }

    /** U(k, i, phase) of the fixture: SplitMix64 in 64-bit wrap-around arithmetic, in [0, 1). */
    static double uniform(long k, long i, long phase) {
        long z = i + (k << 32) + phase * 0x9E3779B97F4A7C15L;
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    /** The value of an element of a tensor from u in [0, 1). */
    @FunctionalInterface
    interface Weight {
        double of(Parameter parameter, Shape tensor, double u);
    }

    /**
     * Sets the trainable parameters in their order, after checking that the order is the fixture's. A vector may hold
     * several of the fixture's tensors, one after the other.
     */
    static void setWeights(Block block, JsonObject fixture, Weight weight) {
        JsonArray order = fixture.getAsJsonArray("parameter_order");
        int phase = fixture.get("phase").getAsInt();
        int k = 0;
        for (Parameter parameter : ModelParameters.trainable(block)) {
            float[] values = new float[(int) parameter.getShape().size()];
            for (int filled = 0; filled < values.length; k++) {
                JsonArray expected = order.get(k).getAsJsonArray();
                Shape shape = shape(expected.get(1).getAsJsonArray());
                String name = "parameter " + k + ", " + expected.get(0).getAsString();
                if (shape.size() == values.length) {
                    assertEquals(shape, parameter.getShape(), "shape of " + name);
                }
                assertTrue(filled + shape.size() <= values.length, name + ": expected room for " + shape + " in " + parameter);
                for (int i = 0; i < shape.size(); i++) {
                    values[filled++] = (float) weight.of(parameter, shape, uniform(k, i, phase));
                }
            }
            parameter.getArray().set(values);
        }
        assertEquals(order.size(), k, "number of trainable tensors");
    }

    private static Shape shape(JsonArray dimensions) {
        return new Shape(IntStream.range(0, dimensions.size())
                .mapToLong(d -> dimensions.get(d).getAsLong())
                .toArray());
    }

    /** L2 norm over the gradients of all trainable parameters together. */
    static double gradientNorm(Block block) {
        double sum = 0;
        for (Parameter parameter : ModelParameters.trainable(block)) {
            try (NDArray gradient = parameter.getArray().getGradient()) {
                for (float g : gradient.toFloatArray()) {
                    sum += (double) g * g;
                }
            }
        }
        return Math.sqrt(sum);
    }

    /** Compares the first columns of the logits with the fixture's, relative to the largest of them. */
    static void assertLogits(JsonArray expected, NDArray logits, String what) {
        int classes = (int) logits.getShape().get(1);
        float[] actual = logits.toFloatArray();
        double largest = 0;
        for (int row = 0; row < expected.size(); row++) {
            for (var value : expected.get(row).getAsJsonArray()) {
                largest = Math.max(largest, Math.abs(value.getAsDouble()));
            }
        }
        for (int row = 0; row < expected.size(); row++) {
            JsonArray values = expected.get(row).getAsJsonArray();
            for (int column = 0; column < values.size(); column++) {
                assertEquals(
                        values.get(column).getAsDouble(),
                        actual[row * classes + column],
                        1e-3 * largest,
                        what + ", row " + row + ", class " + column);
            }
        }
    }

    static void assertRelative(double expected, double actual, String what) {
        assertEquals(expected, actual, 1e-3 * Math.abs(expected), what);
    }

    /** Copies of all trainable values, for comparisons. */
    static List<float[]> values(Block block) {
        return ModelParameters.trainable(block).stream()
                .map(parameter -> parameter.getArray().toFloatArray())
                .toList();
    }
}
