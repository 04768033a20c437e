package org.adadiff.dataset;

import java.util.Random;

/**
 * What the images of one generated class have in common: a colour and a grating of stripes. Brightness, the stripes' phase and the noise
 * are each image's own.
 *
 * @param hue around the colour circle, 0 to 1
 * @param angle of the stripes, 0 to a quarter turn in radians, so that mirrored images stay in their class
 * @param period of the stripes, in pixels
 */
record SamplePattern(double hue, double angle, double period) {
    private static final double COLOUR = 36;
    private static final double STRIPES = 30;
    private static final double BRIGHTNESS_DEVIATION = 20;
    private static final double NOISE_DEVIATION = 30;

    static SamplePattern of(int label, Cifar.Variant variant) {
        int colours = variant.coarseClasses() > 0 ? variant.coarseClasses() : variant.classes() / 2;
        int kinds = variant.classes() / colours;
        int kind = label / colours;
        return new SamplePattern(
                (double) (label % colours) / colours,
                Math.PI / 2 * kind / (kinds - 1),
                kind % 2 == 0 ? 4 : 9);
    }

    /** Draws one image as CIFAR stores it: three planes of 32 x 32 bytes. */
    void draw(Random random, byte[] target, int at) {
        double brightness = 128 + BRIGHTNESS_DEVIATION * random.nextGaussian();
        double phase = 2 * Math.PI * random.nextDouble();
        double stepX = 2 * Math.PI * Math.cos(angle) / period;
        double stepY = 2 * Math.PI * Math.sin(angle) / period;
        for (int channel = 0; channel < PixelWriter.CHANNELS; channel++) {
            double base = brightness + COLOUR * Math.cos(2 * Math.PI * (hue - channel / 3.0));
            for (int y = 0; y < PixelWriter.SIDE; y++) {
                for (int x = 0; x < PixelWriter.SIDE; x++) {
                    double value = base + STRIPES * Math.sin(stepX * x + stepY * y + phase) + NOISE_DEVIATION * noise(random);
                    target[at + channel * PixelWriter.PLANE + y * PixelWriter.SIDE + x] =
                            (byte) Math.max(0, Math.min(255, Math.round(value)));
                }
            }
        }
    }

    /** Near normal, deviation 1: the sum of four bytes, many times faster than {@link Random#nextGaussian}. */
    private static double noise(Random random) {
        int bits = random.nextInt();
        int sum = (bits & 0xFF) + (bits >>> 8 & 0xFF) + (bits >>> 16 & 0xFF) + (bits >>> 24);
        return (sum - 4 * 127.5) / Math.sqrt(4 * (256 * 256 - 1) / 12.0);
    }
}
