package dev.sclera.attack;

import dev.sclera.model.PixelView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Shows each image, with a chance of one half, made smaller by a random factor and put at a random place on black (Xie
 * et al. 2019, <i>Improving Transferability of Adversarial Examples with Input Diversity</i>: the size from 299 to 330
 * of 330, the probability 0.5). δ is made smaller with the image.
 */
final class InputDiversity implements Augmentation {

    private static final double CHANCE = 0.5;
    private static final double SMALLEST = 299 / 330.0;

    private final int height;
    private final int width;
    private final long seed;

    InputDiversity(int height, int width, long seed) {
        this.height = height;
        this.width = width;
        this.seed = seed;
    }

    @Override
    public List<PixelView> views(Batch batch, long moment) {
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + moment);
        List<PixelView> views = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            views.add(random.nextDouble() < CHANCE ? smaller(random) : Unchanged.VIEW);
        }
        return views;
    }

    private PixelView smaller(SplittableRandom random) {
        double scale = SMALLEST + (1 - SMALLEST) * random.nextDouble();
        int rows = Math.max(1, (int) Math.round(scale * height));
        int columns = Math.max(1, (int) Math.round(scale * width));
        return new Smaller(
                Axis.of(height, rows, random.nextInt(height - rows + 1)),
                Axis.of(width, columns, random.nextInt(width - columns + 1)));
    }

    @Override
    public float[] smooth(float[] slope) {
        return slope;
    }

    private enum Unchanged implements PixelView {
        VIEW;

        @Override
        public void see(float[] image, float[] seen) {
            System.arraycopy(image, 0, seen, 0, image.length);
        }

        @Override
        public void back(float[] slope, float[] onto) {
            System.arraycopy(slope, 0, onto, 0, slope.length);
        }
    }

    /**
     * Bilinear scaling along one axis, pixel centres at halves: the value at i is {@code (1 − share[i])} of the one at
     * {@code lower[i]} and {@code share[i]} of the one at {@code upper[i]}; nothing before {@code start} and from
     * {@code end} on.
     */
    private record Axis(int start, int end, int[] lower, int[] upper, float[] share) {

        static Axis of(int from, int to, int start) {
            int[] lower = new int[from];
            int[] upper = new int[from];
            float[] share = new float[from];
            for (int i = 0; i < to; i++) {
                double centre = Math.max(0, Math.min(from - 1.0, (i + 0.5) * from / to - 0.5));
                lower[start + i] = (int) centre;
                upper[start + i] = Math.min(from - 1, (int) centre + 1);
                share[start + i] = (float) (centre - (int) centre);
            }
            return new Axis(start, start + to, lower, upper, share);
        }

        int length() {
            return lower.length;
        }
    }

    private record Smaller(Axis rows, Axis columns) implements PixelView {

        @Override
        public void see(float[] image, float[] seen) {
            Arrays.fill(seen, 0);
            walk((target, source, weight) -> seen[target] += weight * image[source]);
        }

        @Override
        public void back(float[] slope, float[] onto) {
            Arrays.fill(onto, 0);
            walk((target, source, weight) -> onto[source] += weight * slope[target]);
        }

        /** Every weight of the linear map from an image to what is seen. */
        private interface Weight {
            void at(int target, int source, float weight);
        }

        private void walk(Weight weight) {
            int width = columns.length();
            for (int row = rows.start(); row < rows.end(); row++) {
                for (int column = columns.start(); column < columns.end(); column++) {
                    float down = rows.share()[row];
                    float right = columns.share()[column];
                    int target = (row * width + column) * 3;
                    int lowerRow = rows.lower()[row] * width;
                    int upperRow = rows.upper()[row] * width;
                    int lowerColumn = columns.lower()[column];
                    int upperColumn = columns.upper()[column];
                    for (int channel = 0; channel < 3; channel++) {
                        int to = target + channel;
                        weight.at(to, (lowerRow + lowerColumn) * 3 + channel, (1 - down) * (1 - right));
                        weight.at(to, (lowerRow + upperColumn) * 3 + channel, (1 - down) * right);
                        weight.at(to, (upperRow + lowerColumn) * 3 + channel, down * (1 - right));
                        weight.at(to, (upperRow + upperColumn) * 3 + channel, down * right);
                    }
                }
            }
        }
    }
}
