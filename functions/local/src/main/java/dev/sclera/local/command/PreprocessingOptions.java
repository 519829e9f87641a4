package dev.sclera.local.command;

import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.model.Preprocessing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What people say of a model whose file does not tell. */
final class PreprocessingOptions {

    @Option(names = "--size", description = "Rows and columns of the model's input, where the file leaves them open.")
    private @Nullable Integer size;

    @Option(names = "--layout", description = "Where the channels are: ${COMPLETION-CANDIDATES}. Default: seen.")
    private @Nullable Layout layout;

    @Option(names = "--channels", description = "In which order they are: ${COMPLETION-CANDIDATES}. Default: RGB.")
    private @Nullable Channels channels;

    @Option(
            names = "--scale",
            description = "What pixels in [0,1] are multiplied with before mean and std: 1 (the default), or 255.")
    private @Nullable Double scale;

    @Option(
            names = "--mean",
            split = ",",
            description = "The mean that training subtracted: one figure, or three, for example 0.485,0.456,0.406.")
    private @Nullable List<Double> mean;

    @Option(
            names = "--std",
            split = ",",
            description = "The standard deviation that training divided by: one figure, or three.")
    private @Nullable List<Double> std;

    @Option(
            names = "--output-kind",
            description = "What the output holds: ${COMPLETION-CANDIDATES}. Default: probabilities after a softmax,"
                    + " else logits.")
    private @Nullable OutputKind outputKind;

    @Option(names = "--output", description = "Which output, where there are several.")
    private @Nullable String output;

    Preprocessing said() {
        return new Preprocessing(size, layout, channels, scale, mean, std, outputKind, output);
    }
}
