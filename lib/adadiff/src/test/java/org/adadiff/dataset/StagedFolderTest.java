package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFolderTest {
    private static final int WRITERS = 4;
    private static final int ROUNDS = 100;

    @TempDir
    Path directory;

    @Test
    void writersOfOneFolderDoNotDisturbEachOtherAndOneOfThemWins() throws Exception {
        Path target = directory.resolve("set");
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String name = "writer " + writer;
                done.add(writers.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        write(target, name);
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
        assertTrue(Files.readString(target.resolve("a")).startsWith("writer "));
        assertEquals(Files.readString(target.resolve("a")), Files.readString(target.resolve("b")));
        try (var left = Files.list(directory)) {
            assertEquals(List.of(target), left.toList(), "nothing else is left");
        }
    }

    private static void write(Path target, String content) throws IOException {
        try (StagedFolder staged = new StagedFolder(target)) {
            Files.writeString(staged.path().resolve("a"), content);
            Files.writeString(staged.path().resolve("b"), content);
            staged.commit();
        }
    }
}
