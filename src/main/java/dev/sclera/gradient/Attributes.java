package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The attributes of nodes: read with their defaults, and made. */
final class Attributes {

    private Attributes() {}

    static Optional<AttributeProto> find(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    static long integer(NodeProto node, String name, long otherwise) {
        return find(node, name).map(AttributeProto::getI).orElse(otherwise);
    }

    static float real(NodeProto node, String name, float otherwise) {
        return find(node, name).map(AttributeProto::getF).orElse(otherwise);
    }

    static String text(NodeProto node, String name, String otherwise) {
        return find(node, name)
                .map(attribute -> attribute.getS().toStringUtf8())
                .orElse(otherwise);
    }

    static Optional<long[]> integers(NodeProto node, String name) {
        return find(node, name)
                .map(attribute -> attribute.getIntsList().stream()
                        .mapToLong(Long::longValue)
                        .toArray());
    }

    /** Integers, one per spatial axis; {@code otherwise} for each where the node does not say. */
    static long[] perAxis(NodeProto node, String name, int axes, long otherwise) {
        return integers(node, name).orElseGet(() -> {
            long[] values = new long[axes];
            Arrays.fill(values, otherwise);
            return values;
        });
    }

    /** Whether all integers of one of a node's attributes have this value; so they do where there is none such. */
    static boolean every(List<AttributeProto> attributes, String name, long value) {
        return attributes.stream()
                .filter(attribute -> attribute.getName().equals(name))
                .flatMap(attribute -> attribute.getIntsList().stream())
                .allMatch(each -> each == value);
    }

    /** A node with all its attributes but some. */
    static NodeProto.Builder without(NodeProto node, String... names) {
        List<AttributeProto> kept = node.getAttributeList().stream()
                .filter(attribute -> !List.of(names).contains(attribute.getName()))
                .toList();
        return node.toBuilder().clearAttribute().addAllAttribute(kept);
    }

    static AttributeProto of(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto of(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto of(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto of(String name, long[] values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    static AttributeProto of(String name, float[] values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
        return attribute.build();
    }
}
