package org.adadiff.jupyter.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.internal.Streams;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.IOException;
import java.util.Map;

/** Rendered data as JSON. */
final class MimeBundle {
    private static final Gson GSON =
            new GsonBuilder()
                    .disableHtmlEscaping()
                    .serializeSpecialFloatingPointValues()
                    .registerTypeAdapterFactory(new Foreign())
                    .create();

    private MimeBundle() {}

    /** Returns an object with data, metadata and transient, as display_data wants it. */
    static JsonObject of(DisplayData rendered) {
        JsonObject bundle = GSON.toJsonTree(rendered, DisplayData.class).getAsJsonObject();
        for (String field : new String[] {"data", "metadata", "transient"}) {
            if (!bundle.has(field)) {
                bundle.add(field, new JsonObject());
            }
        }
        for (Map.Entry<String, JsonElement> entry : bundle.getAsJsonObject("data").entrySet()) {
            // Frontends want JSON types as JSON; the base library's putJSON takes a string
            if (entry.getKey().endsWith("json") && entry.getValue().isJsonPrimitive()) {
                entry.setValue(parsedIfJson(entry.getValue().getAsString(), entry.getValue()));
            }
        }
        return bundle;
    }

    private static JsonElement parsedIfJson(String text, JsonElement otherwise) {
        try {
            return JsonParser.parseString(text);
        } catch (JsonParseException e) {
            return otherwise;
        }
    }

    /** Values of a notebook's own classes, such as the JSON objects of its own libraries, count for what they print. */
    private static final class Foreign implements TypeAdapterFactory {
        @Override
        public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
            return CellClassLoader.hasLoaded(type.getRawType()) && !Map.class.isAssignableFrom(type.getRawType())
                    ? new Printed<>()
                    : null;
        }
    }

    private static final class Printed<T> extends TypeAdapter<T> {
        @Override
        public void write(JsonWriter out, T value) throws IOException {
            String text = String.valueOf(value);
            Streams.write(parsedIfJson(text, new JsonPrimitive(text)), out);
        }

        @Override
        public T read(JsonReader in) {
            throw new UnsupportedOperationException("Display data are only written");
        }
    }
}
