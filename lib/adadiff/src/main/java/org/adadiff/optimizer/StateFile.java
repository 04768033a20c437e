package org.adadiff.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.adadiff.engine.Floats;

/**
 * The form in which optimizer state is stored. Big-endian as {@link DataOutputStream} writes, arrays little-endian:
 *
 * <pre>
 * int magic, int version, UTF optimizer, int slots, UTF slot name..., int entries,
 * per entry: UTF parameter, UTF device type, int device id, int steps, int rank, long dimension..., float32 slot...
 * long CRC-32 of all before
 * </pre>
 */
final class StateFile {

    private static final int MAGIC = 0x41646F73; // "Ados"
    private static final int VERSION = 1;

    /** The state of one parameter on one device, under the parameter's name. */
    record Entry(String parameter, ParameterState state) {}

    private StateFile() {}

    static void write(OutputStream out, String optimizer, List<String> slots, List<Entry> entries) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32());
        DataOutputStream data = new DataOutputStream(checked);
        data.writeInt(MAGIC);
        data.writeInt(VERSION);
        data.writeUTF(optimizer);
        data.writeInt(slots.size());
        for (String slot : slots) {
            data.writeUTF(slot);
        }
        data.writeInt(entries.size());
        for (Entry entry : entries) {
            ParameterState state = entry.state();
            data.writeUTF(entry.parameter());
            data.writeUTF(state.device().getDeviceType());
            data.writeInt(state.device().getDeviceId());
            data.writeInt(state.steps());
            data.writeInt(state.shape().dimension());
            for (long dimension : state.shape().getShape()) {
                data.writeLong(dimension);
            }
            for (int i = 0; i < slots.size(); i++) {
                Floats.write(data, state.slot(i));
            }
        }
        data.writeLong(checked.getChecksum().getValue());
        data.flush();
    }

    static List<Entry> read(InputStream in, String optimizer, List<String> slots, ParameterList parameters)
            throws IOException {
        CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
        DataInputStream data = new DataInputStream(checked);
        List<Entry> entries = new ArrayList<>();
        boolean complete = false;
        try {
            readHeader(data, optimizer, slots);
            Map<String, Parameter> byName = new HashMap<>();
            for (Pair<String, Parameter> pair : parameters) {
                byName.put(pair.getKey(), pair.getValue());
            }
            int count = data.readInt();
            for (int i = 0; i < count; i++) {
                entries.add(readEntry(data, slots, byName));
            }
            long found = checked.getChecksum().getValue();
            long expected = data.readLong();
            if (found != expected) {
                throw new StreamCorruptedException(
                        "Optimizer state: expected checksum " + Long.toHexString(expected) + ", found "
                                + Long.toHexString(found) + ": the stream is damaged");
            }
            complete = true;
            return entries;
        } catch (EOFException e) {
            EOFException clear = new EOFException(
                    "Optimizer state: the stream ends early, after " + entries.size() + " complete entries");
            clear.initCause(e);
            throw clear;
        } finally {
            if (!complete) {
                entries.forEach(entry -> entry.state().close());
            }
        }
    }

    private static void readHeader(DataInputStream data, String optimizer, List<String> slots) throws IOException {
        int magic = data.readInt();
        if (magic != MAGIC) {
            throw new StreamCorruptedException(String.format(
                    "Not an optimizer state: expected it to begin with %08x, found %08x", MAGIC, magic));
        }
        requireEqual("version", VERSION, data.readInt());
        requireEqual("optimizer", optimizer, data.readUTF());
        int count = data.readInt();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < Math.min(count, 64); i++) {
            found.add(data.readUTF());
        }
        requireEqual("arrays per parameter", slots, found);
    }

    private static Entry readEntry(DataInputStream data, List<String> slots, Map<String, Parameter> byName)
            throws IOException {
        String name = data.readUTF();
        Device device = Device.of(data.readUTF(), data.readInt());
        int steps = data.readInt();
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new StreamCorruptedException(
                    "Optimizer state: expected one of the parameters " + byName.keySet() + ", found " + name);
        }
        int rank = data.readInt();
        Shape expected = parameter.getArray().getShape();
        requireEqual("rank of " + name, expected.dimension(), rank);
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = data.readLong();
        }
        if (!Arrays.equals(expected.getShape(), dimensions)) { // as numbers: Shape throws at negative ones
            throw new StreamCorruptedException("Optimizer state, shape of " + name + ": expected " + expected + ", found "
                    + Arrays.toString(dimensions).replace('[', '(').replace(']', ')'));
        }
        NDArray[] arrays = new NDArray[slots.size()];
        int read = 0;
        try {
            while (read < arrays.length) {
                arrays[read] = readFloats(data, parameter.getArray());
                read++;
            }
        } finally {
            for (int i = 0; read < arrays.length && i < read; i++) {
                arrays[i].close();
            }
        }
        return new Entry(name, ParameterState.restored(device, parameter.getArray().getShape(), arrays, steps));
    }

    private static void requireEqual(String what, Object expected, Object found) throws StreamCorruptedException {
        if (!expected.equals(found)) {
            throw new StreamCorruptedException(
                    "Optimizer state, " + what + ": expected " + expected + ", found " + found);
        }
    }

    private static NDArray readFloats(DataInputStream data, NDArray like) throws IOException {
        NDArray array = ParameterState.keep(like.zerosLike());
        try {
            Floats.read(data, array);
        } catch (IOException e) {
            array.close();
            throw e;
        }
        return array;
    }
}
