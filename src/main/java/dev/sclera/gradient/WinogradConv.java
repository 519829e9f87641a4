package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A convolution of 3 × 3 taps by the minimal filtering algorithm F(2×2, 3×3): sixteen products per input and output
 * channel give four pixels, where taps one by one take thirty-six (Lavin and Gray 2016, "Fast Algorithms for
 * Convolutional Neural Networks", section 4.1, whose matrices Bᵀ, G and Aᵀ these are).
 *
 * <p>The image falls into tiles of 4 × 4 pixels, each two pixels further than the last. Of all of them, each of sixteen
 * convolutions per channel takes one sum of four pixels; that is convolved with a single tap, a weighted sum of the
 * kernel's; and four pixels are sums of the sixteen results, which take four times the memory of the result, and as
 * much again while they are put behind each other. It is rounded otherwise than the plain convolution, and no more.
 *
 * @param taps {@link WinogradTaps}
 * @param kernel {@code [outputs, inputs, 3, 3]}, of whole blocks of both
 * @param image what is convolved, {@code [n, inputs, h, w]} of even height and width
 */
record WinogradConv(List<String> taps, long[] kernel, long[] image) {

    /** Rows of Bᵀ: each adds two of a tile's four pixels, of which this is the first. */
    private static final int[] FIRST = {0, 1, 1, 1};

    /** By how many pixels the second follows. */
    private static final int[] APART = {2, 1, 1, 2};

    /** What the two are multiplied with. */
    private static final float[][] SIGNS = {{1, -1}, {1, 1}, {-1, 1}, {1, -1}};

    /** Aᵀ. */
    private static final float[][] PIXELS = {{1, 1, 1, 0}, {0, 1, -1, -1}};

    /** The row of Bᵀ to whose products a bias is added: the column of Aᵀ that gives it to both pixels unchanged. */
    private static final int BIASED = 1;

    private static final int PLACES = WinogradTaps.PLACES;

    /**
     * With fewer channels, moving sixteen sums per tile costs more than the products that it saves: as many as 48
     * outputs for each of many inputs, or 96 for as many inputs, measured with blocks of 16.
     */
    private static final long FEWEST_CHANNELS = 48;

    /** With fewer tiles, reading sixteen taps from memory in place of nine costs more. */
    private static final long FEWEST_TILES = 32;

    /** Values of the result, of which eight times as many are in memory at once. */
    private static final long MOST_VALUES = 1 << 22;

    /**
     * Whether a convolution can be computed so, and is faster so.
     *
     * @param kernel {@code [outputs, inputs, 3, 3]}, applied everywhere, with a border of one pixel
     * @param image {@code [n, inputs, h, w]}
     */
    static boolean pays(long[] kernel, long[] image, int block) {
        boolean whole = kernel[0] % block == 0 && kernel[1] % block == 0 && image[2] % 2 == 0 && image[3] % 2 == 0;
        long pixels = image[0] * image[2] * image[3];
        return whole
                && kernel[0] * kernel[1] >= FEWEST_CHANNELS * (kernel[0] + kernel[1])
                && pixels / 4 >= FEWEST_TILES
                && pixels * kernel[0] <= MOST_VALUES;
    }

    /**
     * Adds the convolution.
     *
     * @param input the image in blocks
     * @param bias {@code [outputs]}, or empty for none
     * @return the result in blocks
     */
    String emit(String input, String bias, BlockedGraph graph) {
        GraphBuilder builder = graph.builder();
        long outputs = kernel[0];
        List<String> products = new ArrayList<>();
        for (int row = 0; row < PLACES; row++) {
            for (int column = 0; column < PLACES; column++) {
                List<String> operands =
                        new ArrayList<>(List.of(sums(input, row, column, graph), taps.get(row * PLACES + column)));
                if (row == BIASED && column == BIASED && !bias.isEmpty()) {
                    operands.add(bias);
                }
                products.add(graph.add("Conv", operands, Attributes.of("kernel_shape", new long[] {1, 1})));
            }
        }
        long down = image[2] / 2;
        long across = image[3] / 2;
        long blocks = image[0] * outputs / graph.block();
        String all = builder.add("Concat", products, Attributes.of("axis", 0L));
        String pixels = builder.add(
                "MatMul",
                List.of(
                        pixelsOfProducts(builder),
                        builder.reshape(all, PLACES * PLACES, blocks * down * across * graph.block())));
        String apart = builder.reshape(pixels, 2, 2, blocks, down, across, graph.block());
        return builder.reshape(builder.transpose(apart, 2, 3, 0, 4, 1, 5), image[0], outputs, image[2], image[3]);
    }

    /** One sum of four pixels of each tile, {@code [n, inputs, h/2, w/2]}. */
    private String sums(String input, int row, int column, BlockedGraph graph) {
        int channels = (int) kernel[1];
        String weights = graph.shared(
                List.of("Bᵀ", channels, Arrays.toString(SIGNS[row]), Arrays.toString(SIGNS[column])),
                () -> signs(row, column, channels).inOrder(false, graph));
        return graph.add(
                "Conv",
                List.of(input, weights),
                Attributes.of("group", (long) channels),
                Attributes.of("kernel_shape", new long[] {2, 2}),
                Attributes.of("strides", new long[] {2, 2}),
                Attributes.of("dilations", new long[] {APART[row], APART[column]}),
                Attributes.of("pads", new long[] {before(row), before(column), behind(row), behind(column)}));
    }

    private static BlockedKernel.Constant signs(int row, int column, int channels) {
        float[] signs = new float[channels * 4];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = SIGNS[row][i % 4 / 2] * SIGNS[column][i % 2];
        }
        return new BlockedKernel.Constant(signs, new long[] {channels, 1, 2, 2});
    }

    /** Tiles begin one pixel outside of the image. */
    private static long before(int place) {
        return 1 - FIRST[place];
    }

    private static long behind(int place) {
        return FIRST[place] + APART[place] == PLACES - 1 ? 1 : 0;
    }

    /** {@code [4, 16]}: {@code Aᵀ·products·A} of tiles as a product with a matrix. */
    private static String pixelsOfProducts(GraphBuilder builder) {
        float[] factors = new float[4 * PLACES * PLACES];
        for (int i = 0; i < factors.length; i++) {
            int pixel = i / (PLACES * PLACES);
            int product = i % (PLACES * PLACES);
            factors[i] = PIXELS[pixel / 2][product / PLACES] * PIXELS[pixel % 2][product % PLACES];
        }
        return builder.floats(factors, 4, PLACES * PLACES);
    }
}
