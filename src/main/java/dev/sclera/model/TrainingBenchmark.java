package dev.sclera.model;

import ai.onnxruntime.OrtException;
import dev.sclera.gradient.Optimiser;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.problem.UnusableInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How fast a step of training is, against ONNX Runtime's own forward pass and PyTorch: all parameters, momentum and
 * weight decay, fixed statistics, {@value #BATCH} images of the model's own size, float32, all processors. Figures are
 * medians of runs that take turns.
 */
public final class TrainingBenchmark {

    /** Images of a step. */
    public static final int BATCH = 16;

    private static final TrainingSetup SETUP = new TrainingSetup(
            TrainedLayers.ALL, TrainingGraph.Normalisation.FIXED, new Optimiser.Sgd(0.9, 1e-4, false), 0, 0);

    private static final Preprocessing PLAIN =
            new Preprocessing(null, null, null, null, List.of(0.0), List.of(1.0), null, null);

    private final BenchmarkZoo zoo;
    private final Consumer<Figures> progress;

    /**
     * A benchmark.
     *
     * @param python an interpreter with torch and torchvision, or null to leave PyTorch out
     * @param progress told of each result as it comes
     */
    public TrainingBenchmark(@Nullable Path python, Consumer<Figures> progress) {
        this.zoo = new BenchmarkZoo(python);
        this.progress = progress;
    }

    /**
     * What was measured of one model, in images per second.
     *
     * @param model the file's name without its ending
     * @param batch images of a step
     * @param forward the runtime's forward pass at its better setting
     * @param step a whole step of training
     * @param ratio how many forward passes a step costs
     * @param blocked whether the step ran in the runtime's blocked layout
     * @param pytorch PyTorch's step at its better memory layout, or null
     */
    public record Figures(
            String model,
            int batch,
            double forward,
            double step,
            double ratio,
            boolean blocked,
            @Nullable Double pytorch) {

        /** The heading of a table of {@link #row}s. */
        public static String heading() {
            return String.format(
                    Locale.ROOT,
                    "%-18s %5s %10s %10s %6s %8s %9s %8s",
                    "model",
                    "batch",
                    "forward/s",
                    "step/s",
                    "ratio",
                    "blocked",
                    "PyTorch/s",
                    "× torch");
        }

        /** The figures as a line of a table. */
        public String row() {
            String torch = pytorch == null
                    ? "%9s %8s".formatted("-", "-")
                    : String.format(Locale.ROOT, "%9.1f %8.2f", pytorch, step / pytorch);
            return String.format(
                    Locale.ROOT,
                    "%-18s %5d %10.1f %10.1f %6.2f %8s %s",
                    model,
                    batch,
                    forward,
                    step,
                    ratio,
                    blocked ? "yes" : "no",
                    torch);
        }
    }

    /**
     * Measures every ONNX file of a folder; PyTorch is asked for the torchvision model that a file is named after.
     *
     * @param folder with classifiers of one input {@code [n,3,h,w]}
     * @throws UnusableInputException where there are none, or one cannot be trained or run
     */
    public List<Figures> run(Path folder) {
        Grader.openRuntime();
        List<Figures> results = new ArrayList<>();
        for (Path file : BenchmarkZoo.files(folder)) {
            try {
                Figures figures = measure(BenchmarkZoo.name(file), BenchmarkZoo.read(file));
                progress.accept(figures);
                results.add(figures);
            } catch (OrtException e) {
                throw new UnusableInputException(
                        "models",
                        "The model \"%s\" cannot be run: %s.".formatted(BenchmarkZoo.name(file), e.getMessage()),
                        e);
            }
        }
        return List.copyOf(results);
    }

    private Figures measure(String name, OnnxFile file) throws OrtException {
        ModelDescriptor descriptor = new DescriptorInference(file, PLAIN).infer();
        int threads = Runtime.getRuntime().availableProcessors();
        TrainingSession.Batch batch = noise(descriptor.height() * descriptor.width() * 3);
        try (ForwardBaseline forward = new ForwardBaseline(file.proto().toByteArray(), threads, BATCH);
                TrainingSession session = TrainingSession.load(
                        name,
                        file.proto(),
                        descriptor,
                        SETUP,
                        descriptor.height(),
                        descriptor.width(),
                        Processor.CPU)) {
            session.step(batch, 0);
            List<Double> steps = new ArrayList<>();
            while (!ForwardBaseline.isEnough(steps)) {
                forward.measureWhole();
                long start = System.nanoTime();
                session.step(batch, 0);
                steps.add((System.nanoTime() - start) / 1e9);
                forward.measureLanes();
            }
            double step = ForwardBaseline.median(steps);
            return new Figures(
                    name,
                    BATCH,
                    BATCH / forward.seconds(),
                    BATCH / step,
                    step / forward.seconds(),
                    session.isBlocked(),
                    zoo.pytorch(
                            "training_images_per_second",
                            "train",
                            name,
                            Integer.toString(BATCH),
                            Integer.toString(threads)));
        }
    }

    /** Noise, which a learning rate of 0 learns nothing of: weights that run away would be slow to compute with. */
    private static TrainingSession.Batch noise(int pixels) {
        float[] image = new float[pixels];
        Random random = new Random(1);
        for (int i = 0; i < pixels; i++) {
            image[i] = random.nextFloat();
        }
        float[] weights = new float[BATCH];
        Arrays.fill(weights, 1);
        return new TrainingSession.Batch(
                (place, target) -> System.arraycopy(image, 0, target, 0, pixels), new int[BATCH], weights);
    }
}
