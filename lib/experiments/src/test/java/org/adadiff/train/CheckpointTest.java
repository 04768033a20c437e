package org.adadiff.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    private Checkpoint checkpoint(String recipe, int threads) {
        JsonObject identity = new JsonObject();
        identity.addProperty("recipe", recipe);
        identity.addProperty("threads", threads);
        return new Checkpoint(folder, identity);
    }

    private List<Long> load(Checkpoint checkpoint) throws IOException {
        List<Long> read = new ArrayList<>();
        checkpoint.load(in -> read.add(in.readLong()), warnings::add);
        return read;
    }

    private Path save(long number) throws IOException {
        checkpoint("a", 2).save(out -> out.writeLong(number));
        return folder.resolve("checkpoint.bin");
    }

    @Test
    void theNewestIsReadAndTheOneBeforeWhereThereIsNoNewer() throws IOException {
        save(1);
        Path newest = save(2);
        assertEquals(List.of(2L), load(checkpoint("a", 2)));
        Files.delete(newest); // as when the process died between the two renames
        assertEquals(List.of(1L), load(checkpoint("a", 2)));
        assertEquals(List.of(), warnings);
    }

    @Test
    void anyOneBitFlippedIsNoticed() throws IOException {
        save(1);
        Path newest = save(2);
        byte[] whole = Files.readAllBytes(newest);
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit += 7) {
            byte[] damaged = whole.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Files.write(newest, damaged);
            warnings.clear();
            assertEquals(List.of(1L), load(checkpoint("a", 2)), "bit " + bit);
            assertTrue(warnings.get(0).startsWith(newest + ": the checkpoint is damaged"), warnings.toString());
        }
    }

    @Test
    void anotherRunIsRefusedAndAnotherNumberOfThreadsIsTold() throws IOException {
        Path newest = save(1);
        var error = assertThrows(IOException.class, () -> load(checkpoint("b", 2)));
        assertEquals(newest + ": expected the recipe \"b\", found \"a\": the checkpoint is of another run", error.getMessage());
        assertEquals(List.of(1L), load(checkpoint("a", 4)));
        assertEquals(List.of(newest + ": expected the threads 4, found 2: the numbers will differ in their last digits"), warnings);
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        Path newest = save(1);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(newest));
        bytes.putInt(Integer.BYTES, 7);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.capacity() - Long.BYTES);
        bytes.putLong(bytes.capacity() - Long.BYTES, crc.getValue());
        Files.write(newest, bytes.array());
        var error = assertThrows(IOException.class, () -> load(checkpoint("a", 2)));
        assertTrue(error.getMessage().endsWith("version 1, found 4164436b, version 7"), error.getMessage());
    }
}
