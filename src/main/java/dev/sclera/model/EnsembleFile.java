package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.sclera.gradient.EnsembleGraph;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.UnusableInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several graders as one, which answers with the mean of their probabilities; for whoever loads it a grader like any
 * other. It is fed {@code [n,h,w,3]}, RGB in {@code [0,1]}, at the size of its largest member; each member's own
 * preprocessing is within, and what several have in common is there once.
 *
 * @param onnx the file
 * @param descriptor how it is fed and read
 */
public record EnsembleFile(byte[] onnx, ModelDescriptor descriptor) {

    /**
     * Puts graders together. Members of different sizes see a photograph reduced twice, first to the size of the
     * largest, where they alone would see it reduced once; members of one size see what they would see alone.
     *
     * @param members 2 or more, of one number of grades
     * @param files the members' files, in the same order
     * @param metadata what the file says of itself
     * @throws UnusableInputException where they cannot be put together
     */
    public static EnsembleFile of(List<Model> members, List<byte[]> files, Map<String, String> metadata) {
        int grades = members.get(0).descriptor().grades();
        for (Model member : members) {
            if (member.descriptor().grades() != grades) {
                throw new UnusableInputException(
                        "models",
                        "An ensemble needs members that tell the same grades apart: \"%s\" has %d, \"%s\" has %d."
                                .formatted(
                                        members.get(0).name(),
                                        grades,
                                        member.name(),
                                        member.descriptor().grades()));
            }
        }
        int height = members.stream()
                .mapToInt(member -> member.descriptor().height())
                .max()
                .orElseThrow();
        int width = members.stream()
                .mapToInt(member -> member.descriptor().width())
                .max()
                .orElseThrow();
        List<EnsembleGraph.Member> graphs = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            ModelDescriptor descriptor = members.get(i).descriptor();
            ModelProto proto =
                    OnnxFile.parse(members.get(i).name(), files.get(i)).proto();
            graphs.add(new EnsembleGraph.Member(
                    PreprocessedGraph.of(proto, descriptor, height, width),
                    GradientGraph.Output.valueOf(descriptor.outputKind().name())));
        }
        return new EnsembleFile(
                described(graphs, metadata).toByteArray(),
                new ModelDescriptor(
                        ModelDescriptor.SCHEMA,
                        EnsembleGraph.IMAGES,
                        EnsembleGraph.PROBABILITIES,
                        height,
                        width,
                        Layout.NHWC,
                        Channels.RGB,
                        1,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        OutputKind.PROBABILITIES,
                        grades));
    }

    private static ModelProto described(List<EnsembleGraph.Member> graphs, Map<String, String> metadata) {
        ModelProto.Builder model;
        try {
            model = EnsembleGraph.of(graphs).model().toBuilder();
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "models", "These models make no ensemble. %s".formatted(e.getMessage()), e);
        }
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }
}
