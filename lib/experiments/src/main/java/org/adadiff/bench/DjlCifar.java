package org.adadiff.bench;

import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import java.nio.FloatBuffer;
import org.adadiff.dataset.Cifar;

/**
 * DJL's class {@code Cifar10} without its download: an {@link ArrayDataset} over the arrays that it makes, (N,32,32,3) float32 from 0 to
 * 255 and (N) labels, with the transforms of DJL's own CIFAR example. It neither crops nor mirrors: DJL's transforms decide once for a
 * whole batch, and its mirror discards the result.
 */
final class DjlCifar {
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] STD = {0.2023f, 0.1994f, 0.2010f};

    private DjlCifar() {}

    /** Batches in random order, without a last one that is smaller; the manager owns the arrays. */
    static ArrayDataset dataset(Cifar images, NDManager manager, int batchSize) {
        FloatBuffer pixels = FloatBuffer.allocate(images.size() * 32 * 32 * 3);
        float[] labels = new float[images.size()];
        for (int i = 0; i < images.size(); i++) {
            labels[i] = images.label(i);
            for (int at = 0; at < 32 * 32; at++) {
                for (int channel = 0; channel < 3; channel++) {
                    pixels.put(images.pixel(i, channel, at / 32, at % 32));
                }
            }
        }
        return new ArrayDataset.Builder()
                .setData(manager.create(pixels.flip(), new Shape(images.size(), 32, 32, 3)))
                .optLabels(manager.create(labels))
                .addTransform(new ToTensor())
                .addTransform(new Normalize(MEAN, STD))
                .setSampling(batchSize, true, true)
                .build();
    }
}
