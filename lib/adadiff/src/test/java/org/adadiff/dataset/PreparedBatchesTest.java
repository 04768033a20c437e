package org.adadiff.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.util.NativeResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedBatchesTest {
    private static final Cifar.Options OPTIONS = new Cifar.Options(64, true, true, 5, 0);

    @TempDir
    static Path directory;

    private static Cifar train;

    private NDManager manager;

    @BeforeAll
    static void loadSample() throws IOException {
        SampleGenerator.generate(directory, 1);
        train = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TRAIN);
    }

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
    }

    /** Whatever a test did. A thread that has been told to end may still be on its way out; one that was forgotten waits for work. */
    @AfterEach
    void noThreadIsLeft() {
        manager.close();
        threads().forEach(thread -> assertNotEquals(Thread.State.TIMED_WAITING, thread.getState(), thread + " lives on"));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("adadiff-batches")).toList();
    }

    private CifarBatches batches(int epoch) {
        return train.batches(manager, OPTIONS, epoch);
    }

    /** Pixel by pixel what one thread makes from order, augmentation and image. */
    private static void assertIsBatch(int number, int epoch, Batch batch) {
        int[] order = CifarBatches.permutation(train.size(), OPTIONS.seed(), epoch);
        float[] pixels = batch.getData().singletonOrThrow().toFloatArray();
        float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
        assertEquals(number + 1, batch.getProgress());
        float[] image = new float[3072];
        float[] expected = new float[pixels.length];
        for (int i = 0; i < labels.length; i++) {
            int index = order[number * 64 + i];
            train.image(index, CropFlip.of(OPTIONS.seed(), epoch, index), image);
            System.arraycopy(image, 0, expected, i * 3072, 3072);
            assertEquals(train.label(index), labels[i]);
            assertEquals(index, batch.getIndices().get(i));
        }
        assertArrayEquals(expected, pixels, "batch " + number);
    }

    @Test
    void batchesAreThoseThatOneThreadMakes() {
        int number = 0;
        for (Batch batch : batches(3)) {
            assertIsBatch(number++, 3, batch);
            batch.close();
        }
        assertEquals(16, number);
    }

    /** Taken without a pause and kept: what is prepared meanwhile must not touch them. */
    @Test
    void batchesThatAreKeptStayAsTheyWere() {
        List<Batch> kept = new ArrayList<>();
        batches(1).forEach(kept::add);
        for (int number = 0; number < 16; number++) {
            assertIsBatch(number, 1, kept.get(number));
        }
    }

    @Test
    void anEpochResumesAtAnyBatch() {
        CifarBatches batches = batches(2);
        assertEquals(16, batches.size());
        for (int first : new int[] {0, 1, 15}) {
            try (PreparedBatches rest = batches.from(first); Batch batch = rest.next()) {
                assertIsBatch(first, 2, batch);
            }
        }
        assertFalse(batches.from(16).hasNext());
        assertThrows(IndexOutOfBoundsException.class, () -> batches.from(17));
    }

    @Test
    void whatWaitsIsFreedWhenTheBatchesAreClosedEarly() {
        PreparedBatches batches = batches(0).iterator();
        batches.next().close();
        List<NativeResource<?>> waiting = waiting(batches);
        batches.close();
        assertFreed(batches, waiting);
        assertFalse(batches.hasNext());
        assertThrows(NoSuchElementException.class, batches::next);
        batches.close();
    }

    /** As it is when a plain loop over a data set is left and the trainer is closed. */
    @Test
    void whatWaitsIsFreedWithTheManagerOfTheBatches() {
        PreparedBatches batches = batches(0).iterator();
        Batch taken = batches.next();
        List<NativeResource<?>> waiting = waiting(batches);
        manager.close();
        assertFreed(batches, waiting);
        assertTrue(((NativeResource<?>) taken.getData().head()).isReleased(), "and what was taken, as before");
        assertFalse(batches.hasNext());
    }

    @Test
    void nothingIsLeftAfterTheLastBatch() {
        PreparedBatches batches = batches(0).iterator();
        batches.forEachRemaining(Batch::close);
        assertFreed(batches, List.of());
        assertTrue(manager.getManagedArrays().isEmpty());
    }

    /** The arrays of two batches, once both are there. */
    private static List<NativeResource<?>> waiting(PreparedBatches batches) {
        while (batches.ahead.getManagedArrays().size() < 4) {
            Thread.onSpinWait();
        }
        List<NativeResource<?>> arrays = new ArrayList<>();
        batches.ahead.getManagedArrays().forEach(array -> arrays.add((NativeResource<?>) array));
        return arrays;
    }

    private static void assertFreed(PreparedBatches batches, List<NativeResource<?>> waiting) {
        assertFalse(batches.ahead.isOpen());
        waiting.forEach(array -> assertTrue(array.isReleased(), "an array is left"));
    }

    /** Nobody closes anything here: the thread ends by itself. */
    @Test
    void aLoopThatIsLeftKeepsNoThread() throws InterruptedException {
        for (Batch batch : batches(0)) {
            batch.close();
            break;
        }
        for (Thread thread : threads()) {
            assertTrue(thread.isDaemon());
            thread.join(30_000);
            assertFalse(thread.isAlive(), thread + " lives on");
        }
    }

    @Test
    void aFailureInTheBackgroundReachesTheConsumerWithItsCause() {
        try (NDManager nowhere = NDManager.newBaseManager(Device.gpu(99))) {
            PreparedBatches batches = train.batches(nowhere, OPTIONS, 7).iterator();
            IllegalStateException failure = assertThrows(IllegalStateException.class, batches::next);
            assertEquals(EngineException.class, failure.getCause().getClass());
            assertEquals("one of the 16 batches of epoch 7 could not be prepared: " + failure.getCause(), failure.getMessage());
            assertFreed(batches, List.of());
            assertThrows(NoSuchElementException.class, batches::next);
        }
    }

    @Test
    void anInterruptEndsTheWaitAndLosesNoBatch() {
        try (PreparedBatches batches = batches(4).iterator()) {
            int taken = 0;
            Thread.currentThread().interrupt();
            // Whoever holds this lock keeps the background thread from making arrays, so the third batch at the latest is waited for
            synchronized (batches.ahead) {
                try {
                    for (; taken < 3; taken++) {
                        batches.next().close();
                    }
                } catch (CancellationException e) {
                    assertEquals("interrupted while waiting for one of the 16 batches of epoch 4", e.getMessage());
                }
            }
            assertTrue(Thread.interrupted(), "stays interrupted");
            assertNotEquals(3, taken);
            for (; batches.hasNext(); taken++) {
                try (Batch batch = batches.next()) {
                    assertIsBatch(taken, 4, batch);
                }
            }
            assertEquals(16, taken);
        }
    }

    @Test
    void closingInAnInterruptedThreadWaitsForTheBackgroundAllTheSame() {
        PreparedBatches batches = batches(0).iterator();
        Thread.currentThread().interrupt();
        batches.close();
        assertTrue(Thread.interrupted(), "stays interrupted");
        assertFreed(batches, List.of());
    }
}
