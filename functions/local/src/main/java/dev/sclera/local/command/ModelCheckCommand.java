package dev.sclera.local.command;

import dev.sclera.gradient.GradientCoverage;
import dev.sclera.model.ModelCheck;
import dev.sclera.model.SelfTestFigures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sclera model check}; needs no store. */
@Command(
        name = "check",
        description = {
            "Tell whether gradients can be derived from an ONNX classifier of any number of classes: every operator"
                    + " between its input and its output, how often it occurs, and whether its gradient is known.",
            "",
            "Then test it: its scores must be the same with and without the runtime's optimisations and in the gradient"
                    + " graph, and the gradient must be that of the loss. Where the preprocessing is said (as for"
                    + " \"sclera model import\", by FILE's name with .json or by options) the test goes through it; else"
                    + " the bare graph is tested.",
            "",
            "Ends with 0 where all is well, and with 3 where it is not."
        },
        footer = {"", "Example:", "  sclera model check grader.onnx"})
final class ModelCheckCommand implements Callable<Integer> {

    private static final int UNUSABLE = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "An ONNX file.")
    private Path file;

    @Mixin
    private PreprocessingOptions preprocessing;

    @Mixin
    private HelpOption help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ModelCheck check = ModelCheck.of(file, preprocessing.said());
        GradientCoverage coverage = check.coverage();
        out.print(text(coverage));
        // the test takes its time, and may end in an error
        out.flush();
        SelfTestFigures figures = check.selfTest();
        out.print(text(figures, check.knowsPreprocessing()));
        out.flush();
        return coverage.supported() && figures.gradientGraph() != null ? 0 : UNUSABLE;
    }

    private static String text(SelfTestFigures figures, boolean preprocessed) {
        return new Lines()
                .add(
                        "self-test",
                        "passed: %d images, %d classes, %s"
                                .formatted(
                                        figures.images(),
                                        figures.classes(),
                                        preprocessed ? "through the preprocessing" : "bare graph"))
                .add("scores, optimised", relative(figures.optimised()))
                .add(
                        "scores, gradient graph",
                        figures.gradientGraph() == null ? null : relative(figures.gradientGraph()))
                .add(
                        "gradient",
                        figures.slopes() == null
                                ? "not tested: " + figures.remark()
                                : String.format(
                                        Locale.ROOT, "%.1f%% from difference quotients", 100 * figures.slopes()))
                .toString();
    }

    private static String relative(double difference) {
        return String.format(Locale.ROOT, "%.1e of the largest from those of the graph as it is written", difference);
    }

    private static String text(GradientCoverage coverage) {
        Lines lines = new Lines()
                .add("opset", coverage.opset())
                .add("parameters", coverage.parameters())
                .add(
                        "gradient",
                        coverage.supported()
                                ? coverage.quantised() ? "straight through quantised tensors" : "exact"
                                : "not known");
        for (GradientCoverage.Operator operator : coverage.operators()) {
            lines.add(
                    operator.name(),
                    operator.supported()
                            ? operator.count()
                            : "%d, not known: %s".formatted(operator.count(), String.join(", ", operator.nodes())));
        }
        return lines.toString();
    }
}
