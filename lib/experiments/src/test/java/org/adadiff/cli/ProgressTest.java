package org.adadiff.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.adadiff.jupyter.runner.CellOutcome;
import org.adadiff.jupyter.runner.CellResult;
import org.adadiff.jupyter.runner.RunListener;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final CellResult CELL =
            new CellResult(2, 1, "train();\nmore();", List.of(), CellOutcome.PASSED, Duration.ofMillis(1250), Optional.empty());

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void logHoldsWholeLinesAndOneLineOfAProgressBar() {
        try (Progress progress = new Progress(out, false, true, 2, () -> false)) {
            RunListener a = progress.of(Path.of("x/a.ipynb"));
            RunListener b = progress.of(Path.of("b.ipynb"));
            a.cellStarted(2, 3);
            b.cellStarted(1, 1);
            a.text("one");
            b.text("between\n");
            a.text(" line\n10%\r50%\r");
            a.text("100%\nend without line end");
            a.cellFinished(CELL, 3);
        }
        assertEquals("b.ipynb | between\na.ipynb | one line\na.ipynb | 100%\na.ipynb | end without line end\n"
                + "a.ipynb  cell 2/3  passed    1.3 s  train();\n", printed());
    }

    @Test
    void controlCharactersAreShownAndColoursKept() {
        try (Progress progress = new Progress(out, false, true, 1, () -> false)) {
            RunListener a = progress.of(Path.of("a.ipynb"));
            a.cellStarted(1, 1);
            a.text("\u001B[31mred\u001B[0m \u0000\u0007\u001B]0;title\u001B[2J\t\u007Fé\n");
        }
        assertEquals("a.ipynb | \u001B[31mred\u001B[0m ␀␇␛]0;title␛[2J\t␡é\n", printed());
    }

    @Test
    void aLineMayComeInMillionsOfPieces() {
        try (Progress progress = new Progress(out, false, true, 1, () -> false)) {
            RunListener a = progress.of(Path.of("a.ipynb"));
            a.cellStarted(1, 1);
            String bar = "=".repeat(30) + "\r";
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> { // hours, when each piece looked through all before it
                for (int i = 0; i < 1_000_000; i++) {
                    a.text(bar);
                }
            });
            a.text("done\n");
        }
        assertEquals("a.ipynb | done\n", printed());
    }

    @Test
    void terminalHasALastLineThatSaysWhatRuns() {
        try (Progress progress = new Progress(out, true, false, 2, () -> false)) {
            RunListener a = progress.of(Path.of("a.ipynb"));
            a.cellStarted(2, 3);
            a.text("not asked for\n");
            progress.print("above");
            a.cellFinished(CELL, 3);
        }
        assertEquals("above\n0/2 notebooks; a.ipynb cell 2/3, 0 s\r\u001B[Ka.ipynb  cell 2/3  passed    1.3 s  train();\n", printed());
    }
}
