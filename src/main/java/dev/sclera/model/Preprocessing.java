package dev.sclera.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a model whose ONNX file does not tell; each part may be null: then it is inferred, or asked for
 * where that is not possible.
 *
 * @param size rows and columns of the input, where the graph leaves them open
 * @param layout where the channels are
 * @param channels in which order they are; RGB where nobody says
 * @param scale see {@link ModelDescriptor}; 1 where nobody says
 * @param mean per channel; one figure stands for three
 * @param std per channel; one figure stands for three
 * @param outputKind what the output's figures are
 * @param output which output, where there are several
 */
public record Preprocessing(
        @Nullable Integer size,
        ModelDescriptor.@Nullable Layout layout,
        ModelDescriptor.@Nullable Channels channels,
        @Nullable Double scale,
        @Nullable List<Double> mean,
        @Nullable List<Double> std,
        ModelDescriptor.@Nullable OutputKind outputKind,
        @Nullable String output) {

    /** Nothing said. */
    public static final Preprocessing UNSAID = new Preprocessing(null, null, null, null, null, null, null, null);
}
