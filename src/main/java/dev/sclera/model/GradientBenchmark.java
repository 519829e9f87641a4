package dev.sclera.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import dev.sclera.gradient.GradientGraph;
import dev.sclera.gradient.Loss;
import dev.sclera.problem.UnusableInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
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

    private static final int MICRO_BATCH = 1;

    private final BenchmarkZoo zoo;
    private final Consumer<Figures> progress;

    /**
     * A benchmark.
     *
     * @param python an interpreter with torch and torchvision, or null to leave PyTorch out
     * @param progress told of each result as it comes
     */
    public GradientBenchmark(@Nullable Path python, Consumer<Figures> progress) {
        this.zoo = new BenchmarkZoo(python);
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
                    "%-18s %5s %10s %10s %6s %8s %8s %9s %8s",
                    "model",
                    "batch",
                    "forward/s",
                    "gradient/s",
                    "ratio",
                    "blocked",
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
                    "%-18s %5d %10.1f %10.1f %6.2f %8s %8s %s",
                    model,
                    batch,
                    forward,
                    gradient,
                    ratio,
                    blocked ? "yes" : "no",
                    peakBytes < 0 ? "-" : Long.toString(peakBytes >> 20),
                    torch);
        }
    }

    /**
     * Measures every ONNX file of a folder; PyTorch is asked for the torchvision model that a file is named after.
     *
     * @param folder with classifiers of one input {@code [n,3,h,w]}
     * @throws UnusableInputException where there are none, or one cannot be differentiated or run
     */
    public List<Figures> run(Path folder) {
        List<Figures> results = new ArrayList<>();
        for (Path file : BenchmarkZoo.files(folder)) {
            String name = BenchmarkZoo.name(file);
            try {
                ModelProto model = BenchmarkZoo.read(file).proto();
                for (int batch : BATCHES) {
                    Figures figures = measure(name, model, batch);
                    progress.accept(figures);
                    results.add(figures);
                }
            } catch (OrtException e) {
                throw new UnusableInputException(
                        "models", "The model \"%s\" cannot be run: %s.".formatted(name, e.getMessage()), e);
            }
        }
        return List.copyOf(results);
    }

    private Figures measure(String name, ModelProto model, int batch) throws OrtException {
        GradientGraph graph =
                GradientGraph.deriveForCaches(model, GradientGraph.Output.LOGITS, MICRO_BATCH, new Loss.CrossEntropy());
        try (ForwardBaseline forward = new ForwardBaseline(model.toByteArray(), THREADS, batch)) {
            ResidentMemory memory = ResidentMemory.now();
            try (GradientSession session = GradientSession.open(name, graph.model(), Processor.CPU);
                    BenchmarkLanes gradients = new BenchmarkLanes(session.session(), THREADS, MICRO_BATCH)) {
                ResidentMemory.forgetPeak();
                gradients.seconds(batch);
                List<Double> seconds = new ArrayList<>();
                while (!ForwardBaseline.isEnough(seconds)) {
                    forward.measureWhole();
                    seconds.add(gradients.seconds(batch));
                    forward.measureLanes();
                }
                double gradient = ForwardBaseline.median(seconds);
                return new Figures(
                        name,
                        batch,
                        batch / forward.seconds(),
                        forward.inLanes(),
                        batch / gradient,
                        gradient / forward.seconds(),
                        session.isBlocked(),
                        memory.growthToPeak(),
                        zoo.pytorch("gradient_images_per_second", "time", name, Integer.toString(batch)));
            }
        }
    }
}
