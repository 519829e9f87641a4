package dev.sclera.gradient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The nodes of {@link FeatureLoss.Uncertainty}. ONNX has no random numbers that a run could repeat, so every value of
 * every feature has a fixed one of its own, u, evenly from 0 to 1; a sample's two numbers m and s make another of it,
 * the fraction of {@code m·u + s}, which is as even, and where that is below the share that is kept the value stays.
 */
final class UncertaintyNodes {

    /** u has 24 bits, as a float holds. */
    private static final double UNIT = 0x1p-24;

    private final FeatureLoss.Uncertainty loss;
    private final Map<String, long[]> shapes;
    private final GraphBuilder graph;
    private final Map<String, String> slopes = new HashMap<>();

    UncertaintyNodes(FeatureLoss.Uncertainty loss, Map<String, long[]> shapes, GraphBuilder graph) {
        this.loss = loss;
        this.shapes = shapes;
        this.graph = graph;
    }

    FeatureLossNodes of(List<String> features) {
        List<String> terms = new ArrayList<>();
        for (int layer = 0; layer < features.size(); layer++) {
            terms.add(uncertainty(features.get(layer), layer));
        }
        if (loss.texture().weight() > 0) {
            terms.add(likeness(loss.texture()));
        }
        return new FeatureLossNodes(sum(terms), slopes);
    }

    /** {@code mean_k log |d_k·x|} with d_k 0 or 1; its slope is {@code mean_k d_k·x / |d_k·x|²}. */
    private String uncertainty(String feature, int layer) {
        long[] shape = shapes.get(feature);
        String even = even(shape, layer);
        String square = graph.multiply(feature, feature);
        List<String> terms = new ArrayList<>();
        List<String> weights = new ArrayList<>();
        for (int sample = 0; sample < loss.samples(); sample++) {
            String turned = graph.plus(graph.multiply(even, draw(2 * sample, shape)), draw(2 * sample + 1, shape));
            String kept = graph.below(graph.minus(turned, graph.add("Floor", List.of(turned))), loss.kept());
            String length = graph.add(
                    "Max",
                    List.of(
                            FeatureLossNodes.perImage(graph.multiply(square, kept), shape, graph),
                            graph.scalar(FeatureLossNodes.LEAST)));
            terms.add(graph.add("Log", List.of(length)));
            weights.add(graph.divide(kept, FeatureLossNodes.spread(length, shape, graph)));
        }
        slopes.put(feature, graph.times(graph.multiply(feature, sum(weights)), 1.0 / loss.samples()));
        return graph.times(sum(terms), 0.5 / loss.samples());
    }

    /** The numbers u of one feature, the same for every image. */
    private String even(long[] shape, int layer) {
        long[] one = shape.clone();
        one[0] = 1;
        float[] values = new float[Tensors.size(one)];
        SplittableRandom random = new SplittableRandom(layer);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((random.nextInt() >>> 8) * UNIT);
        }
        return graph.floats(values, one);
    }

    /** One of the numbers that are drawn per image, to be combined with a feature. */
    private String draw(int place, long[] shape) {
        String column = graph.slice(FeatureGraph.DRAWS, new long[] {place}, new long[] {place + 1L}, new long[] {1});
        return FeatureLossNodes.spread(column, shape, graph);
    }

    /** {@code −weight·|A − G|² / |G|²} with {@code A = xxᵀ}; its slope is {@code −4·weight·(A − G)x / |G|²}. */
    private String likeness(FeatureLoss.Texture texture) {
        long[] shape = shapes.get(texture.layer());
        long channels = shape[1];
        double scale = 0;
        for (float value : texture.gram()) {
            scale += (double) value * value;
        }
        String places = graph.reshape(texture.layer(), shape[0], channels, shape[2] * shape[3]);
        String products = graph.add("MatMul", List.of(places, graph.transpose(places, 0, 2, 1)));
        String apart = graph.minus(products, graph.floats(texture.gram(), 1, channels, channels));
        String towards = graph.times(graph.add("MatMul", List.of(apart, places)), -4 * texture.weight() / scale);
        slopes.merge(texture.layer(), graph.reshape(towards, shape), graph::plus);
        long[] matrices = {shape[0], channels, channels};
        String distance = FeatureLossNodes.perImage(graph.multiply(apart, apart), matrices, graph);
        return graph.times(distance, -texture.weight() / scale);
    }

    private String sum(List<String> terms) {
        return terms.stream().reduce(graph::plus).orElseThrow();
    }
}
