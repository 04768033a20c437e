package org.adadiff.bench;

import static org.adadiff.bench.Target.Bound.AT_MOST;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What a user of the Java kernel waits for, beside rapaio-jupyter-kernel. Both run on the Java of this process. */
final class KernelSuite {
    static final List<Target> TARGETS = List.of(
            Target.value("kernel ready", Suite.OURS, AT_MOST, 1000),
            Target.value("kernel first cell", Suite.OURS, AT_MOST, 300),
            Target.value("kernel empty cell", Suite.OURS, AT_MOST, 3),
            Target.value("kernel x + 1", Suite.OURS, AT_MOST, 15),
            Target.value("kernel 100,000 lines", Suite.OURS, AT_MOST, 1500),
            Target.value("kernel completion", Suite.OURS, AT_MOST, 100));

    private static final String RAPAIO = "rapaio";
    private static final String RAPAIO_JAR = "target/bench/rapaio-jupyter-kernel.jar";
    private static final int RAPAIO_NEEDS = 25; // JDK
    private static final int READING_MILLIS = 5000; // a person looks at what the first cell has printed
    private static final int CELLS = 100;
    private static final int FRONTEND_WARM_UPS = 3000;
    private static final int COMPLETIONS = 20;
    private static final int LINES = 100_000;
    private static final String ALL_LINES = IntStream.range(0, LINES).mapToObj(i -> i + "\n").reduce(new StringBuilder(),
            StringBuilder::append, StringBuilder::append).toString();

    private KernelSuite() {}

    static List<Measurement> measure(Setting setting) throws IOException, InterruptedException {
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.path();
            Map<String, List<String>> commands = commands(setting, folder);
            warmUp(commands.get(Suite.OURS));
            List<Measurement> rounds = new ArrayList<>();
            for (int round = 1; round <= setting.rounds(); round++) {
                for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                    System.err.println("kernel " + command.getKey() + ", round " + round + " of " + setting.rounds());
                    try {
                        rounds.addAll(measure(command.getKey(), command.getValue()));
                    } catch (IOException e) {
                        if (command.getKey().equals(Suite.OURS)) {
                            throw e;
                        }
                        System.err.println(command.getKey() + ": " + e.getMessage()); // it now and then answers no more
                    }
                }
            }
            return Measurement.medians(rounds);
        }
    }

    /** The command of each kernel's kernel.json. */
    private static Map<String, List<String>> commands(Setting setting, Path folder) throws IOException, InterruptedException {
        Child.run(setting, List.of(setting.home().resolve("environment/adadiff").toString(), "kernel", "install", "--name", "ours",
                "--kernels-dir", folder.toString()), line -> { });
        List<String> ours = KernelTalk.command(folder.resolve("ours/kernel.json"));
        Map<String, List<String>> commands = new LinkedHashMap<>(Map.of(Suite.OURS, ours));
        Path jar = setting.home().resolve(RAPAIO_JAR);
        if (!Files.exists(jar)) {
            System.err.println("rapaio-jupyter-kernel is not there; environment/bench/install fetches it");
        } else if (Runtime.version().feature() < RAPAIO_NEEDS) {
            System.err.println("rapaio-jupyter-kernel needs JDK " + RAPAIO_NEEDS + ", this is " + Runtime.version().feature()
                    + "; JAVA_HOME chooses another");
        } else {
            commands.put(RAPAIO, List.of(ours.get(0), "-jar", jar.toString(), "{connection_file}"));
        }
        return commands;
    }

    /** A frontend that has run for a while: until the JIT has seen what it does, it takes the processor from the kernel. */
    private static void warmUp(List<String> command) throws IOException {
        try (KernelTalk kernel = new KernelTalk(command, Map.of())) {
            kernel.awaitReady();
            for (int i = 0; i < FRONTEND_WARM_UPS; i++) {
                kernel.execute("");
            }
        }
    }

    private static List<Measurement> measure(String subject, List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (KernelTalk kernel = new KernelTalk(command, Map.of())) {
            kernel.awaitReady();
            List<Measurement> measured = new ArrayList<>();
            measured.add(new Measurement("kernel ready", subject, millisSince(start), "ms"));
            measured.addAll(time("first cell", subject, 1, () -> kernel.execute("int x = 3;\nSystem.out.println(\"x is \" + x);"),
                    "x is 3\n"::equals));
            Thread.sleep(READING_MILLIS);
            measured.addAll(time("empty cell", subject, CELLS, () -> kernel.execute(""), String::isEmpty));
            measured.addAll(time("x + 1", subject, CELLS, () -> kernel.execute("x + 1"), "4"::equals));
            measured.addAll(time("completion", subject, COMPLETIONS, () -> kernel.complete("\"a\".toUpp"),
                    matches -> matches.contains("toUpperCase")));
            measured.addAll(time("100,000 lines", subject, 1,
                    () -> kernel.execute("for (int i = 0; i < " + LINES + "; i++) { System.out.println(i); }"), ALL_LINES::equals));
            return measured;
        }
    }

    @FunctionalInterface
    private interface Question {
        String ask() throws IOException;
    }

    /** The median time to an answer, which has to be right; of a peer's wrong answers, no time. */
    private static List<Measurement> time(String what, String subject, int times, Question question, Predicate<String> isRight)
            throws IOException {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            String answer = question.ask();
            millis[i] = millisSince(start);
            if (!isRight.test(answer)) {
                String found = "kernel " + subject + ", " + what + ": found another answer than expected, of " + answer.length()
                        + " characters: " + answer.lines().findFirst().orElse("");
                if (subject.equals(Suite.OURS)) {
                    throw new IOException(found);
                }
                System.err.println(found);
                return List.of();
            }
        }
        return List.of(new Measurement("kernel " + what, subject, Measurement.median(millis), "ms"));
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) * 1e-6;
    }
}
