package org.adadiff.jupyter.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds on which lines of a notebook's file the sources of its cells stand; Gson does not tell. */
final class SourceLines {
    private final List<List<Integer>> cells = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int line = 1;
    private int depth;
    private String member = ""; // of the notebook
    private String cellMember = "";

    private SourceLines() {}

    /** Of each cell, the lines of the strings that make up its source. The file is JSON. */
    static List<List<Integer>> of(Path file) throws IOException {
        SourceLines lines = new SourceLines();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            lines.read(reader);
        }
        return lines.cells;
    }

    private void read(BufferedReader reader) throws IOException {
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            switch (c) {
                case '\n' -> line++;
                case '"' -> string(reader);
                case ':' -> {
                    member = depth == 1 ? text.toString() : member;
                    cellMember = depth == 3 ? text.toString() : cellMember;
                }
                case '{', '[' -> {
                    depth++;
                    if (depth == 3 && c == '{' && member.equals("cells")) {
                        cells.add(new ArrayList<>());
                        cellMember = "";
                    }
                }
                case '}', ']' -> depth--;
                case ',' -> cellMember = depth == 3 ? "" : cellMember;
                default -> { }
            }
        }
    }

    private void string(BufferedReader reader) throws IOException {
        if (member.equals("cells") && cellMember.equals("source") && (depth == 3 || depth == 4)) {
            cells.get(cells.size() - 1).add(line);
        }
        text.setLength(0);
        for (int c = reader.read(); c >= 0 && c != '"'; c = reader.read()) {
            if (c == '\\') {
                reader.read();
            } else if (text.length() < 16) { // enough for the names that matter
                text.append((char) c);
            }
        }
    }
}
