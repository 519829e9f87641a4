package dev.sclera.model;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sclera.dataset.Images;
import dev.sclera.problem.UnusableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A loaded model that grades canonical images; DJL on its ONNX Runtime engine. Safe for use by one thread at a time;
 * works on all cores itself, each on small batches of its own, which is faster than all cores on one batch.
 */
public final class Grader implements AutoCloseable {

    /** The name of DJL's engine. */
    private static final String ENGINE = "OnnxRuntime";

    /** Small enough that a batch's activations stay in the cache. */
    private static final int BATCH = 4;

    private final String name;
    private final int height;
    private final int width;
    private final int batch;
    private final boolean fixed;
    private final ai.djl.Model model;
    private final Workers workers;
    private final ThreadLocal<Predictor<Slice, List<Grade>>> predictors;
    private final List<Predictor<Slice, List<Grade>>> opened = new ArrayList<>();

    /**
     * DJL insists on opening ONNX Runtime itself; whoever uses that without DJL must not come first, and calls this.
     */
    static void openRuntime() {
        Engine.getEngine(ENGINE);
    }

    /**
     * Loads a model for images of one canonical size.
     *
     * @param height rows of the images
     * @param width columns of the images
     * @throws UnusableInputException where ONNX Runtime refuses the model
     */
    static Grader load(
            String name, ModelProto onnx, ModelDescriptor descriptor, int height, int width, Processor processor) {
        return new Grader(name, onnx, descriptor, height, width, processor);
    }

    private Grader(
            String name, ModelProto onnx, ModelDescriptor descriptor, int height, int width, Processor processor) {
        this.name = name;
        this.height = height;
        this.width = width;
        long insisted = PreprocessedGraph.batch(onnx, descriptor);
        this.fixed = insisted > 0;
        this.batch = fixed ? Math.toIntExact(insisted) : BATCH;
        byte[] graph = PreprocessedGraph.of(onnx, descriptor, height, width).toByteArray();
        this.model = ai.djl.Model.newInstance(name, processor.device(), ENGINE);
        try {
            model.load(new ByteArrayInputStream(graph), Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1"));
        } catch (IOException | MalformedModelException e) {
            model.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableInputException(
                    "model",
                    "The model \"%s\" cannot be used: ONNX Runtime refuses it (%s)."
                            .formatted(name, cause.getMessage()),
                    e);
        }
        SliceTranslator translator = new SliceTranslator(descriptor);
        this.predictors = ThreadLocal.withInitial(() -> {
            Predictor<Slice, List<Grade>> predictor = model.newPredictor(translator);
            synchronized (opened) {
                opened.add(predictor);
            }
            return predictor;
        });
        this.workers = new Workers(Runtime.getRuntime().availableProcessors(), "grade " + name);
    }

    /**
     * Grades images.
     *
     * @param images of the canonical size this grader was loaded for
     * @param graded told how many further images are graded, as they are
     * @return one answer per image, in their order
     * @throws UnusableInputException where the model fails on them, or answers with what are no grades
     */
    public List<Grade> grade(Images images, IntConsumer graded) {
        if (images.height() != height || images.width() != width) {
            throw new IllegalArgumentException("the grader takes images of %d×%d, not of %d×%d"
                    .formatted(height, width, images.height(), images.width()));
        }
        List<Future<List<Grade>>> parts = new ArrayList<>();
        for (int start = 0; start < images.count(); start += batch) {
            Slice slice = new Slice(images, start, Math.min(images.count(), start + batch), fixed ? batch : 0);
            parts.add(workers.submit(() -> predictors.get().predict(slice)));
        }
        List<Grade> grades = new ArrayList<>(images.count());
        try {
            for (Future<List<Grade>> part : parts) {
                grades.addAll(part.get());
                // here, not by the workers: what its receiver throws is no fault of the model's
                graded.accept(part.get().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while grading", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            parts.forEach(part -> part.cancel(false));
        }
        return grades;
    }

    private UnusableInputException failure(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        Throwable cause =
                failure instanceof TranslateException && failure.getCause() != null ? failure.getCause() : failure;
        return new UnusableInputException(
                "model",
                "The model \"%s\" cannot be used: grading fails (%s).".formatted(name, cause.getMessage()),
                failure);
    }

    @Override
    public void close() {
        workers.close();
        synchronized (opened) {
            opened.forEach(Predictor::close);
        }
        model.close();
    }

    /**
     * Some consecutive images; padded by repetition to a batch size that the model insists on, or 0 where it takes any.
     */
    private record Slice(Images images, int from, int to, int padded) {

        int count() {
            return to - from;
        }

        int fed() {
            return padded == 0 ? count() : padded;
        }

        FloatBuffer pixels() {
            int stride = images.stride();
            float[] values = new float[fed() * stride];
            byte[] bytes = images.pixels();
            for (int image = 0; image < fed(); image++) {
                int source = Math.min(from + image, to - 1) * stride;
                for (int i = 0; i < stride; i++) {
                    values[image * stride + i] = (bytes[source + i] & 0xff) / 255f;
                }
            }
            return FloatBuffer.wrap(values);
        }
    }

    /** Pixels to tensors and tensors to grades. */
    private static final class SliceTranslator implements NoBatchifyTranslator<Slice, List<Grade>> {

        private static final String SLICE = "slice";

        private final ModelDescriptor descriptor;

        SliceTranslator(ModelDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public NDList processInput(TranslatorContext context, Slice slice) {
            context.setAttachment(SLICE, slice);
            Shape shape = new Shape(
                    slice.fed(), slice.images().height(), slice.images().width(), 3);
            return new NDList(context.getNDManager().create(slice.pixels(), shape));
        }

        @Override
        public List<Grade> processOutput(TranslatorContext context, NDList outputs) {
            Slice slice = (Slice) context.getAttachment(SLICE);
            NDArray scores = outputs.singletonOrThrow();
            Shape expected = new Shape(slice.fed(), descriptor.grades());
            if (!scores.getShape().equals(expected)) {
                throw new ArithmeticException("its output \"%s\" has the shape %s, and %s is expected"
                        .formatted(descriptor.output(), scores.getShape(), expected));
            }
            float[] values = scores.toFloatArray();
            List<Grade> grades = new ArrayList<>(slice.count());
            for (int image = 0; image < slice.count(); image++) {
                int start = image * descriptor.grades();
                grades.add(Grade.of(
                        Arrays.copyOfRange(values, start, start + descriptor.grades()), descriptor.outputKind()));
            }
            return grades;
        }
    }
}
