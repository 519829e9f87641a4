package dev.sclera.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the ONNX file of a grader does not say: how pixels become its input, and what its output means;
 * {@code models/<model>/model.json}.
 *
 * <p>The model is fed {@code (x · scale − mean) / std} per channel, with x in {@code [0,1]}, RGB.
 *
 * @param schema {@value #SCHEMA}
 * @param input the name of the graph's image input
 * @param output the name of the graph's output of one row of figures per image
 * @param height rows of the input
 * @param width columns of the input
 * @param layout where the channels are
 * @param channels in which order they are
 * @param scale 1 where the model wants pixels in {@code [0,1]} before mean and std, 255 where in {@code [0,255]}
 * @param mean per channel, in the model's channel order
 * @param std per channel, likewise; not 0
 * @param outputKind whether the output holds logits or probabilities
 * @param grades how many grades it tells apart: 5 on the ICDR scale
 */
public record ModelDescriptor(
        String schema,
        String input,
        String output,
        int height,
        int width,
        Layout layout,
        Channels channels,
        double scale,
        List<Double> mean,
        List<Double> std,
        OutputKind outputKind,
        int grades) {

    /** The schema of this record. */
    public static final String SCHEMA = "sclera/model/1";

    public ModelDescriptor {
        requireNonNull(schema, "schema is null");
        requireNonNull(input, "input is null");
        requireNonNull(output, "output is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(channels, "channels is null");
        requireNonNull(outputKind, "outputKind is null");
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /** Where the channels are. */
    public enum Layout {
        /** {@code [n,3,h,w]}, as PyTorch has it. */
        NCHW,
        /** {@code [n,h,w,3]}, as Keras has it. */
        NHWC
    }

    /** In which order the channels are. */
    public enum Channels {
        /** Red, green, blue. */
        RGB,
        /** Blue, green, red, as OpenCV has it. */
        BGR
    }

    /** What the output's figures are. */
    public enum OutputKind {
        /** Unbounded scores; their softmax are the probabilities. */
        LOGITS,
        /** Probabilities that sum to 1. */
        PROBABILITIES
    }
}
