package dev.sclera.architecture;

import dev.sclera.model.Network;
import dev.sclera.model.Preprocessing;
import dev.sclera.problem.InvalidValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Small graders that are trained from scratch within minutes on two cores. Each takes {@code [n,3,size,size]}, float32,
 * RGB, {@code (x − 0.4) / 0.25} with x in {@code [0,1]}, and gives logits {@code [n,5]}.
 */
public enum Architecture {
    /**
     * Residual blocks of two 3×3 convolutions (He et al. 2016, <i>Deep Residual Learning</i>), 0.18 million weights.
     */
    RESNET_MINI {
        @Override
        String features(NetworkBuilder network, String images) {
            String features = network.convolution("stem", images, 3, 16, 3, 2, true);
            features = residual(network, "block1", features, 16, 24, 2);
            features = residual(network, "block2", features, 24, 48, 2);
            return residual(network, "block3", features, 48, CHANNELS, 2);
        }
    },
    /**
     * Depthwise 3×3 and pointwise convolutions by turns (Howard et al. 2017, <i>MobileNets</i>), 0.05 million weights.
     */
    MOBILE_MINI {
        @Override
        String features(NetworkBuilder network, String images) {
            String features = network.convolution("stem", images, 3, 16, 3, 2, true);
            features = separable(network, "block1", features, 16, 32, 2);
            features = separable(network, "block2", features, 32, 48, 1);
            features = separable(network, "block3", features, 48, 64, 2);
            features = separable(network, "block4", features, 64, 64, 1);
            features = separable(network, "block5", features, 64, CHANNELS, 2);
            return separable(network, "block6", features, CHANNELS, CHANNELS, 1);
        }
    };

    private static final double MEAN = 0.4;
    private static final double STD = 0.25;

    /** The input's usual rows and columns. */
    public static final int USUAL_SIZE = 128;

    private static final int CHANNELS = 96;
    private static final int GRADES = 5;

    /** Adds what makes features {@code [n,96,h,w]} of images. */
    abstract String features(NetworkBuilder network, String images);

    /** The name that users know it by, for example {@code resnet-mini}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The architecture that users know by a name.
     *
     * @throws InvalidValueException where there is none of that name
     */
    public static Architecture of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "architecture",
                        label,
                        Arrays.stream(values()).map(Architecture::label).collect(Collectors.joining(" or "))));
    }

    /**
     * An untrained grader; the same seed gives the same bytes.
     *
     * @param name to keep it under
     * @param size rows and columns of its input, 32 to 1024
     * @throws InvalidValueException where the size is not allowed
     */
    public Network network(String name, int size, long seed) {
        if (size < 32 || size > 1024) {
            throw new InvalidValueException("size", size, "32 to 1024 pixels");
        }
        Preprocessing normalised = new Preprocessing(null, null, null, null, List.of(MEAN), List.of(STD), null, null);
        return Network.of(name, onnx(size, seed), normalised);
    }

    private byte[] onnx(int size, long seed) {
        NetworkBuilder network = new NetworkBuilder(label());
        String pooled = network.add("GlobalAveragePool", "pool", features(network, network.images(size)));
        network.head(network.add("Flatten", "flatten", pooled), CHANNELS, GRADES);
        return FreshWeights.of(network.build().toByteArray(), seed);
    }

    private static String residual(NetworkBuilder network, String name, String input, int from, int to, int stride) {
        String first = network.convolution(name + ".0", input, from, to, 3, stride, true);
        String second = network.convolution(name + ".1", first, to, to, 3, 1, false);
        String past = network.convolution(name + ".skip", input, from, to, 1, stride, false);
        return network.add("Relu", name, network.add("Add", name + ".sum", second, past));
    }

    private static String separable(NetworkBuilder network, String name, String input, int from, int to, int stride) {
        String apart = network.depthwise(name + ".depthwise", input, from, stride);
        return network.convolution(name + ".pointwise", apart, from, to, 1, 1, true);
    }
}
