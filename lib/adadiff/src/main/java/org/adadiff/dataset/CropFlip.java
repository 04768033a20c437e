package org.adadiff.dataset;

/**
 * How one training image is augmented: where the 32 x 32 window lies in the image padded by 4 black pixels on each side (so it is 40 x
 * 40), and whether the window is mirrored.
 *
 * @param left the window's left edge, 0 to 8; 4 is the image itself
 * @param top the window's top edge, 0 to 8; 4 is the image itself
 * @param flip whether left and right are exchanged
 */
public record CropFlip(int left, int top, boolean flip) {
    /** Black pixels added on each side before cropping. */
    static final int PADDING = 4;

    private static final int POSITIONS = 2 * PADDING + 1;

    /** The image as it is. */
    public static final CropFlip NONE = new CropFlip(PADDING, PADDING, false);

    /**
     * Checks the window.
     *
     * @param left 0 to 8
     * @param top 0 to 8
     * @param flip mirrored or not
     * @throws IllegalArgumentException if the window leaves the padded image
     */
    public CropFlip {
        if (left < 0 || left >= POSITIONS || top < 0 || top >= POSITIONS) {
            throw new IllegalArgumentException("crop window: expected left and top within 0..8, found " + left + ", " + top);
        }
    }

    /**
     * Decides for one image, whatever batch it lands in: all 81 windows are equally likely, and so is the mirror.
     *
     * @param seed the run's seed
     * @param epoch the epoch
     * @param index the image's index in the data set
     * @return the same value for the same arguments
     */
    public static CropFlip of(long seed, int epoch, int index) {
        long bits = Seeds.of(seed, epoch, index);
        // 21 bits each for left and top, scaled to 0..8 without division; one further bit for the mirror
        int left = (int) ((bits >>> 43) * POSITIONS >>> 21);
        int top = (int) ((bits >>> 22 & 0x1F_FFFF) * POSITIONS >>> 21);
        return new CropFlip(left, top, (bits & 1) != 0);
    }
}
