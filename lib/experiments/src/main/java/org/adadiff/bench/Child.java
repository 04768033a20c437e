package org.adadiff.bench;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A process that measures: a JVM or Python. What it has to say to people goes to this process's standard error. */
final class Child {
    private Child() {}

    /** Runs a command and returns the measurements that it prints, a JSON object on each line. */
    static List<Measurement> measurements(Setting setting, List<String> command) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        run(setting, command, lines::add);
        List<Measurement> measurements = new ArrayList<>();
        for (String line : lines) {
            try {
                measurements.add(new Gson().fromJson(line, Measurement.class));
            } catch (JsonParseException e) {
                throw new IOException(name(command) + ": expected a measurement as JSON, found '" + line + "'", e);
            }
        }
        return measurements;
    }

    /** Runs a command to its end; each line that it prints goes to a listener at once. */
    static void run(Setting setting, List<String> command, Consumer<String> printed) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(setting.environment());
        Process process = builder.start();
        Thread end = new Thread(() -> {
            process.descendants().forEach(ProcessHandle::destroy); // JMH's forks
            process.destroy();
        });
        Runtime.getRuntime().addShutdownHook(end); // a measurement that is ended leaves no process behind
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            process.getOutputStream().close();
            out.lines().forEach(printed);
            if (process.waitFor() != 0) {
                throw new IOException(name(command) + ": expected exit code 0, found " + process.exitValue()
                        + "; its messages are above");
            }
        } finally {
            process.destroy(); // nor one that is interrupted
            try {
                Runtime.getRuntime().removeShutdownHook(end);
            } catch (IllegalStateException e) {
                // it is running
            }
        }
    }

    /** The command without what is the same for all of them: the class path takes pages. */
    private static String name(List<String> command) {
        int classPath = command.indexOf("-cp");
        return String.join(" ", classPath < 0 ? command : command.subList(classPath + 2, command.size()));
    }
}
