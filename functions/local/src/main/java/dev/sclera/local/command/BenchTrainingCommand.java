package dev.sclera.local.command;

import dev.sclera.model.TrainingBenchmark;
import dev.sclera.store.JsonFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sclera bench training}; needs no store. */
@Command(
        name = "training",
        description = {
            "Measure a training step of ONNX classifiers beside the runtime's own forward pass, in the same run; and beside"
                    + " PyTorch, where a Python that has it is named.",
            "",
            "Figures of a machine that does something else meanwhile say little."
        },
        footer = {"", "Example:", "  sclera bench training --models zoo --pytorch venv/bin/python"})
final class BenchTrainingCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--models", required = true, paramLabel = "FOLDER", description = "A folder of ONNX files.")
    private Path models;

    @Option(names = "--pytorch", paramLabel = "PYTHON", description = "A Python with torch, timm and torchvision.")
    private @Nullable Path python;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Mixin
    private HelpOption help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter lines = json ? spec.commandLine().getErr() : out;
        lines.println(TrainingBenchmark.Figures.heading());
        lines.flush();
        // a run takes many minutes: each line is shown as soon as it is measured
        List<TrainingBenchmark.Figures> figures = new TrainingBenchmark(python, measured -> {
                    lines.println(measured.row());
                    lines.flush();
                })
                .run(models);
        if (json) {
            out.print(new String(JsonFormat.write(figures), StandardCharsets.UTF_8));
        }
        out.flush();
        return 0;
    }
}
