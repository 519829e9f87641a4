package dev.sclera.attack;

import dev.sclera.model.PixelView;
import java.util.List;

/**
 * The slope that many shifted copies of the images would have, which is the slope smoothed by a kernel: a Gaussian of
 * 15×15 with σ = 3 (Dong et al. 2019, <i>Evading Defenses to Transferable Adversarial Examples by Translation-Invariant
 * Attacks</i>, whose code has the same size, and a σ of 7/3). δ then depends less on where exactly a model looks.
 */
final class TranslationSmoothing implements Augmentation {

    private static final int RADIUS = 7;
    private static final double SIGMA = 3;

    private final int height;
    private final int width;
    private final float[] kernel = new float[2 * RADIUS + 1];

    TranslationSmoothing(int height, int width) {
        this.height = height;
        this.width = width;
        double sum = 0;
        for (int i = -RADIUS; i <= RADIUS; i++) {
            sum += Math.exp(-i * i / (2 * SIGMA * SIGMA));
        }
        for (int i = -RADIUS; i <= RADIUS; i++) {
            kernel[i + RADIUS] = (float) (Math.exp(-i * i / (2 * SIGMA * SIGMA)) / sum);
        }
    }

    @Override
    public List<PixelView> views(Batch batch, long moment) {
        return List.of();
    }

    @Override
    public float[] smooth(float[] slope) {
        return along(along(slope, height, width * 3, 3, width), width, 3, width * 3, height);
    }

    /** Smooths along one axis; outside the image the slope is 0. */
    private float[] along(float[] values, int length, int stride, int otherStride, int others) {
        float[] smoothed = new float[values.length];
        for (int other = 0; other < others; other++) {
            for (int channel = 0; channel < 3; channel++) {
                int base = other * otherStride + channel;
                for (int i = 0; i < length; i++) {
                    float sum = 0;
                    for (int k = Math.max(-RADIUS, -i); k <= Math.min(RADIUS, length - 1 - i); k++) {
                        sum += kernel[k + RADIUS] * values[base + (i + k) * stride];
                    }
                    smoothed[base + i * stride] = sum;
                }
            }
        }
        return smoothed;
    }
}
