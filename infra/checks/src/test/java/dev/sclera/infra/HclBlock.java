package dev.sclera.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A block of a Terraform file.
 *
 * @param type what stands first, such as {@code resource}
 * @param labels the quoted names after it
 * @param attributes the text of each expression, without comments
 * @param blocks the blocks within, in their order
 * @param comment the lines of comment right above it; empty where there are none
 * @param place file and line
 */
record HclBlock(
        String type,
        List<String> labels,
        Map<String, String> attributes,
        List<HclBlock> blocks,
        String comment,
        String place) {

    String label(int index) {
        return labels.get(index);
    }

    /** {@code aws_x}, or {@code data.aws_x}. */
    String kind() {
        return type.equals("data") ? "data." + label(0) : label(0);
    }

    /** Blocks of a type directly within, written out or {@code dynamic}. */
    List<HclBlock> within(String wanted) {
        List<HclBlock> found = new ArrayList<>();
        for (HclBlock block : blocks) {
            if (block.type.equals(wanted)) {
                found.add(block);
            } else if (block.type.equals("dynamic") && block.label(0).equals(wanted)) {
                block.blocks.stream()
                        .filter(inner -> inner.type.equals("content"))
                        .map(inner -> new HclBlock(
                                wanted,
                                List.of(),
                                inner.attributes,
                                inner.blocks,
                                block.comment + inner.comment,
                                inner.place))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Every expression in it, at any depth. */
    Stream<String> expressions() {
        return Stream.concat(attributes.values().stream(), blocks.stream().flatMap(HclBlock::expressions));
    }
}
