package org.adadiff.jupyter.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What this kernel has executed; earlier sessions are not kept. */
final class CellHistory {
    private record Entry(int count, String code, String output) {}

    private static final int LONGEST_OUTPUT = 10_000; // characters

    private final List<Entry> entries = new ArrayList<>();

    /** Adds what was executed, with its result as text, or null; of a long one, the beginning. */
    void add(int count, String code, String output) {
        boolean isLong = output != null && output.length() > LONGEST_OUTPUT;
        entries.add(new Entry(count, code, isLong ? output.substring(0, LONGEST_OUTPUT) + "…" : output));
    }

    JsonObject answer(Message request) {
        int n = request.number("n", Integer.MAX_VALUE);
        List<Entry> found =
                switch (request.string("hist_access_type")) {
                    case "range" -> {
                        int start = request.number("start", 1);
                        int stop = request.number("stop", Integer.MAX_VALUE);
                        yield entries.stream().filter(entry -> entry.count() >= start && entry.count() < stop).toList();
                    }
                    case "search" -> {
                        Pattern pattern = glob(request.string("pattern"));
                        List<Entry> all = entries.stream().filter(entry -> pattern.matcher(entry.code()).matches()).toList();
                        yield last(n, request.flag("unique", false) ? unique(all) : all);
                    }
                    default -> last(n, entries);
                };
        JsonArray history = new JsonArray();
        for (Entry entry : found) {
            JsonArray line = new JsonArray();
            line.add(0);
            line.add(entry.count());
            if (request.flag("output", false)) {
                JsonArray inputAndOutput = new JsonArray();
                inputAndOutput.add(entry.code());
                inputAndOutput.add(entry.output());
                line.add(inputAndOutput);
            } else {
                line.add(entry.code());
            }
            history.add(line);
        }
        JsonObject reply = CodeRequests.ok();
        reply.add("history", history);
        return reply;
    }

    private static List<Entry> last(int n, List<Entry> list) {
        return list.subList(Math.max(0, list.size() - Math.max(0, n)), list.size());
    }

    private static List<Entry> unique(List<Entry> list) {
        return list.stream()
                .collect(Collectors.toMap(Entry::code, entry -> entry, (first, second) -> second, LinkedHashMap::new))
                .values().stream().toList();
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
