package org.adadiff.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.CropFlip;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.dataset.Split;
import org.adadiff.engine.Mxnet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlCifarTest {
    @TempDir
    Path directory;

    /** What is measured beside our loader does the same work, but for crop and mirror. */
    @Test
    void bulkBatchesAreOursWithoutAugmentation() throws Exception {
        assertEquals(192, imagesThatAre(List.of(CropFlip.NONE), DjlCifar::bulk));
    }

    /** And here with them. */
    @Test
    void augmentedBatchesAreOursInOneOfTheir162Ways() throws Exception {
        List<CropFlip> ways = new ArrayList<>();
        for (int position = 0; position < 81; position++) {
            ways.add(new CropFlip(position / 9, position % 9, false));
            ways.add(new CropFlip(position / 9, position % 9, true));
        }
        assertEquals(192, imagesThatAre(ways, DjlCifar::augmented));
    }

    private interface Maker {
        ArrayDataset dataset(Cifar images, NDManager manager, int batchSize);
    }

    /** The number of different images in an epoch, each of which is one of ours in one of these ways. */
    private int imagesThatAre(List<CropFlip> ways, Maker maker) throws Exception {
        SampleGenerator.generate(directory, 1);
        Cifar images = Cifar.load(directory, Cifar.Variant.CIFAR10, Split.TEST);
        Set<Integer> seen = new HashSet<>();
        try (NDManager manager = Mxnet.engine().newBaseManager()) {
            for (Batch batch : maker.dataset(images, manager, 64).getData(manager)) {
                float[] pixels = batch.getData().singletonOrThrow().toFloatArray();
                float[] labels = batch.getLabels().singletonOrThrow().toFloatArray();
                assertEquals(64, labels.length);
                for (int i = 0; i < labels.length; i++) {
                    int index = ((Long) batch.getIndices().get(i)).intValue();
                    float[] image = Arrays.copyOfRange(pixels, i * 3072, (i + 1) * 3072);
                    assertTrue(ways.stream().anyMatch(way -> isOurs(images, index, way, image)), "image " + index);
                    assertEquals(images.label(index), labels[i]);
                    seen.add(index);
                }
                batch.close();
            }
        }
        return seen.size();
    }

    private static boolean isOurs(Cifar images, int index, CropFlip way, float[] image) {
        float[] ours = new float[3072];
        images.image(index, way, ours);
        for (int i = 0; i < 3072; i++) {
            if (Math.abs(ours[i] - image[i]) > 1e-5f) {
                return false;
            }
        }
        return true;
    }
}
