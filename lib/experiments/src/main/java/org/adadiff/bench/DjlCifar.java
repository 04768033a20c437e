package org.adadiff.bench;

import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.translate.StackBatchifier;
import java.util.Random;
import org.adadiff.dataset.Cifar;

/**
 * DJL's class {@code Cifar10} without its download: an {@link ArrayDataset} over arrays as it makes them, (N,32,32,3) float32 from 0 to 255
 * and (N) labels, with DJL's transforms. Batches come in random order, without a last one that is smaller; the manager owns the arrays.
 */
final class DjlCifar {
    private static final int SIDE = 32;
    private static final int PADDING = 4;
    private static final float[] MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] STD = {0.2023f, 0.1994f, 0.2010f};

    private DjlCifar() {}

    /** The data set as it is: a batch is gathered and transformed as one array, and so it can be neither cropped nor mirrored image by image. */
    static ArrayDataset bulk(Cifar images, NDManager manager, int batchSize) {
        return builder(images, manager, batchSize, 0)
                .addTransform(new ToTensor())
                .addTransform(new Normalize(MEAN, STD))
                .build();
    }

    /** Cropped and mirrored too. DJL transforms image by image once the batchifier is not its shared one. The images are padded beforehand. */
    static ArrayDataset augmented(Cifar images, NDManager manager, int batchSize) {
        Random random = new Random(1);
        return builder(images, manager, batchSize, PADDING)
                .optDataBatchifier(new StackBatchifier())
                .addTransform(image -> NDImageUtils.crop(image, random.nextInt(2 * PADDING + 1), random.nextInt(2 * PADDING + 1), SIDE, SIDE))
                .addTransform(NDImageUtils::randomFlipLeftRight)
                .addTransform(new ToTensor())
                .addTransform(new Normalize(MEAN, STD))
                .build();
    }

    private static ArrayDataset.Builder builder(Cifar images, NDManager manager, int batchSize, int padding) {
        int side = SIDE + 2 * padding;
        float[] pixels = new float[images.size() * side * side * 3];
        float[] labels = new float[images.size()];
        for (int i = 0; i < images.size(); i++) {
            labels[i] = images.label(i);
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    for (int channel = 0; channel < 3; channel++) {
                        pixels[((i * side + y + padding) * side + x + padding) * 3 + channel] = images.pixel(i, channel, y, x);
                    }
                }
            }
        }
        return new ArrayDataset.Builder()
                .setData(manager.create(pixels, new Shape(images.size(), side, side, 3)))
                .optLabels(manager.create(labels))
                .setSampling(batchSize, true, true);
    }
}
