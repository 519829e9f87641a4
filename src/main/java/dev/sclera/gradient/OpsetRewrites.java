package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** How a node in the form of an older opset is written in that of opset {@value OpsetUpgrade#TARGET}. */
final class OpsetRewrites {

    /** A form that ended: nodes of models below the opset are rewritten. */
    private record Rewrite(long below, BiFunction<NodeProto, OpsetUpgrade, List<NodeProto>> change) {}

    private static final Map<String, Rewrite> REWRITES = Map.ofEntries(
            Map.entry("Clip", new Rewrite(11, OpsetRewrites::clip)),
            Map.entry("Dropout", new Rewrite(12, OpsetRewrites::dropout)),
            Map.entry("BatchNormalization", new Rewrite(14, OpsetRewrites::batchNormalization)),
            Map.entry("Pad", new Rewrite(11, OpsetRewrites::pad)),
            Map.entry("Slice", new Rewrite(10, OpsetRewrites::slice)),
            Map.entry("TopK", new Rewrite(10, OpsetRewrites::topK)),
            Map.entry("Squeeze", new Rewrite(13, (node, to) -> asInput(node, "axes", to))),
            Map.entry("Unsqueeze", new Rewrite(13, (node, to) -> asInput(node, "axes", to))),
            Map.entry("ReduceSum", new Rewrite(13, (node, to) -> asInput(node, "axes", to))),
            Map.entry("Split", new Rewrite(13, (node, to) -> asInput(node, "split", to))),
            Map.entry(
                    "Scatter",
                    new Rewrite(
                            11,
                            (node, to) -> List.of(node.toBuilder()
                                    .setOpType("ScatterElements")
                                    .build()))),
            Map.entry("Upsample", new Rewrite(10, OpsetRewrites::resize)),
            Map.entry("Resize", new Rewrite(11, OpsetRewrites::resize)),
            Map.entry("Softmax", new Rewrite(13, OpsetRewrites::softmax)),
            Map.entry("LogSoftmax", new Rewrite(13, OpsetRewrites::softmax)),
            Map.entry("Hardmax", new Rewrite(13, OpsetRewrites::softmax)),
            // the runtime has no kernel for it, and the standard's own expansion is long
            Map.entry("GroupNormalization", new Rewrite(Long.MAX_VALUE, OpsetRewrites::groupNormalization)));

    private OpsetRewrites() {}

    /** What rewrites a node of a model of some opset, where anything has to. */
    static Optional<BiFunction<NodeProto, OpsetUpgrade, List<NodeProto>>> of(NodeProto node, long opset) {
        Rewrite rewrite = REWRITES.get(node.getOpType());
        boolean applies = rewrite != null && (opset < rewrite.below || rewrite.below == Long.MAX_VALUE);
        return applies ? Optional.of(rewrite.change) : Optional.empty();
    }

    private static List<NodeProto> clip(NodeProto node, OpsetUpgrade to) {
        NodeProto.Builder clip = Attributes.without(node, "min", "max");
        Optional<AttributeProto> minimum = Attributes.find(node, "min");
        Optional<AttributeProto> maximum = Attributes.find(node, "max");
        clip.addInput(
                minimum.map(bound -> to.floats(new float[] {bound.getF()})).orElse(""));
        maximum.ifPresent(bound -> clip.addInput(to.floats(new float[] {bound.getF()})));
        return List.of(clip.build());
    }

    private static List<NodeProto> dropout(NodeProto node, OpsetUpgrade to) {
        // the mask, where anything reads it, is beyond inference; the runtime then names it as missing
        return List.of(node.toBuilder()
                .setOpType("Identity")
                .clearAttribute()
                .clearOutput()
                .addOutput(node.getOutput(0))
                .build());
    }

    private static List<NodeProto> batchNormalization(NodeProto node, OpsetUpgrade to) {
        boolean training = node.getOutputList().stream().skip(1).anyMatch(to::reads);
        if (training || Attributes.integer(node, "spatial", 1) == 0) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (BatchNormalization) %s. Export the model anew, in evaluation mode."
                            .formatted(
                                    node.getName(),
                                    training
                                            ? "normalises by the batch's own statistics"
                                            : "normalises each position by itself (spatial = 0)"));
        }
        return List.of(Attributes.without(node, "spatial")
                .clearOutput()
                .addOutput(node.getOutput(0))
                .build());
    }

    private static List<NodeProto> pad(NodeProto node, OpsetUpgrade to) {
        long[] pads = Attributes.integers(node, "pads").orElseGet(() -> new long[0]);
        float value = Attributes.real(node, "value", 0);
        return List.of(Attributes.without(node, "pads", "value")
                .addInput(to.longs(pads))
                .addInput(to.floats(new float[] {value}))
                .build());
    }

    private static List<NodeProto> slice(NodeProto node, OpsetUpgrade to) {
        long[] starts = Attributes.integers(node, "starts").orElseGet(() -> new long[0]);
        long[] ends = Attributes.integers(node, "ends").orElseGet(() -> new long[0]);
        long[] axes = Attributes.integers(node, "axes")
                .orElseGet(() -> LongStream.range(0, starts.length).toArray());
        return List.of(Attributes.without(node, "starts", "ends", "axes")
                .addInput(to.longs(starts))
                .addInput(to.longs(ends))
                .addInput(to.longs(axes))
                .build());
    }

    private static List<NodeProto> topK(NodeProto node, OpsetUpgrade to) {
        return List.of(Attributes.without(node, "k")
                .addInput(to.longs(Attributes.integer(node, "k", 0)))
                .build());
    }

    private static List<NodeProto> asInput(NodeProto node, String attribute, OpsetUpgrade to) {
        NodeProto.Builder changed = Attributes.without(node, attribute);
        Attributes.integers(node, attribute).ifPresent(values -> changed.addInput(to.longs(values)));
        return List.of(changed.build());
    }

    /** Positions counted from the corner, as it was before one could choose. */
    private static List<NodeProto> resize(NodeProto node, OpsetUpgrade to) {
        Optional<float[]> constant = node.getInputCount() > 1
                ? to.constant(node.getInput(1)).map(Tensors::floats)
                : Attributes.find(node, "scales").map(scales -> floats(scales.getFloatsList()));
        boolean larger = false;
        boolean smaller = false;
        for (float scale : constant.orElseGet(() -> new float[0])) {
            larger |= scale > 1;
            smaller |= scale < 1;
        }
        if (larger && smaller) {
            throw new UnsupportedGraphException(
                    "The node \"%s\" (%s) makes one axis longer and another shorter, in a form that ended with opset 10. Export the model at opset 11 or later."
                            .formatted(node.getName(), node.getOpType()));
        }
        String scales = node.getInputCount() > 1
                ? node.getInput(1)
                : to.floats(constant.orElseThrow(), constant.orElseThrow().length);
        return List.of(Attributes.without(node, "scales")
                .setOpType("Resize")
                .clearInput()
                .addInput(node.getInput(0))
                .addInput("")
                .addInput(scales)
                .addAttribute(Attributes.of("coordinate_transformation_mode", "asymmetric"))
                .addAttribute(Attributes.of("nearest_mode", smaller ? "ceil" : "floor"))
                .build());
    }

    private static float[] floats(List<Float> list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i);
        }
        return values;
    }

    /** Once it worked on all axes from one on, as if they were flattened; now on a single one. */
    private static List<NodeProto> softmax(NodeProto node, OpsetUpgrade to) {
        long axis = Attributes.integer(node, "axis", 1);
        // the runtime says [] of what it does not know, too
        Optional<long[]> shape = to.shape(node.getInput(0)).filter(lengths -> lengths.length > 0);
        if (shape.isPresent()) {
            int rank = shape.get().length;
            int first = (int) Math.floorMod(axis, (long) rank);
            if (Arrays.stream(shape.get()).skip(first + 1).allMatch(length -> length == 1)) {
                return List.of(Attributes.without(node, "axis")
                        .addAttribute(Attributes.of("axis", (long) first))
                        .build());
            }
        }
        String flat = to.name("flat");
        String normalised = to.name("normalised");
        List<NodeProto> nodes = new ArrayList<>();
        nodes.add(node("Flatten", flat, node.getInput(0))
                .addAttribute(Attributes.of("axis", axis))
                .build());
        nodes.add(node(node.getOpType(), normalised, flat)
                .addAttribute(Attributes.of("axis", -1L))
                .setName(node.getName())
                .build());
        String target = shape.map(to::longs).orElseGet(() -> to.name("shape"));
        if (shape.isEmpty()) {
            nodes.add(node("Shape", target, node.getInput(0)).build());
        }
        nodes.add(node("Reshape", node.getOutput(0), normalised, target).build());
        return nodes;
    }

    /** As an instance normalisation of the groups, then scale and bias, which until opset 21 were one per group. */
    private static List<NodeProto> groupNormalization(NodeProto node, OpsetUpgrade to) {
        long[] shape = to.shape(node.getInput(0))
                .filter(lengths -> lengths.length > 1)
                .orElseThrow(() -> new UnsupportedGraphException(
                        "The node \"%s\" (GroupNormalization) has an input whose shape does not follow from the graph."
                                .formatted(node.getName())));
        int groups = (int) Attributes.integer(node, "num_groups", 1);
        float[] ones = new float[groups];
        Arrays.fill(ones, 1);
        String grouped = to.name("grouped");
        String normalised = to.name("normalised");
        String restored = to.name("restored");
        String scaled = to.name("scaled");
        List<NodeProto> nodes = new ArrayList<>();
        nodes.add(node("Reshape", grouped, node.getInput(0), to.longs(shape[0], groups, -1))
                .build());
        nodes.add(node(
                        "InstanceNormalization",
                        normalised,
                        grouped,
                        to.floats(ones, groups),
                        to.floats(new float[groups], groups))
                .addAttribute(Attributes.of("epsilon", Attributes.real(node, "epsilon", 1e-5f)))
                .setName(node.getName())
                .build());
        nodes.add(node("Reshape", restored, normalised, to.longs(shape)).build());
        String scale = perChannel(node.getInput(1), groups, shape, nodes, to);
        nodes.add(node("Mul", scaled, restored, scale).build());
        String bias = perChannel(node.getInput(2), groups, shape, nodes, to);
        nodes.add(node("Add", node.getOutput(0), scaled, bias).build());
        return nodes;
    }

    private static String perChannel(String weights, int groups, long[] shape, List<NodeProto> nodes, OpsetUpgrade to) {
        String all = weights;
        if (to.opset() < 21) {
            String column = to.name("column");
            all = to.name("repeated");
            nodes.add(node("Reshape", column, weights, to.longs(groups, 1)).build());
            nodes.add(node("Expand", all, column, to.longs(groups, shape[1] / groups))
                    .build());
        }
        long[] channels = new long[shape.length - 1];
        Arrays.fill(channels, 1);
        channels[0] = shape[1];
        String shaped = to.name("channels");
        nodes.add(node("Reshape", shaped, all, to.longs(channels)).build());
        return shaped;
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }
}
