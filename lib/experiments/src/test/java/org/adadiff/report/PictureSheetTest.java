package org.adadiff.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import org.adadiff.dataset.Cifar;
import org.adadiff.dataset.SampleGenerator;
import org.adadiff.dataset.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureSheetTest {
    @TempDir
    Path data;

    @Test
    void theFirstPictureOfEachClassIsShownInItsOwnColours() throws IOException {
        SampleGenerator.generate(data, 1);
        Cifar images = Cifar.load(data, Cifar.Variant.CIFAR10, Split.TRAIN);
        BufferedImage sheet = ImageIO.read(new ByteArrayInputStream(PictureSheet.firstOfEachClass(images).png()));
        assertEquals(2 * 10 * 76, sheet.getWidth());
        for (int label = 0; label < 10; label++) {
            int first = 0;
            while (images.label(first) != label) {
                first++;
            }
            // A stored pixel covers 4 x 4 of the sheet; the picture starts 6 points right of its cell and 2 below
            int rgb = sheet.getRGB(2 * (label * 76 + 6) + 4 * 10 + 1, 2 * 2 + 4 * 20 + 1) & 0xFFFFFF;
            assertEquals(images.pixel(first, 0, 20, 10) << 16 | images.pixel(first, 1, 20, 10) << 8 | images.pixel(first, 2, 20, 10), rgb,
                    "class " + label + ", row 20, column 10");
        }
    }

    @Test
    void aHundredClassesFillTenRows() throws IOException {
        SampleGenerator.generate(data, 1);
        Cifar images = Cifar.load(data, Cifar.Variant.CIFAR100, Split.TRAIN);
        BufferedImage sheet = ImageIO.read(new ByteArrayInputStream(PictureSheet.firstOfEachClass(images).png()));
        assertEquals(2 * 10 * 88, sheet.getHeight());
    }
}
