package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which suites measure: JMH, processes, PyTorch's scripts. How fast anything is, no test asks. */
class SuitesTest {
    private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Setting setting(Optional<PyTorch> torch, Network... networks) {
        return new Setting(HOME, folder, 1, 1, torch, List.of(networks), "cpu");
    }

    private static PyTorch torch() throws InterruptedException {
        Optional<PyTorch> torch = PyTorch.find();
        assumeTrue(torch.isPresent(), PyTorch.missing());
        return torch.get();
    }

    @Test
    void aJmhBenchmarkGivesAMeasurementPerMethodAndNetwork() throws Exception {
        // Without forks and warm-up: the number is of no interest here
        List<Measurement> found = Jmh.run(setting(Optional.empty(), Network.DENSENET121), "update", ArrayCopyBenchmark.class,
                Map.of("copy", "System.arraycopy"), "-f", "0", "-wi", "0", "-i", "2", "-r", "10ms", "-v", "SILENT");
        assertEquals(1, found.size());
        assertEquals(new Measurement("update densenet121", "System.arraycopy", found.get(0).value(), "ms"), found.get(0));
    }

    @ParameterizedTest
    @EnumSource(Network.class)
    void theNetworksHaveThePapersSizes(Network network) {
        assertEquals(Map.of(Network.RESNET34, 21_282_122L, Network.DENSENET121, 6_956_298L, Network.LSTM2, 13_632_400L,
                Network.LSTM3, 24_221_600L).get(network), network.parameters());
    }

    @Test
    void aProcessThatFailsIsNamedWithItsExitCode() {
        var error = assertThrows(IOException.class, () -> Child.run(setting(Optional.empty()), List.of("false", "x"), line -> { }));
        assertTrue(error.getMessage().contains("false x: expected exit code 0, found 1"), error.getMessage());
    }

    @Test
    void aLineThatIsNoMeasurementIsShown() {
        var error = assertThrows(IOException.class, () -> Child.measurements(setting(Optional.empty()), List.of("echo", "loading")));
        assertTrue(error.getMessage().contains("expected a measurement as JSON, found 'loading'"), error.getMessage());
    }

    @Test
    void processesFindTheThreadsAndTheDataInTheirEnvironment() throws Exception {
        List<Measurement> found = Child.measurements(setting(Optional.empty()), List.of("sh", "-c",
                "echo \"{benchmark: '$ADADIFF_DATA', subject: 'x', value: $OMP_NUM_THREADS, unit: 'threads'}\""));
        assertEquals(List.of(new Measurement(folder.toString(), "x", 1, "threads")), found);
    }

    @Test
    void pyTorchIsFoundOnlyWhereAnInterpreterImportsIt() throws InterruptedException {
        assertEquals(Optional.empty(), PyTorch.at("no-such-interpreter"));
        assertEquals(Optional.empty(), PyTorch.at("false"));
    }

    @Test
    void pyTorchsNetworksAndRuleComputeTheReferenceValues() throws Exception {
        String tests = HOME.resolve("environment/bench/test_peers.py").toString();
        Child.run(setting(Optional.empty()), List.of(torch().interpreter(), "-B", tests), System.out::println);
    }

    @Test
    void pyTorchsScriptsMeasureWhatTheTargetsName() throws Exception {
        PyTorch torch = torch();
        Setting setting = setting(Optional.of(torch));
        List<Measurement> update = torch.measure(setting, "update.py", "densenet121");
        assertEquals(List.of("update densenet121", "update densenet121"), update.stream().map(Measurement::benchmark).toList());
        assertEquals(List.of("PyTorch AdaDiff", "PyTorch Adam"), update.stream().map(Measurement::subject).toList());
        assertEquals(List.of("evaluation lstm2"), torch.measure(setting, "evaluation.py", "lstm2", "--size", "10").stream()
                .map(Measurement::benchmark).toList());
        assertEquals(List.of("training lstm2", "training lstm2, peak memory"), torch.measure(setting, "training.py", "lstm2",
                "--steps", "1").stream().map(Measurement::benchmark).toList());
    }
}
