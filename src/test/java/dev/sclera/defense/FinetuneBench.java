package dev.sclera.defense;

import dev.sclera.gradient.Optimiser;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.model.Preprocessing;
import dev.sclera.model.TrainingSession;
import dev.sclera.model.TrainingSetup;
import dev.sclera.store.Artifacts;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.embedded.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * How many images a second a step of fine-tuning takes, beside {@code src/test/python/finetune_bench.py}, which times
 * the same in PyTorch: {@code FinetuneBench FOLDER [head|last_block|all]}, with a folder of graders.
 */
final class FinetuneBench {

    private static final int SIDE = 224;
    private static final int BATCH = 16;
    private static final int STEPS = 4;
    private static final int ROUNDS = 3;

    private FinetuneBench() {}

    public static void main(String[] arguments) throws Exception {
        TrainedLayers layers = TrainedLayers.valueOf(arguments.length > 1 ? arguments[1].toUpperCase() : "ALL");
        Path folder = Files.createTempDirectory("finetune-bench");
        Workspace workspace = Workspace.open(folder, 0);
        try (S3ObjectStore objects = workspace.objects()) {
            Models models = new Models(new Artifacts(objects));
            for (String name : new String[] {"mobilenetv2", "resnet18"}) {
                Model model =
                        models.importFile(Path.of(arguments[0]).resolve(name + ".onnx"), name, Preprocessing.UNSAID);
                measure(models, model, layers);
            }
        } finally {
            workspace.close();
        }
        System.exit(0);
    }

    private static void measure(Models models, Model model, TrainedLayers layers) {
        TrainingSetup setup =
                new TrainingSetup(layers, TrainingGraph.Normalisation.FIXED, new Optimiser.Sgd(0.9, 1e-4, false), 0, 0);
        try (TrainingSession session = models.training(model, setup, SIDE, SIDE)) {
            float[] pixels = new float[SIDE * SIDE * 3];
            Random random = new Random(1);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextFloat();
            }
            float[] weights = new float[BATCH];
            Arrays.fill(weights, 1);
            TrainingSession.Batch batch = new TrainingSession.Batch(
                    (place, image) -> System.arraycopy(pixels, 0, image, 0, image.length), new int[BATCH], weights);
            session.step(batch, 1e-4);
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int step = 0; step < STEPS; step++) {
                    session.step(batch, 1e-4);
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                best = Math.max(best, STEPS * BATCH / seconds);
            }
            System.out.printf(
                    "%s %s micro-batch %d: %.1f images/s%n", model.name(), layers, session.microBatch(), best);
        }
    }
}
