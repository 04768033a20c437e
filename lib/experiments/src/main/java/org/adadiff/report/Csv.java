package org.adadiff.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plain CSV files without quotes, as this project writes them; every error names file and line. */
final class Csv {
    private Csv() {
    }

    /** The rows of a file that must start with exactly this header. */
    static List<Row> read(Path file, String header) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).equals(header)) {
            throw new IOException(file + ":1: expected the header '" + header + "', found '"
                    + (lines.isEmpty() ? "" : lines.get(0)) + "'");
        }
        List<String> names = List.of(header.split(","));
        var rows = new ArrayList<Row>(lines.size());
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            String where = file + ":" + (i + 1);
            if (cells.length != names.size()) {
                throw new IOException(where + ": expected " + names.size() + " values, found " + cells.length);
            }
            rows.add(new Row(where, names, cells));
        }
        return rows;
    }

    /** One line of the file. */
    record Row(String where, List<String> names, String[] cells) {
        String text(String name) {
            return cells[names.indexOf(name)];
        }

        double number(String name) throws IOException {
            try {
                return Double.parseDouble(text(name));
            } catch (NumberFormatException e) {
                throw new IOException(where + ": expected a number as " + name + ", found '" + text(name) + "'", e);
            }
        }

        int integer(String name) throws IOException {
            try {
                return Integer.parseInt(text(name));
            } catch (NumberFormatException e) {
                throw new IOException(where + ": expected a whole number as " + name + ", found '" + text(name) + "'", e);
            }
        }
    }
}
