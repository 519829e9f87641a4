package dev.sclera.local;

import dev.sclera.dataset.ImportRequest;
import dev.sclera.model.ModelDescriptor;
import dev.sclera.model.TinyGrader;
import dev.sclera.progress.Progress;
import dev.sclera.store.JsonFormat;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Folders as users have them: small drawn photographs with labels, and a small grader with its sidecar. */
final class MadeUpEyes {

    private static final int SIDE = 24;

    private MadeUpEyes() {}

    /** A folder of so many photographs and a {@code labels.csv}. */
    static Path photographs(Path folder, int count, long seed) throws IOException {
        Files.createDirectories(folder);
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder labels = new StringBuilder("image,grade\n");
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(new Color(120 + random.nextInt(100), 40 + random.nextInt(80), 20));
            graphics.fillOval(0, 0, SIDE, SIDE);
            for (int lesion = 0; lesion < 3 * (i % 5); lesion++) {
                graphics.setColor(new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256)));
                graphics.fillRect(random.nextInt(SIDE), random.nextInt(SIDE), 2, 2);
            }
            graphics.dispose();
            ImageIO.write(image, "png", folder.resolve("eye" + i + ".png").toFile());
            labels.append("eye").append(i).append(".png,").append(i % 5).append('\n');
        }
        Files.writeString(folder.resolve("labels.csv"), labels);
        return folder;
    }

    /** Imports the datasets eyes-train and eyes-test, of so many photographs. */
    static void imported(Operations operations, Path folder, int train, int test) throws IOException {
        imported(operations, photographs(folder.resolve("train"), train, 1), "train");
        imported(operations, photographs(folder.resolve("test"), test, 2), "test");
    }

    private static void imported(Operations operations, Path folder, String part) {
        operations.imports().run(new ImportRequest(folder, "eyes-" + part, null, false, null, part), Progress.none());
    }

    /** How a {@link TinyGrader} is fed, as the record beside an uploaded one. */
    static byte[] descriptor() {
        return JsonFormat.write(new ModelDescriptor(
                ModelDescriptor.SCHEMA,
                "input",
                "logits",
                16,
                16,
                ModelDescriptor.Layout.NCHW,
                ModelDescriptor.Channels.RGB,
                1,
                List.of(0.5, 0.5, 0.5),
                List.of(0.5, 0.5, 0.5),
                ModelDescriptor.OutputKind.LOGITS,
                5));
    }

    /** An ONNX file with its sidecar. */
    static Path grader(Path folder, String name, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(name + ".json"),
                "{\"inputSize\": 16, \"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}");
        return Files.write(
                folder.resolve(name + ".onnx"), TinyGrader.seeded(seed).onnx());
    }
}
