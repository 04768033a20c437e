package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.adadiff.bench.Target.Bound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Report REPORT = new Report(new Machine(List.of("machine: quiet", "threads: 2")),
            List.of(new Measurement("update lstm2", "AdaDiff, fused", 12.345, "ms"), new Measurement("update lstm2", "DJL Adam", 24.69, "ms"),
                    new Measurement("start", "AdaDiff", 2, "s"), new Measurement("copy", "\"memory\"", 12345.6, "MB")),
            List.of(Target.ratio("update lstm2", "AdaDiff, fused", "DJL Adam", Bound.AT_MOST, 0.6),
                    Target.value("start", "AdaDiff", Bound.AT_MOST, 1),
                    Target.ratio("update lstm2", "AdaDiff, fused", "PyTorch", Bound.AT_MOST, 1),
                    Target.ratio("never run", "AdaDiff", "PyTorch", Bound.AT_MOST, 1)));

    @Test
    void theTextHasTheMachineEveryMeasurementAndTheTargetsOfWhatWasRun() {
        assertEquals("""
                machine: quiet
                threads: 2

                benchmark     subject         value
                update lstm2  AdaDiff, fused  12.3 ms
                update lstm2  DJL Adam        24.7 ms
                start         AdaDiff         2.00 s
                copy          "memory"        12,346 MB

                target                                  found   expected
                update lstm2: AdaDiff, fused / DJL Adam  0.500   at most 0.600  met
                start: AdaDiff                           2.00 s  at most 1.00   missed
                update lstm2: AdaDiff, fused / PyTorch   -       at most 1.00   no PyTorch
                """.replace("target        ", "target         "), REPORT.text());
    }

    @Test
    void theMarkdownHasARowForEachTargetAndTheOtherMeasurementsBelow() {
        assertEquals("""
                machine: quiet; threads: 2.

                | benchmark | measured | beside | ratio | target | |
                |---|---|---|---|---|---|
                | update lstm2 | AdaDiff, fused 12.3 ms | DJL Adam 24.7 ms | 0.500 | at most 0.600 | met |
                | start | AdaDiff 2.00 s |  |  | at most 1.00 | missed |
                | update lstm2 | AdaDiff, fused 12.3 ms | no PyTorch | - | at most 1.00 | no PyTorch |

                | benchmark | measured |
                |---|---|
                | copy | "memory" 12,346 MB |
                """, REPORT.markdown());
    }

    @Test
    void theCsvKeepsEveryDigitAndQuotesCommas(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/bench.csv");
        REPORT.writeCsv(file);
        assertEquals("""
                # machine: quiet
                # threads: 2
                benchmark,subject,value,unit
                update lstm2,"AdaDiff, fused",12.345,ms
                update lstm2,DJL Adam,24.69,ms
                start,AdaDiff,2.0,s
                copy,"\""memory\""",12345.6,MB
                """, Files.readString(file));
        try (var files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList(), "nothing else is left");
        }
    }
}
