package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.problem.UnusableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast gradients are, against ONNX Runtime's own forward pass and PyTorch: {@value #THREADS} threads, float32, the
 * models' own input size. All figures of a model are medians of runs that take turns, so that a busy machine is as
 * unkind to one as to the other.
 *
 * <p>The forward pass gets its better setting: one session on all threads with the whole batch, or a single-threaded
 * one per thread on micro-batches, which is how gradients are computed.
 */
public final class GradientBenchmark {

    /** Threads of each contender. */
    public static final int THREADS = 2;

    /** Batch sizes that are measured. */
    public static final List<Integer> BATCHES = List.of(8, 32);

    private static final String SCRIPT = "gradient_bench_zoo.py";
    private static final int MICRO_BATCH = 1;
    private static final int ROUNDS = 7;

    private final @Nullable Path python;
    private final Consumer<Figures> progress;

    /**
     * A benchmark.
     *
     * @param python an interpreter with torch and torchvision, or null to leave PyTorch out
     * @param progress told of each result as it comes
     */
    public GradientBenchmark(@Nullable Path python, Consumer<Figures> progress) {
        this.python = python;
        this.progress = progress;
    }

    /**
     * What was measured of one model and batch size, in images per second and bytes.
     *
     * @param model the file's name without its ending
     * @param batch images per call
     * @param forward the runtime's forward pass at its better setting
     * @param forwardLanes whether that was one single-threaded session per thread
     * @param gradient forward and input gradient
     * @param ratio how many forward passes a gradient costs
     * @param blocked whether gradients ran in the runtime's blocked layout
     * @param peakBytes by how much the process grew while it computed gradients; -1 where the system does not say
     * @param pytorch PyTorch's forward and input gradient at its better memory layout, or null
     */
    public record Figures(
            String model,
            int batch,
            double forward,
            boolean forwardLanes,
            double gradient,
            double ratio,
            boolean blocked,
            long peakBytes,
            @Nullable Double pytorch) {

        /** The heading of a table of {@link #row}s. */
        public static String heading() {
            return String.format(
                    Locale.ROOT,
                    "%-18s %5s %10s %10s %6s %8s %9s %8s",
                    "model",
                    "batch",
                    "forward/s",
                    "gradient/s",
                    "ratio",
                    "peak MB",
                    "PyTorch/s",
                    "× torch");
        }

        /** The figures as a line of a table. */
        public String row() {
            String torch = pytorch == null
                    ? "%9s %8s".formatted("-", "-")
                    : String.format(Locale.ROOT, "%9.1f %8.2f", pytorch, gradient / pytorch);
            return String.format(
                    Locale.ROOT,
                    "%-18s %5d %10.1f %10.1f %6.2f %8s %s",
                    model,
                    batch,
                    forward,
                    gradient,
                    ratio,
                    peakBytes < 0 ? "-" : Long.toString(peakBytes >> 20),
                    torch);
        }
    }

    /**
     * Measures every ONNX file of a folder. The networks of the project's table come from {@code gradient_bench_zoo.py
     * export FOLDER}; PyTorch is asked for the torchvision model that a file is named after.
     *
     * @param folder with classifiers of one input {@code [n,3,h,w]}
     * @throws UnusableInputException where there are none, or one cannot be differentiated or run
     */
    public List<Figures> run(Path folder) {
        List<Figures> results = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString().replaceFirst("\\.onnx$", "");
            try {
                ModelProto model =
                        OnnxFile.parse(name, Files.readAllBytes(file)).proto();
                for (int batch : BATCHES) {
                    Figures figures = measure(name, model, batch);
                    progress.accept(figures);
                    results.add(figures);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the file " + file + " cannot be read", e);
            } catch (OrtException e) {
                throw new UnusableInputException(
                        "models", "The model \"%s\" cannot be run: %s.".formatted(name, e.getMessage()), e);
            }
        }
        return List.copyOf(results);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
            if (!files.isEmpty()) {
                return files;
            }
        } catch (IOException e) {
            throw new UnusableInputException("models", "The folder \"%s\" cannot be listed.".formatted(folder), e);
        }
        throw new UnusableInputException(
                "models",
                "The folder \"%s\" holds no .onnx files; \"%s export FOLDER\" makes some.".formatted(folder, SCRIPT));
    }

    private Figures measure(String name, ModelProto model, int batch) throws OrtException {
        GradientGraph graph =
                GradientGraph.derive(model, GradientGraph.Output.LOGITS, MICRO_BATCH, new Loss.CrossEntropy());
        byte[] bytes = model.toByteArray();
        try (OrtSession whole = forward(bytes, THREADS);
                OrtSession single = forward(bytes, 1);
                BenchmarkLanes wholeBatch = new BenchmarkLanes(whole, 1, batch);
                BenchmarkLanes lanes = new BenchmarkLanes(single, THREADS, MICRO_BATCH)) {
            wholeBatch.seconds(batch);
            lanes.seconds(batch);
            ResidentMemory memory = ResidentMemory.now();
            try (GradientSession session = GradientSession.open(name, graph.model(), Processor.CPU);
                    BenchmarkLanes gradients = new BenchmarkLanes(session.session(), THREADS, MICRO_BATCH)) {
                ResidentMemory.forgetPeak();
                gradients.seconds(batch);
                double[][] seconds = new double[3][ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    seconds[0][round] = wholeBatch.seconds(batch);
                    seconds[1][round] = gradients.seconds(batch);
                    seconds[2][round] = lanes.seconds(batch);
                }
                double forward = Math.min(median(seconds[0]), median(seconds[2]));
                double gradient = median(seconds[1]);
                return new Figures(
                        name,
                        batch,
                        batch / forward,
                        median(seconds[2]) < median(seconds[0]),
                        batch / gradient,
                        gradient / forward,
                        session.isBlocked(),
                        memory.growthToPeak(),
                        pytorch(name, batch));
            }
        }
    }

    private static OrtSession forward(byte[] model, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = Processor.CPU.options(threads)) {
            return OrtEnvironment.getEnvironment().createSession(model, options);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** PyTorch's figure, in a process of its own; null where there is no PyTorch or it does not know the model. */
    private @Nullable Double pytorch(String name, int batch) {
        if (python == null) {
            return null;
        }
        try (InputStream script = GradientBenchmark.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new IllegalStateException(SCRIPT + " is missing from the library");
            }
            Process process = new ProcessBuilder(python.toString(), "-", "time", name, Integer.toString(batch))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream input = process.getOutputStream()) {
                script.transferTo(input);
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                return null;
            }
            JsonNode figures = new ObjectMapper().readTree(answer);
            return figures.get("gradient_images_per_second").asDouble();
        } catch (IOException e) {
            throw new UnusableInputException(
                    "pytorch", "\"%s\" cannot be run: %s".formatted(python, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PyTorch was timed", e);
        }
    }
}
