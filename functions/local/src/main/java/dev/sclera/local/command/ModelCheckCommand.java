package dev.sclera.local.command;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sclera.gradient.GradientCoverage;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "Tell whether gradients can be derived from an ONNX file: every operator between its input and its output,"
                    + " how often it occurs, and whether its gradient is known.",
            "",
            "Ends with 0 where all of them are, and with 3 where they are not."
        },
        footer = {"", "Example:", "  sclera model check grader.onnx"})
final class ModelCheckCommand implements Callable<Integer> {

    private static final int UNUSABLE = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "An ONNX file.")
    private Path file;

    @Mixin
    private HelpOption help;

    @Override
    public Integer call() {
        GradientCoverage coverage;
        try {
            coverage = GradientCoverage.of(ModelProto.parseFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException e) {
            throw new UnusableInputException(
                    "model", "The file \"%s\" is not a complete ONNX file (%s).".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new UnusableInputException("model", "The file \"%s\" cannot be read: %s.".formatted(file, e), e);
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" has no gradients. %s".formatted(file, e.getMessage()), e);
        }
        spec.commandLine().getOut().print(text(coverage));
        spec.commandLine().getOut().flush();
        return coverage.supported() ? 0 : UNUSABLE;
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
