package org.adadiff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.adadiff.train.Experiment;
import org.adadiff.train.Grid;
import org.adadiff.train.Profile;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files for schedulers fit the command. */
class ClusterFilesTest {
    private static final Path CLUSTER = Path.of("../../environment/cluster");
    private static final int RUNS =
            Grid.of(Profile.PAPER, Arrays.asList(Experiment.values()), Grid.OPTIMIZERS, Grid.SEEDS).recipes().size();

    private static Object at(Object node, Object... path) {
        for (Object key : path) {
            node = key instanceof Integer index ? ((List<?>) node).get(index) : ((Map<?, ?>) node).get(key);
        }
        return node;
    }

    @Test
    void theKubernetesJobHasAnIndexForEachRun() throws IOException {
        Object job = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(CLUSTER.resolve("kubernetes.yaml")));
        assertEquals(List.of("batch/v1", "Job"), List.of(at(job, "apiVersion"), at(job, "kind")));
        assertEquals("Indexed", at(job, "spec", "completionMode"));
        assertEquals(RUNS, at(job, "spec", "completions"));
        assertEquals("Never", at(job, "spec", "template", "spec", "restartPolicy"), "a failure policy allows no other");
        assertEquals(List.of(Adadiff.FAILED, Adadiff.BAD_INPUT), at(job, "spec", "podFailurePolicy", "rules", 1, "onExitCodes", "values"));
        Object container = at(job, "spec", "template", "spec", "containers", 0);
        assertEquals(at(container, "name"), at(job, "spec", "podFailurePolicy", "rules", 1, "onExitCodes", "containerName"));
        List<String> arguments = ((List<?>) at(container, "args")).stream().map(Object::toString).toList();
        assertTrue(arguments.contains("$(JOB_COMPLETION_INDEX)"), arguments::toString);
        // The command takes them, once the index stands in its place
        String[] line = arguments.stream().map(argument -> argument.replace("$(JOB_COMPLETION_INDEX)", "0")).toArray(String[]::new);
        new Adadiff().commandLine(line).parseArgs(line);
        assertEquals(names(at(job, "spec", "template", "spec", "volumes")), names(at(container, "volumeMounts")));
    }

    private static Set<Object> names(Object list) {
        return ((List<?>) list).stream().map(entry -> at(entry, "name")).collect(Collectors.toSet());
    }

    @Test
    void theSlurmArrayHasATaskForEachRun() throws IOException {
        String script = Files.readString(CLUSTER.resolve("slurm.sh"));
        assertTrue(script.contains("\n#SBATCH --array=0-" + (RUNS - 1) + "\n"), script);
        assertTrue(Files.isExecutable(CLUSTER.resolve("slurm.sh")));
    }
}
