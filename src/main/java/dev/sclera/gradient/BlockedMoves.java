package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Operators that move values, or sum them over pixels, in blocked layout. */
final class BlockedMoves {

    private final BlockedGraph graph;
    private final GraphBuilder builder;

    BlockedMoves(BlockedGraph graph) {
        this.graph = graph;
        this.builder = graph.builder();
    }

    /** The form that {@link Interleave} has in the standard graph. */
    boolean interleave(NodeProto node, Set<NodeProto> done) {
        Optional<NodeProto> split = graph.only(node, "Reshape");
        Optional<NodeProto> columns = split.flatMap(next -> transpose(next, Interleave.COLUMNS_IN));
        Optional<NodeProto> lines = columns.flatMap(next -> graph.only(next, "Reshape"));
        Optional<NodeProto> rows = lines.flatMap(next -> transpose(next, Interleave.ROWS_IN));
        Optional<NodeProto> whole = rows.flatMap(next -> graph.only(next, "Reshape"));
        if (whole.isEmpty() || node.getInputList().stream().noneMatch(graph::isBlocked)) {
            return false;
        }
        long[] phases = graph.shape(split.get().getOutput(0));
        if (phases[1] * phases[2] != node.getInputCount()) {
            return false;
        }
        List<Optional<String>> names = new ArrayList<>();
        for (String phase : node.getInputList()) {
            boolean zeros = graph.isZeros(phase);
            if (!zeros && !graph.canBlock(phase)) {
                return false;
            }
            names.add(zeros ? Optional.empty() : Optional.of(phase));
        }
        long[] shape = {phases[0], graph.weights().aligned(phases[3]), phases[4], phases[5]};
        graph.defer(whole.get().getOutput(0), new BlockedInterleave(names, (int) phases[1], (int) phases[2], shape));
        done.addAll(List.of(split.get(), columns.get(), lines.get(), rows.get(), whole.get()));
        return true;
    }

    private Optional<NodeProto> transpose(NodeProto node, long[] permutation) {
        return graph.only(node, "Transpose")
                .filter(next -> Arrays.equals(Attributes.integers(next, "perm").orElse(new long[0]), permutation));
    }

    boolean concat(NodeProto node) {
        if (node.getInputCount() == 1) {
            return alias(node);
        }
        boolean channels = Attributes.integer(node, "axis", 0) == 1;
        boolean fitting =
                node.getInputList().stream().allMatch(input -> graph.isAligned(input) && graph.canBlock(input));
        if (!channels || !fitting || node.getInputList().stream().noneMatch(graph::isBlocked)) {
            return false;
        }
        List<String> inputs = node.getInputList().stream().map(graph::blocked).toList();
        graph.setBlocked(
                node.getOutput(0),
                builder.add("Concat", inputs, node.getAttributeList().toArray(AttributeProto[]::new)));
        return true;
    }

    /** @param done receives the slices that are computed along with this one */
    boolean slice(NodeProto node, Set<NodeProto> done) {
        String x = node.getInput(0);
        Optional<Cut> found = graph.isBlocked(x) ? cut(node) : Optional.empty();
        if (found.isEmpty()) {
            return false;
        }
        Cut cut = found.get();
        long[] shape = graph.shape(x);
        if (cut.isAll(shape)) {
            return alias(node);
        }
        for (int axis = 0; axis < 2; axis++) {
            if (cut.isAlong(axis, shape)) {
                if (!shareOut(x, axis, done)) {
                    graph.setBlocked(
                            node.getOutput(0),
                            builder.slice(
                                    graph.blocked(x),
                                    new long[] {cut.starts[axis]},
                                    new long[] {
                                        axis == 0
                                                ? cut.ends[0]
                                                : graph.weights().aligned(cut.ends[1])
                                    },
                                    new long[] {axis}));
                }
                return true;
            }
        }
        if (cut.starts[0] != 0 || cut.ends[0] != shape[0]) {
            return false;
        }
        String inBlocks = builder.slice(
                graph.split(x),
                new long[] {cut.starts[1] / graph.block(), cut.starts[2], cut.starts[3]},
                new long[] {graph.weights().aligned(cut.ends[1]) / graph.block(), cut.ends[2], cut.ends[3]},
                new long[] {1, 2, 3});
        graph.setBlocked(node.getOutput(0), builder.reshape(inBlocks, graph.blockedShape(node.getOutput(0))));
        return true;
    }

    /**
     * Computes all slices of a tensor at once, where they share out its images or its channels. The runtime would join
     * them too, but into a node that counts as last of the graph, and so has the first say in the order of the others.
     */
    private boolean shareOut(String x, int axis, Set<NodeProto> done) {
        long[] shape = graph.shape(x);
        SortedMap<Long, List<NodeProto>> parts = new TreeMap<>();
        for (NodeProto consumer : graph.consumers(x)) {
            Optional<Cut> cut = consumer.getOpType().equals("Slice") ? cut(consumer) : Optional.empty();
            cut.filter(each -> each.isAlong(axis, shape))
                    .ifPresent(each -> parts.computeIfAbsent(each.starts[axis], absent -> new ArrayList<>())
                            .add(consumer));
        }
        List<Long> sizes = new ArrayList<>();
        long next = 0;
        for (Map.Entry<Long, List<NodeProto>> part : parts.entrySet()) {
            Set<Long> lengths = part.getValue().stream()
                    .map(slice -> graph.shape(slice.getOutput(0))[axis])
                    .collect(Collectors.toSet());
            if (part.getKey() != next || lengths.size() > 1) {
                return false;
            }
            sizes.addAll(lengths);
            next += sizes.get(sizes.size() - 1);
        }
        if (next != shape[axis]) {
            return false;
        }
        if (axis == 1) {
            sizes.set(sizes.size() - 1, graph.blockedShape(x)[1] - next + sizes.get(sizes.size() - 1));
        }
        Iterator<String> names = builder.split(
                        graph.blocked(x),
                        axis,
                        sizes.stream().mapToLong(Long::longValue).toArray())
                .iterator();
        for (List<NodeProto> slices : parts.values()) {
            String name = names.next();
            slices.forEach(slice -> graph.setBlocked(slice.getOutput(0), name));
            done.addAll(slices);
        }
        return true;
    }

    /** What a Slice keeps: from a position of each axis up to another. */
    private record Cut(long[] starts, long[] ends) {

        boolean isAll(long[] shape) {
            return Arrays.equals(ends, shape) && Arrays.stream(starts).allMatch(start -> start == 0);
        }

        /** Whether all is kept along the other axes. */
        boolean isAlong(int axis, long[] shape) {
            return IntStream.range(0, shape.length)
                    .allMatch(other -> other == axis || (starts[other] == 0 && ends[other] == shape[other]));
        }
    }

    /** What a Slice keeps, where that is whole blocks of a tensor. */
    private Optional<Cut> cut(NodeProto node) {
        boolean constant = node.getInputList().stream()
                .skip(1)
                .allMatch(input -> graph.constant(input).isPresent());
        if (!constant || node.getInputCount() < 4) {
            return Optional.empty();
        }
        long[] shape = graph.shape(node.getInput(0));
        long[] starts = {0, 0, 0, 0};
        long[] ends = shape.clone();
        long[] axes = longs(node, 3);
        for (int i = 0; i < axes.length; i++) {
            int axis = Math.floorMod((int) axes[i], 4);
            if (node.getInputCount() > 4 && longs(node, 4)[i] != 1) {
                return Optional.empty();
            }
            starts[axis] = position(longs(node, 1)[i], shape[axis]);
            ends[axis] = position(longs(node, 2)[i], shape[axis]);
        }
        int block = graph.block();
        boolean wholeBlocks = starts[1] % block == 0 && (ends[1] % block == 0 || ends[1] == shape[1]);
        return wholeBlocks ? Optional.of(new Cut(starts, ends)) : Optional.empty();
    }

    private static long position(long value, long length) {
        return Math.max(0, Math.min(length, value < 0 ? value + length : value));
    }

    private long[] longs(NodeProto node, int input) {
        return Tensors.longs(graph.constant(node.getInput(input)).orElseThrow());
    }

    boolean pad(NodeProto node) {
        String x = node.getInput(0);
        boolean plain = Attributes.text(node, "mode", "constant").equals("constant")
                && node.getInputCount() <= 3
                && node.getInputList().stream()
                        .skip(1)
                        .allMatch(input -> graph.constant(input).isPresent());
        if (!graph.isBlocked(x) || !plain) {
            return false;
        }
        long[] pads = longs(node, 1);
        if (pads.length != 8 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) {
            return false;
        }
        List<String> inputs = new ArrayList<>(
                List.of(graph.split(x), builder.longs(0, 0, pads[2], pads[3], 0, 0, 0, pads[6], pads[7], 0)));
        if (node.getInputCount() > 2) {
            inputs.add(node.getInput(2));
        }
        graph.setBlocked(
                node.getOutput(0), builder.reshape(builder.add("Pad", inputs), graph.blockedShape(node.getOutput(0))));
        return true;
    }

    boolean expand(NodeProto node) {
        long[] from = graph.shape(node.getInput(0));
        long[] to = graph.shape(node.getOutput(0));
        boolean perChannel =
                from.length == 4 && to.length == 4 && from[0] == to[0] && from[1] == to[1] && from[2] * from[3] == 1;
        if (!perChannel || to[1] % graph.block() != 0) {
            return false;
        }
        graph.defer(node.getOutput(0), new BlockedSpread(node.getInput(0), to));
        return true;
    }

    /** Over rows and columns. */
    boolean reduce(NodeProto node) {
        String x = node.getInput(0);
        long[] shape = graph.shape(x);
        long[] kept = graph.shape(node.getOutput(0));
        boolean overPixels = kept.length == 4
                && shape.length == 4
                && shape[0] == kept[0]
                && shape[1] == kept[1]
                && kept[2] * kept[3] == 1
                && shape[2] * shape[3] > 1;
        if (!graph.isBlocked(x) || !overPixels) {
            return false;
        }
        String mean = graph.add("GlobalAveragePool", List.of(graph.blocked(x)));
        graph.setBlocked(
                node.getOutput(0),
                node.getOpType().equals("ReduceMean")
                        ? mean
                        : builder.multiply(mean, builder.scalar((double) shape[2] * shape[3])));
        return true;
    }

    boolean alias(NodeProto node) {
        if (!graph.isBlocked(node.getInput(0))) {
            return false;
        }
        graph.setBlocked(node.getOutput(0), graph.blocked(node.getInput(0)));
        return true;
    }
}
