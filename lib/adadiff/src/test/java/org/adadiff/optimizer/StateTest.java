package org.adadiff.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.initializer.ConstantInitializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateTest {

    private final NDManager manager = NDManager.newBaseManager();

    static List<Supplier<StatefulOptimizer>> optimizers() {
        return List.of(
                () -> AdaDiff.builder().optWeightDecays(0.01f).build(),
                () -> AdaDiff.builder().optAmsgrad(true).build(),
                () -> AdaBelief.builder().build(),
                () -> AveragedSgd.builder().build());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void savingAndRestoringContinuesBitForBit(Supplier<StatefulOptimizer> make) throws IOException {
        ParameterList straight = parameters();
        ParameterList resumed = parameters();
        byte[] atTen;
        byte[] end;
        try (StatefulOptimizer optimizer = make.get()) {
            train(optimizer, straight, 1, 20);
            end = save(optimizer, straight);
        }
        try (StatefulOptimizer optimizer = make.get()) {
            train(optimizer, resumed, 1, 10);
            atTen = save(optimizer, resumed);
        }
        ParameterList renewed = parameters(); // other ids, as in a new process
        for (int i = 0; i < renewed.size(); i++) {
            renewed.valueAt(i).getArray().set(resumed.valueAt(i).getArray().toByteBuffer());
        }
        try (StatefulOptimizer optimizer = make.get()) {
            optimizer.loadState(new ByteArrayInputStream(atTen), renewed);
            assertArrayEquals(atTen, save(optimizer, renewed), "saved again before the first update");
            train(optimizer, renewed, 11, 20);
            assertArrayEquals(end, save(optimizer, renewed), "state after 10 + 10 steps");
        }
        for (int i = 0; i < straight.size(); i++) {
            assertArrayEquals(
                    straight.valueAt(i).getArray().toFloatArray(),
                    renewed.valueAt(i).getArray().toFloatArray(),
                    straight.keyAt(i));
        }
    }

    @Test
    void aStreamCutShortAnywhereIsRefusedAndChangesNothing() throws IOException {
        ParameterList parameters = parameters();
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            train(optimizer, parameters, 1, 3);
            byte[] state = save(optimizer, parameters);
            train(optimizer, parameters, 4, 4);
            byte[] before = save(optimizer, parameters);
            for (int length = 0; length < state.length; length += 7) {
                byte[] cut = Arrays.copyOf(state, length);
                EOFException e = assertThrows(
                        EOFException.class,
                        () -> optimizer.loadState(new ByteArrayInputStream(cut), parameters),
                        "cut to " + length);
                assertTrue(e.getMessage().startsWith("Optimizer state: the stream ends early"), e.getMessage());
            }
            assertArrayEquals(before, save(optimizer, parameters));
        }
    }

    @Test
    void aDamagedStreamIsRefused() throws IOException {
        ParameterList parameters = parameters();
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            train(optimizer, parameters, 1, 3);
            byte[] state = save(optimizer, parameters);
            state[state.length - 44] ^= 1; // in the last number of "scale": "empty" takes the last 32 bytes before the checksum
            refused(optimizer, state, parameters, "the stream is damaged");
        }
    }

    @Test
    void aStreamWithAnyOneBitFlippedIsRefusedWithAnIoException() throws IOException {
        ParameterList parameters = parameters();
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            train(optimizer, parameters, 1, 3);
            byte[] state = save(optimizer, parameters);
            for (int bit = 0; bit < state.length * Byte.SIZE; bit++) {
                byte[] damaged = state.clone();
                damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                assertThrows(
                        IOException.class,
                        () -> optimizer.loadState(new ByteArrayInputStream(damaged), parameters),
                        "bit " + bit % Byte.SIZE + " of byte " + bit / Byte.SIZE);
            }
            assertArrayEquals(state, save(optimizer, parameters), "nothing has changed");
        }
    }

    @Test
    void aForeignStreamIsRefused() {
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            refused(optimizer, "PK, some other file".getBytes(), parameters(),
                    "Not an optimizer state: expected it to begin with 41646f73, found 504b2c20");
        }
    }

    @Test
    void anotherOptimizersStateIsRefused() throws IOException {
        ParameterList parameters = parameters();
        try (AdaDiff adaDiff = AdaDiff.builder().build();
                AdaDiff amsgrad = AdaDiff.builder().optAmsgrad(true).build();
                AdaBelief adaBelief = AdaBelief.builder().build()) {
            train(adaDiff, parameters, 1, 2);
            byte[] state = save(adaDiff, parameters);
            refused(adaBelief, state, parameters, "optimizer: expected AdaBelief, found AdaDiff");
            refused(amsgrad, state, parameters,
                    "expected [m, v, previous gradient, vmax], found [m, v, previous gradient]");
        }
    }

    @Test
    void otherShapesAndNamesAreRefused() throws IOException {
        ParameterList parameters = parameters();
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            train(optimizer, parameters, 1, 2);
            byte[] state = save(optimizer, parameters);
            ParameterList wider = new ParameterList();
            wider.add("weight", parameter(new Shape(3, 4)));
            refused(optimizer, state, wider, "shape of weight: expected (3, 4), found (2, 3)");
            ParameterList renamed = new ParameterList();
            renamed.add("kernel", parameter(new Shape(2, 3)));
            refused(optimizer, state, renamed, "expected one of the parameters [kernel], found weight");
        }
    }

    @Test
    void stateIsKeptForEveryDeviceAndOneMoreDeviceIsRefused() throws IOException {
        ParameterList parameters = parameters();
        Parameter weight = parameters.valueAt(0);
        String id = weight.getId();
        NDArray w = weight.getArray();
        NDArray g = w.onesLike();
        byte[] state;
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            optimizer.update(id, ai.djl.Device.gpu(0), w, g);
            optimizer.update(id, ai.djl.Device.gpu(1), w, g);
            optimizer.update(id, ai.djl.Device.gpu(1), w, g);
            state = save(optimizer, parameters);
        }
        try (AdaDiff optimizer = AdaDiff.builder().build()) {
            optimizer.loadState(new ByteArrayInputStream(state), parameters);
            optimizer.update(id, ai.djl.Device.gpu(1), w, g);
            optimizer.update(id, ai.djl.Device.gpu(0), w, g);
            assertEquals(List.of(2, 3), optimizer.steps(id));
            IllegalStateException e = assertThrows(
                    IllegalStateException.class, () -> optimizer.update(id, ai.djl.Device.gpu(2), w, g));
            assertTrue(e.getMessage().contains("state was restored for 2 device(s)"), e.getMessage());
        }
    }

    private static void refused(StatefulOptimizer optimizer, byte[] state, ParameterList parameters, String why) {
        IOException e = assertThrows(
                StreamCorruptedException.class,
                () -> optimizer.loadState(new ByteArrayInputStream(state), parameters));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    private static byte[] save(StatefulOptimizer optimizer, ParameterList parameters) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        optimizer.saveState(out, parameters);
        return out.toByteArray();
    }

    /** A matrix, a scalar, an empty one, and the matrix again under a second name, as tied weights are. */
    private ParameterList parameters() {
        ParameterList list = new ParameterList();
        list.add("weight", parameter(new Shape(2, 3)));
        list.add("scale", parameter(new Shape()));
        list.add("empty", parameter(new Shape(0)));
        list.add("tied", list.valueAt(0));
        return list;
    }

    private Parameter parameter(Shape shape) {
        Parameter parameter = Parameter.builder().setName("p").setType(Parameter.Type.OTHER).build();
        parameter.setShape(shape);
        parameter.setInitializer(new ConstantInitializer(0.5f));
        parameter.initialize(manager, DataType.FLOAT32);
        return parameter;
    }

    private static void train(StatefulOptimizer optimizer, ParameterList parameters, int first, int last) {
        for (int t = first; t <= last; t++) {
            for (int i = 0; i < 3; i++) {
                Parameter parameter = parameters.valueAt(i);
                try (NDArray g = parameter.getArray().mul(Math.sin(t + i)).addi(0.1)) {
                    optimizer.update(parameter.getId(), parameter.getArray(), g);
                }
            }
        }
    }
}
