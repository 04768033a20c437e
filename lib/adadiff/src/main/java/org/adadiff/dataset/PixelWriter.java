package org.adadiff.dataset;

import java.util.Arrays;

/**
 * Turns one stored image (3 planes of 32 x 32 bytes) into 3072 normalised floats, cropped and mirrored: whole rows at a time, one table
 * look-up a pixel, no condition a pixel.
 */
final class PixelWriter {
    static final int SIDE = 32;
    static final int CHANNELS = 3;
    static final int PLANE = SIDE * SIDE;
    static final int PIXELS = CHANNELS * PLANE;

    /** Per channel, as in the paper's code; of pixel values scaled to 0..1. */
    private static final double[] MEAN = {0.4914, 0.4822, 0.4465};

    private static final double[] STD = {0.2023, 0.1994, 0.2010};

    /** {@code TABLE[channel][byte]}: (byte / 255 - mean) / std. */
    private static final float[][] TABLE = new float[CHANNELS][256];

    static {
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int value = 0; value < 256; value++) {
                TABLE[channel][value] = (float) ((value / 255.0 - MEAN[channel]) / STD[channel]);
            }
        }
    }

    private PixelWriter() {}

    /** Writes the image at {@code from} in {@code pixels} to the 3072 floats of {@code target}. */
    static void write(byte[] pixels, int from, CropFlip augmentation, float[] target) {
        int shiftX = augmentation.left() - CropFlip.PADDING; // source x = target x + shift, before the mirror
        int shiftY = augmentation.top() - CropFlip.PADDING;
        int firstX = Math.max(0, -shiftX);
        int endX = Math.min(SIDE, SIDE - shiftX);
        int firstY = Math.max(0, -shiftY);
        int endY = Math.min(SIDE, SIDE - shiftY);
        for (int channel = 0; channel < CHANNELS; channel++) {
            float[] table = TABLE[channel];
            // The padding is a black pixel, so it is normalised like one: torchvision pads before it normalises
            if (shiftX != 0 || shiftY != 0) {
                Arrays.fill(target, channel * PLANE, (channel + 1) * PLANE, table[0]);
            }
            for (int y = firstY; y < endY; y++) {
                int source = from + channel * PLANE + (y + shiftY) * SIDE + shiftX;
                int row = channel * PLANE + y * SIDE;
                if (augmentation.flip()) {
                    copyMirrored(pixels, source, table, target, row, firstX, endX);
                } else {
                    copy(pixels, source, table, target, row, firstX, endX);
                }
            }
        }
    }

    private static void copy(byte[] pixels, int source, float[] table, float[] target, int row, int firstX, int endX) {
        for (int x = firstX; x < endX; x++) {
            target[row + x] = table[pixels[source + x] & 0xFF];
        }
    }

    private static void copyMirrored(byte[] pixels, int source, float[] table, float[] target, int row, int firstX, int endX) {
        int last = row + SIDE - 1;
        for (int x = firstX; x < endX; x++) {
            target[last - x] = table[pixels[source + x] & 0xFF];
        }
    }
}
