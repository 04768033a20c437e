package org.adadiff.train;

import ai.djl.engine.Engine;
import ai.djl.mxnet.jna.LibUtils;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.adadiff.dataset.DataVerifier;
import org.adadiff.dataset.Digests;
import org.adadiff.engine.Mxnet;

/** What {@code run.json} says of a run. It names no path of the machine, so that run folders can be published. */
final class RunDescription {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private double secondsBefore; // of the processes that this one continues

    RunDescription(Recipe recipe, String device, Task task) throws IOException {
        values.put("experiment", recipe.experiment().id());
        values.put("optimizer", recipe.optimizer().id());
        values.put("profile", recipe.profile().id());
        values.put("seed", recipe.seed());
        values.put("status", "running");
        values.put("command", command(recipe, device));
        values.put("recipe", recipe);
        values.put("data", data(recipe, task));
        values.put("git_commit", Host.commit());
        values.put("versions", versions());
        values.put("device", device);
        values.put("threads", Mxnet.threads());
        values.put("host", host());
        values.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Returns what to write while the run goes on. */
    Map<String, ?> values() {
        return values;
    }

    /** What the run is: what has to be the same for it to go on. */
    JsonObject identity() {
        var gson = new Gson();
        JsonObject all = gson.fromJson(gson.toJson(values), JsonObject.class);
        JsonObject identity = new JsonObject();
        for (String key : List.of("recipe", "device", "threads")) {
            identity.add(key, all.get(key));
        }
        identity.add("data", all.getAsJsonObject("data").get("sha256"));
        return identity;
    }

    /** Takes over when the run began, from what its {@code run.json} says. */
    void continues(JsonObject earlier) {
        if (earlier.has("started")) {
            values.put("started", earlier.get("started"));
        }
        values.put("resumed", earlier.has("resumed") ? earlier.get("resumed").getAsInt() + 1 : 1);
    }

    /** Writes how long the run has taken. */
    void save(DataOutputStream out) throws IOException {
        out.writeDouble(seconds());
    }

    /** Adds what {@link #save} wrote. */
    void restore(DataInputStream in) throws IOException {
        secondsBefore = in.readDouble();
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - start) * 1e-9;
    }

    void weights(String sha256) {
        values.put("weights_sha256", sha256);
    }

    /** Returns what to write at the end: {@code done}, {@code stopped}, {@code diverged: …} or {@code failed}. */
    Map<String, ?> ended(String status) {
        values.put("status", status);
        values.put("wall_seconds", Math.round(seconds() * 1e3) / 1e3);
        return values;
    }

    private static String command(Recipe recipe, String device) {
        String command = "adadiff train --experiment " + recipe.experiment() + " --optimizer " + recipe.optimizer()
                + " --profile " + recipe.profile() + " --seed " + recipe.seed() + " --device " + device;
        return recipe.limits().steps() == 0 ? command : command + " --max-steps " + recipe.limits().steps();
    }

    private static Map<String, Object> data(Recipe recipe, Task task) throws IOException {
        Map<String, String> checksums = new TreeMap<>();
        for (Path file : task.dataFiles()) {
            checksums.put(file.getFileName().toString(), Digests.sha256(file));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("kind", task.isSampleData() ? "generated sample" : "real");
        // Checksums alone cannot tell the official images in another order from other images
        Path folder = task.dataFiles().get(0).toAbsolutePath().getParent();
        data.put("content", DataVerifier.verify(folder.getParent(), recipe.experiment().dataset()).state().description());
        data.put("sha256", checksums);
        return data;
    }

    private static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("adadiff", Build.version());
        versions.put("djl", Engine.getDjlVersion());
        versions.put("mxnet", Mxnet.engine().getVersion());
        versions.put("mxnet_library", Path.of(LibUtils.getLibName()).getParent().getFileName().toString());
        versions.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        return versions;
    }

    private static Map<String, Object> host() {
        Map<String, Object> host = new LinkedHashMap<>();
        host.put("cpu", Host.cpu());
        host.put("processors", Runtime.getRuntime().availableProcessors());
        return host;
    }
}
