package dev.sclera.gradient;

/** One value per channel, which stands for a whole image. */
final class PerChannel {

    private PerChannel() {}

    /** What is known at run time alone of each channel of an image, as a kernel. */
    static BlockedKernel kernel(BlockedGraph graph, String image, String tensor) {
        long[] shape = {graph.shape(image)[1], 1, 1, 1};
        return new BlockedKernel.Computed(graph.perChannel(tensor, shape), shape);
    }

    /** Whether a tensor has one value per channel of an image, or one per image and channel. */
    static boolean is(BlockedGraph graph, String factor, String image) {
        long[] shape = graph.shape(factor);
        long[] of = graph.shape(image);
        int lead = 4 - shape.length;
        if (lead > 1 || of.length != 4 || of[2] * of[3] == 1) {
            return false;
        }
        boolean images = lead == 1
                || shape[0] == 1
                || (shape[0] == of[0] && graph.constant(factor).isEmpty());
        return images && shape[1 - lead] == of[1] && of[1] > 1 && shape[2 - lead] == 1 && shape[3 - lead] == 1;
    }
}
