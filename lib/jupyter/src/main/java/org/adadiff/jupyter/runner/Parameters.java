package org.adadiff.jupyter.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The variables of a notebook's cell tagged {@code parameters}, and their overriding by papermill's convention. */
final class Parameters {
    private final Notebook notebook;
    private final Path file;
    private final List<Parameter> known;
    private final String comment;

    private Parameters(Notebook notebook, Path file, List<Parameter> known, String comment) {
        this.notebook = notebook;
        this.file = file;
        this.known = known;
        this.comment = comment;
    }

    static Parameters of(Notebook notebook, String language, Path file) throws RunException {
        String source = notebook.cells().stream()
                .filter(cell -> cell.isCode() && cell.hasTag("parameters"))
                .map(Cell::source)
                .findFirst()
                .orElseThrow(() -> new RunException(
                        RunStatus.BAD_INPUT, "parameters are given, but " + file + " has no cell tagged 'parameters'"));
        try {
            return switch (language) {
                case "java", "Java" -> new Parameters(notebook, file, JavaParameters.read(source), "// Parameters");
                case "python" -> new Parameters(notebook, file, PythonParameters.read(source), "# Parameters");
                default -> throw new RunException(
                        RunStatus.BAD_INPUT,
                        "parameters can be given to notebooks in java or python, found a kernel for '" + language
                                + "' to run " + file);
            };
        } catch (IllegalArgumentException unreadable) {
            throw new RunException(
                    RunStatus.BAD_INPUT,
                    "the cell tagged 'parameters' of " + file + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    List<Parameter> list() {
        return known;
    }

    /** Adds a cell that gives the named parameters these values; checks them all first. */
    void inject(Map<String, String> values) throws RunException {
        List<String> lines = new ArrayList<>(List.of(comment));
        for (Map.Entry<String, String> value : values.entrySet()) {
            Parameter parameter = known.stream()
                    .filter(candidate -> candidate.name().equals(value.getKey()))
                    .findFirst()
                    .orElseThrow(() -> refused("no parameter named '" + value.getKey() + "'"));
            try {
                lines.add(parameter.assign(value.getValue()));
            } catch (IllegalArgumentException wrong) {
                throw refused("the parameter '" + parameter.name() + "' is " + parameter.type() + ", found '"
                        + value.getValue() + "'" + (wrong.getMessage() == null ? "" : " (" + wrong.getMessage() + ")"));
            }
        }
        notebook.injectParameters(String.join("\n", lines));
    }

    private RunException refused(String what) {
        String list = known.stream()
                .map(parameter -> "\n    " + parameter)
                .collect(Collectors.joining());
        return new RunException(
                RunStatus.BAD_INPUT, what + ", in " + file + "; its parameters are:" + (list.isEmpty() ? " none" : list));
    }
}
