package dev.sclera.gradient;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** The reference networks: tiny ones of the architectures that users bring, with what PyTorch computed for them. */
final class References {

    /**
     * Networks in which a hard decision lies within the noise of float32, so that the order of a sum decides it:
     * resnet_basic has a MaxPool window whose two largest values, of up to 4.9, differ by 3.6e-7, while the noise there
     * is 1.9e-6; mobilenetv2 has a ReLU6 whose input is 0 exactly. Gradients then differ from PyTorch's, though not for
     * some images that differ by no more than that noise, which tests ask for.
     */
    static final Set<String> WITH_A_DECISION_ON_THE_EDGE = Set.of("resnet_basic", "mobilenetv2");

    /** Of how many draws of noise one must agree. */
    static final int NOISES = 64;

    /** The noise of float32 on a pixel, relative to its value: about two units of the last place. */
    private static final double NOISE = 2e-7;

    private References() {}

    /** Their files' names; each has an {@code .npz} beside it, that of {@code …_folded} is the unfolded one's. */
    static Stream<String> networks() {
        return Stream.of(
                "resnet_basic",
                "resnet_bottleneck",
                "vgg",
                "mobilenetv2",
                "densenet",
                "densenet_folded",
                "squeezenet",
                "efficientnet",
                "efficientnet_folded",
                "mobilenetv3",
                "shufflenet",
                "convnext",
                "pt2_densenet",
                "pt2_efficientnet",
                "pt2_convnextv2",
                "vit",
                "swin",
                "pt2_vit",
                "pt2_swin");
    }

    /** Where they are; a test that asks is skipped where nobody says. */
    static Path folder() {
        String realData = System.getenv("SCLERA_REALDATA");
        assumeTrue(realData != null, "SCLERA_REALDATA is not set: the reference networks are not there");
        return Path.of(realData, "reference");
    }

    /** The pixels, each moved by the noise of float32. */
    static float[] noisy(float[] pixels, long seed) {
        Random random = new Random(seed);
        float[] noisy = pixels.clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] *= (float) (1 + NOISE * (2 * random.nextDouble() - 1));
        }
        return noisy;
    }
}
