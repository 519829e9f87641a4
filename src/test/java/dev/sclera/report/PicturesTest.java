package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {

    @Test
    void aPerturbationIsAmplifiedAboutMidGreyToTheFullRange() throws IOException {
        float epsilon = 8 / 255f;
        Delta delta = new Delta(1, 2, new float[] {epsilon, -epsilon, 0, epsilon / 2, 0, -epsilon / 2});

        assertThat(Pictures.amplification(delta)).isCloseTo(255 / 16.0, within(1e-6));
        BufferedImage picture = decoded(Pictures.perturbation(delta, true));
        assertThat(picture.getRGB(0, 0) & 0xffffff).isEqualTo(0xff0080);
        assertThat(picture.getRGB(1, 0) & 0xffffff).isEqualTo(0xbf8040);
    }

    @Test
    void aPerturbationOfNothingIsMidGrey() throws IOException {
        BufferedImage picture = decoded(Pictures.perturbation(new Delta(2, 2, new float[12]), true));

        assertThat(picture.getRGB(1, 1) & 0xffffff).isEqualTo(0x808080);
    }

    @Test
    void theWantedPhotographIsShownReducedWithItsColours() throws IOException {
        byte[] pixels = new byte[2 * 600 * 300 * 3];
        for (int at = 600 * 300 * 3; at < pixels.length; at += 3) {
            pixels[at] = (byte) 200;
            pixels[at + 1] = (byte) 100;
            pixels[at + 2] = (byte) 50;
        }
        Images images = new Images(600, 300, pixels, new int[2], List.of("black", "orange"));

        BufferedImage picture = decoded(Pictures.photograph(images, 1));

        assertThat(picture.getHeight()).isEqualTo(256);
        assertThat(picture.getWidth()).isEqualTo(128);
        int rgb = picture.getRGB(64, 128);
        assertThat(new int[] {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff})
                .satisfies(colour -> assertThat(Math.abs(colour[0] - 200)).isLessThan(4))
                .satisfies(colour -> assertThat(Math.abs(colour[1] - 100)).isLessThan(4))
                .satisfies(colour -> assertThat(Math.abs(colour[2] - 50)).isLessThan(4));
    }

    @Test
    void compressionOfManyPerturbationsSavesSpace() {
        SplittableRandom random = new SplittableRandom(3);
        float[] rough = new float[224 * 224 * 3];
        for (int i = 0; i < rough.length; i++) {
            rough[i] = (float) random.nextDouble(-0.03, 0.03);
        }
        Delta noise = new Delta(224, 224, rough);

        assertThat(Pictures.perturbation(noise, false).length())
                .isLessThan(Pictures.perturbation(noise, true).length() * 2 / 3);
    }

    private static BufferedImage decoded(String uri) throws IOException {
        String base64 = uri.substring(uri.indexOf(',') + 1);
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
    }
}
