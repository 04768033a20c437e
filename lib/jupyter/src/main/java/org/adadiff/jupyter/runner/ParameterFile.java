package org.adadiff.jupyter.runner;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.LoadSettingsBuilder;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** Parameters from a YAML file: a mapping of names to values, lists among them. */
public final class ParameterFile {
    private static final ConstructNode FLOAT = new JsonSchema().getSchemaTagConstructors().get(Tag.FLOAT);
    private static final LoadSettingsBuilder SETTINGS = LoadSettings.builder().setTagConstructors(Map.of(Tag.FLOAT, ParameterFile::number));

    private ParameterFile() {}

    /**
     * Reads a file.
     *
     * @param file YAML 1.2, or JSON, which is YAML too
     * @return name to value in words, as {@link RunOptions#withParameter} takes them, in the file's order
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it holds something else than a mapping of names to values
     */
    public static Map<String, String> read(Path file) throws IOException {
        Object loaded;
        try (Reader reader = Files.newBufferedReader(file)) {
            loaded = new Load(SETTINGS.setLabel(file.toString()).build()).loadFromReader(reader);
        } catch (YamlEngineException malformed) {
            throw new IllegalArgumentException("expected parameters in YAML, found " + malformed.getMessage(), malformed);
        }
        if (!(loaded instanceof Map<?, ?> values)) {
            throw new IllegalArgumentException("expected a mapping of parameters, such as 'epochs: 3', found "
                    + (loaded == null ? "nothing" : loaded) + ", in " + file);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            try {
                expectNoMerge(entry.getKey());
                parameters.put(String.valueOf(entry.getKey()), words(entry.getValue()));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("the parameter '" + entry.getKey() + "': " + wrong.getMessage() + ", in " + file, wrong);
            }
        }
        return parameters;
    }

    /** With the zeros at its end: where text is declared, 1.10 is the text 1.10, not 1.1. */
    private static Object number(Node node) {
        try {
            return new BigDecimal(((ScalarNode) node).getValue());
        } catch (NumberFormatException notFinite) {
            return FLOAT.construct(node);
        }
    }

    private static void expectNoMergeIn(Object value) {
        if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(ParameterFile::expectNoMerge);
            map.values().forEach(ParameterFile::expectNoMergeIn);
        } else if (value instanceof List<?> list) {
            list.forEach(ParameterFile::expectNoMergeIn);
        }
    }

    private static void expectNoMerge(Object key) {
        if ("<<".equals(key)) {
            throw new IllegalArgumentException("expected no key '<<', which YAML 1.2 does not merge; the values have to be written out");
        }
    }

    private static String words(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof List || value instanceof Map) {
            try {
                expectNoMergeIn(value);
                return new Gson().toJson(value);
            } catch (StackOverflowError endless) { // YAML can say so: d: &d [*d]
                throw new IllegalArgumentException("expected a list or a mapping, found one that holds itself");
            }
        }
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException("expected text, a number, true, false, a list or a mapping, found " + value.getClass().getSimpleName());
        }
        return value.toString();
    }
}
