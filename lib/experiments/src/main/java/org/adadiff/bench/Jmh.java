package org.adadiff.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs the JMH benchmarks of a class. JMH itself runs in a child process, because only a process that starts with
 * OMP_NUM_THREADS hands it on to JMH's forks.
 */
final class Jmh {
    private Jmh() {}

    /** What JMH writes of each benchmark and set of parameters, in its format {@code json}. */
    private record Result(String benchmark, Map<String, String> params, Metric primaryMetric) {}

    private record Metric(String scoreUnit, double[][] rawData) {}

    /**
     * Runs every benchmark of a class.
     *
     * @param setting the threads and data of the forks
     * @param benchmark how the measurements' benchmark begins; the values of the parameters follow it, in lower case
     * @param benchmarks the class, public, with {@code @Benchmark} methods
     * @param subjects the subject that each of these methods measures, by the method's name
     * @param options further options of JMH's command line, such as {@code -f 1}
     * @return the median of all iterations, a measurement for each method and set of parameters
     * @throws IOException if a benchmark fails; JMH's own output, on standard error, tells how
     */
    static List<Measurement> run(Setting setting, String benchmark, Class<?> benchmarks, Map<String, String> subjects,
            String... options) throws IOException, InterruptedException {
        Path file = Files.createTempFile("adadiff-jmh", ".json");
        file.toFile().deleteOnExit(); // when this process is ended meanwhile
        try {
            List<String> command = new ArrayList<>(setting.java());
            // JMH's lock keeps out other users of JMH alone, not the other suites; and it may belong to another user
            command.addAll(List.of("-Djmh.ignoreLock=true", "org.openjdk.jmh.Main", "^" + benchmarks.getName().replace(".", "\\.") + "\\.",
                    "-foe", "true", "-rf", "json", "-rff", file.toString()));
            if (!setting.networks().isEmpty()) {
                command.addAll(List.of("-p", "network=" + setting.networks().stream().map(Enum::name)
                        .collect(Collectors.joining(","))));
            }
            command.addAll(List.of(options));
            Child.run(setting, command, System.err::println);
            return Arrays.stream(new Gson().fromJson(Files.readString(file), Result[].class))
                    .map(result -> measurement(benchmark, subjects, result)).toList();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Measurement measurement(String benchmark, Map<String, String> subjects, Result result) {
        String method = result.benchmark().substring(result.benchmark().lastIndexOf('.') + 1);
        String subject = subjects.get(method);
        if (subject == null) {
            throw new IllegalArgumentException(result.benchmark() + ": expected a subject for one of the methods "
                    + subjects.keySet() + ", found the method " + method);
        }
        StringBuilder name = new StringBuilder(benchmark);
        if (result.params() != null) {
            result.params().values().forEach(value -> name.append(' ').append(value.toLowerCase(Locale.ROOT)));
        }
        double[] iterations = Arrays.stream(result.primaryMetric().rawData()).flatMapToDouble(Arrays::stream).toArray();
        return new Measurement(name.toString(), subject, Measurement.median(iterations),
                result.primaryMetric().scoreUnit().replace("/op", ""));
    }
}
