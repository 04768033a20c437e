package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.CropFlip;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.dataset.Split;
import org.adadiff.train.Mxnet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlCifarTest {
    @TempDir
    Path directory;

    /** What is measured beside our loader does the same work, but for crop and mirror. */
    @Test
    void batchesAreOursWithoutAugmentation() throws Exception {
        SampleGenerator.generate(directory, 1);
        Cifar images = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TEST);
        Set<Integer> seen = new HashSet<>();
        try (NDManager manager = Mxnet.engine().newBaseManager()) {
            for (Batch batch : DjlCifar.dataset(images, manager, 64).getData(manager)) {
                float[] pixels = batch.getData().singletonOrThrow().toFloatArray();
                float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
                assertEquals(64, labels.length);
                float[] expected = new float[3072];
                for (int i = 0; i < labels.length; i++) {
                    int index = ((Long) batch.getIndices().get(i)).intValue();
                    seen.add(index);
                    images.image(index, CropFlip.NONE, expected);
                    assertArrayEquals(expected, Arrays.copyOfRange(pixels, i * 3072, (i + 1) * 3072), 1e-5f, "image " + index);
                    assertEquals(images.label(index), labels[i]);
                }
                batch.close();
            }
        }
        assertEquals(192, seen.size());
    }
}
