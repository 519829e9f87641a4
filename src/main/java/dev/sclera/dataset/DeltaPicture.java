package dev.sclera.dataset;

import dev.sclera.dataset.image.Png;
import dev.sclera.dataset.image.PngSamples;
import dev.sclera.dataset.image.Samples;
import dev.sclera.dataset.image.UnusableImageException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * δ as a PNG about mid-grey: {@code δ = (sample − zero) · step}, zero being 128 or, of 16 bits, 32768. The step stands
 * in the file's text under {@value #KEYWORD}, for example {@code zero=32768 step=4.787E-7}, so that a file that Sclera
 * wrote can be read without being told more. Of a file that does not say it, the step is that of the pixel range, 1/255
 * or 1/65535, divided by the amplification that it was made with.
 */
final class DeltaPicture {

    static final String KEYWORD = "sclera.delta";

    private static final Pattern SAID = Pattern.compile("zero=([0-9]{1,5}) step=([0-9.E-]{1,40})");

    private DeltaPicture() {}

    /** How fine a picture is. */
    enum Depth {
        /** For people to look at. */
        EIGHT(8),
        /** To be read back: off by at most 1/65534 of δ's largest magnitude, and exact at 0 and at that. */
        SIXTEEN(16);

        private final int bits;

        Depth(int bits) {
            this.bits = bits;
        }
    }

    /**
     * What a picture holds.
     *
     * @param delta the perturbation
     * @param step the distance of one value to the next
     */
    record Read(Delta delta, double step) {}

    /** δ amplified as far as the samples' range goes. */
    static byte[] encode(Delta delta, Depth depth) {
        double largest = delta.maximumNorm();
        int zero = 1 << depth.bits - 1;
        double step = largest == 0 ? 1.0 / (2 * zero - 1) : largest / (zero - 1);
        int[] samples = new int[delta.values().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = zero + (int) Math.round(delta.values()[i] / step);
        }
        return Png.encode(new Samples(
                delta.height(),
                delta.width(),
                depth.bits,
                samples,
                Map.of(KEYWORD, "zero=%d step=%s".formatted(zero, step))));
    }

    /**
     * Reads a picture.
     *
     * @param name of the file, for the errors' sake
     * @param amplification by how much δ was amplified, or null where it was not, or where the file says it
     * @throws UnusableInputException where it is no such PNG
     * @throws InvalidValueException where it says its step itself, and an amplification is given beside it
     */
    static Read decode(String name, byte[] file, @Nullable Double amplification) {
        Samples samples;
        try {
            samples = new PngSamples().read(file);
        } catch (UnusableImageException e) {
            throw new UnusableInputException(
                    "file", "The file \"%s\" is no perturbation: %s.".formatted(name, e.getMessage()), e);
        }
        int zero = 1 << samples.depth() - 1;
        double step = 1.0 / (2 * zero - 1);
        String said = samples.text().get(KEYWORD);
        if (said != null) {
            if (amplification != null) {
                throw new InvalidValueException(
                        "amplification",
                        amplification,
                        "none for this file, which says it itself (%s)".formatted(said));
            }
            Matcher matcher = SAID.matcher(said);
            if (!matcher.matches()) {
                throw unreadable(name, said);
            }
            zero = Integer.parseInt(matcher.group(1));
            step = number(name, said, matcher.group(2));
        } else if (amplification != null) {
            step /= amplification;
        }
        float[] values = new float[samples.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((samples.values()[i] - zero) * step);
        }
        return new Read(new Delta(samples.height(), samples.width(), values), step);
    }

    private static double number(String name, String said, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw unreadable(name, said);
        }
    }

    private static UnusableInputException unreadable(String name, String said) {
        return new UnusableInputException(
                "file",
                "The file \"%s\" is no perturbation: its text %s is \"%s\", not as in \"zero=128 step=0.00012\"."
                        .formatted(name, KEYWORD, said));
    }
}
