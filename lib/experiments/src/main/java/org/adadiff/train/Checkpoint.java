package org.adadiff.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.adadiff.metric.AtomicFile;

/**
 * The file of a run folder from which a run goes on, and the one before it, which is taken where the newer one is damaged:
 *
 * <pre>
 * int magic, int version, UTF identity (JSON), content, long CRC-32C of all before
 * </pre>
 *
 * <p>The identity says what the run is: its recipe, data, device and threads.
 */
final class Checkpoint {
    private static final String NEWEST = "checkpoint.bin";
    private static final String PREVIOUS = "checkpoint.previous.bin";
    private static final int MAGIC = 0x4164436B; // "AdCk"
    private static final int VERSION = 1;
    private static final int CHECKSUM_BYTES = Long.BYTES;

    /** What differs and still lets a run go on, on its way to other numbers. */
    private static final List<String> TOLERATED = List.of("device", "threads");

    private final Path folder;
    private final JsonObject identity;

    Checkpoint(Path folder, JsonObject identity) {
        this.folder = folder;
        this.identity = identity;
    }

    /** Writes the content of a checkpoint. */
    @FunctionalInterface
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads what a {@link Writer} wrote. */
    @FunctionalInterface
    interface Reader {
        void read(DataInputStream in) throws IOException;
    }

    /**
     * Writes a checkpoint; the newest one becomes the previous one. If that fails, the newest one before is still there.
     */
    void save(Writer content) throws IOException {
        Path newest = folder.resolve(NEWEST);
        if (Files.exists(newest)) {
            Files.move(newest, folder.resolve(PREVIOUS), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        AtomicFile.write(newest, file -> {
            CheckedOutputStream checked = new CheckedOutputStream(file, new CRC32C());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(identity.toString());
            content.write(out);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
        });
    }

    /**
     * Reads the newest checkpoint that is whole.
     *
     * @param content reads the content; of a checkpoint that is refused it sees nothing
     * @param warning is told of a damaged file and of other threads or another device
     * @throws IOException if there are only damaged ones or none, or one of another run or format; the message names file and reason
     */
    void load(Reader content, Consumer<String> warning) throws IOException {
        List<String> damages = new ArrayList<>();
        for (String name : List.of(NEWEST, PREVIOUS)) {
            Path file = folder.resolve(name);
            if (!Files.exists(file)) {
                continue;
            }
            String damage = damage(file);
            if (damage == null) {
                damages.forEach(warning);
                try (DataInputStream in = open(file)) {
                    checkIdentity(file, in, warning);
                    content.read(in);
                }
                return;
            }
            damages.add(file + ": " + damage);
        }
        throw new IOException(String.join("; ", damages) + "; there is no other: delete the run folder to start anew");
    }

    /** Tells whether there is one to load. */
    boolean exists() {
        return Files.exists(folder.resolve(NEWEST)) || Files.exists(folder.resolve(PREVIOUS));
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** Returns what is wrong with the bytes, or null. */
    private static String damage(Path file) throws IOException {
        long left = Files.size(file) - CHECKSUM_BYTES;
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (DataInputStream in = open(file)) {
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                crc.update(buffer, 0, n);
                left -= n;
            }
            if (left < 0) {
                return "the checkpoint is damaged: expected at least " + CHECKSUM_BYTES + " bytes, found " + Files.size(file);
            }
            long expected = in.readLong();
            return expected == crc.getValue() ? null : "the checkpoint is damaged: expected checksum "
                    + Long.toHexString(expected) + ", found " + Long.toHexString(crc.getValue());
        }
    }

    private void checkIdentity(Path file, DataInputStream in, Consumer<String> warning) throws IOException {
        int magic = in.readInt();
        int version = in.readInt();
        if (magic != MAGIC || version != VERSION) {
            throw new IOException(String.format("%s: expected a checkpoint of format %08x, version %d, found %08x, version %d",
                    file, MAGIC, VERSION, magic, version));
        }
        JsonObject found = new Gson().fromJson(in.readUTF(), JsonObject.class);
        for (String key : identity.keySet()) {
            if (!identity.get(key).equals(found.get(key))) {
                String difference = file + ": expected the " + key + " " + identity.get(key) + ", found " + found.get(key);
                if (!TOLERATED.contains(key)) {
                    throw new IOException(difference + ": the checkpoint is of another run");
                }
                warning.accept(difference + ": the numbers will differ in their last digits");
            }
        }
    }

    /** Removes all checkpoints from a folder. */
    static void delete(Path folder) throws IOException {
        for (String name : List.of(NEWEST, PREVIOUS, NEWEST + ".part")) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }
}
