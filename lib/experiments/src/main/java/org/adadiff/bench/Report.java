package org.adadiff.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The measurements of one run on one machine, and what became of the targets.
 *
 * @param machine where
 * @param measurements what was measured
 * @param targets what it is held against
 */
public record Report(Machine machine, List<Measurement> measurements, List<Target> targets) {
    /**
     * Returns the report as text for a terminal.
     *
     * @return lines, each ended
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        machine.lines().forEach(line -> text.append(line).append('\n'));
        List<List<String>> rows = new ArrayList<>(List.of(List.of("benchmark", "subject", "value")));
        measurements.forEach(m -> rows.add(List.of(m.benchmark(), m.subject(), number(m.value()) + " " + m.unit())));
        text.append('\n').append(columns(rows));
        if (!outcomes().isEmpty()) {
            rows.clear();
            rows.add(List.of("target", "found", "expected", ""));
            outcomes().forEach(outcome -> rows.add(List.of(title(outcome.target()), found(outcome), expected(outcome.target()),
                    outcome.verdict())));
            text.append('\n').append(columns(rows));
        }
        return text.toString();
    }

    /**
     * Returns the report as Markdown: the machine, a table of the targets, and one of the other measurements.
     *
     * @return lines, each ended
     */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(String.join("; ", machine.lines())).append(".\n\n");
        if (!outcomes().isEmpty()) {
            text.append("| benchmark | measured | beside | ratio | target | |\n|---|---|---|---|---|---|\n");
            for (Target.Outcome outcome : outcomes()) {
                Target target = outcome.target();
                text.append(row(List.of(target.benchmark(), cell(outcome.subject(), target.subject()),
                        target.peer() == null ? "" : cell(outcome.peer(), target.peer()),
                        target.peer() == null ? "" : found(outcome), expected(target), outcome.verdict())));
            }
            text.append('\n');
        }
        List<Measurement> others = measurements.stream().filter(m -> outcomes().stream()
                .noneMatch(outcome -> m.equals(outcome.subject()) || m.equals(outcome.peer()))).toList();
        if (!others.isEmpty()) {
            text.append("| benchmark | measured |\n|---|---|\n");
            others.forEach(m -> text.append(row(List.of(m.benchmark(), cell(m, m.subject())))));
        }
        return text.toString();
    }

    /**
     * Writes the measurements as CSV (benchmark, subject, value, unit), below the machine in lines that start with #.
     *
     * @param file is replaced as a whole
     * @throws IOException if it cannot be written
     */
    public void writeCsv(Path file) throws IOException {
        StringBuilder csv = new StringBuilder();
        machine.lines().forEach(line -> csv.append("# ").append(line).append('\n'));
        csv.append("benchmark,subject,value,unit\n");
        for (Measurement m : measurements) {
            csv.append(quoted(m.benchmark())).append(',').append(quoted(m.subject())).append(',').append(m.value()).append(',')
                    .append(quoted(m.unit())).append('\n');
        }
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = folder.resolve(file.getFileName() + ".part");
        Files.writeString(part, csv);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What became of each target whose benchmark was run, at least by one subject. */
    private List<Target.Outcome> outcomes() {
        Set<String> run = measurements.stream().map(Measurement::benchmark).collect(Collectors.toSet());
        return targets.stream().filter(target -> run.contains(target.benchmark())).map(target -> target.outcome(measurements)).toList();
    }

    private static String title(Target target) {
        return target.benchmark() + ": " + target.subject() + (target.peer() == null ? "" : " / " + target.peer());
    }

    private static String found(Target.Outcome outcome) {
        String value = outcome.value().map(Report::number).orElse("-");
        return outcome.target().peer() == null && outcome.subject() != null ? value + " " + outcome.subject().unit() : value;
    }

    private static String expected(Target target) {
        return target.bound() + " " + number(target.limit());
    }

    private static String cell(Measurement measurement, String subject) {
        return measurement == null ? "no " + subject
                : subject + " " + number(measurement.value()) + " " + measurement.unit();
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String columns(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int index = column;
                int width = rows.stream().mapToInt(other -> other.get(index).length()).max().orElse(0);
                line.append(String.format("%-" + (width + 2) + "s", row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Three digits that count, and no more: a repetition would differ in the next. */
    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }

    private static String quoted(String cell) {
        return cell.matches("[^,\"\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
