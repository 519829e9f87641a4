package dev.sclera.campaign;

import dev.sclera.ascent.Norm;
import dev.sclera.attack.CraftSettings;
import dev.sclera.attack.Crafting;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.PerturbedDatasets;
import dev.sclera.defense.Ensembling;
import dev.sclera.defense.Finetuning;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Models;
import dev.sclera.model.Preprocessing;
import dev.sclera.model.TinyGrader;
import dev.sclera.progress.Progress;
import dev.sclera.report.Reporting;
import dev.sclera.store.Artifacts;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.embedded.Workspace;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** A workspace with two tiny graders and made-up photographs, and all that a campaign needs. */
public final class Laboratory implements AutoCloseable {

    static final int SIDE = 16;

    public final Workspace workspace;
    public final S3ObjectStore objects;
    public final Artifacts artifacts;
    public final Datasets datasets;
    public final Perturbations perturbations;
    public final Models models;
    public final Grading grading;
    public final Crafting crafting;
    public final Evaluating evaluating;
    public final Campaigns campaigns;

    public Laboratory(Path folder) {
        workspace = Workspace.open(folder, 0);
        objects = workspace.objects();
        artifacts = new Artifacts(objects);
        datasets = new Datasets(artifacts);
        perturbations = new Perturbations(artifacts);
        models = new Models(artifacts);
        grading = new Grading(artifacts, models, datasets, perturbations);
        crafting = new Crafting(artifacts, models, datasets, perturbations, grading);
        evaluating = new Evaluating(artifacts, grading);
        campaigns = new Campaigns(
                artifacts,
                datasets,
                new Workbench(
                        models,
                        crafting,
                        new PerturbedDatasets(artifacts, datasets, perturbations),
                        evaluating,
                        new RepairingHere(
                                new Finetuning(artifacts, models, datasets, perturbations),
                                new Recrafts(objects, models, Progress.none())),
                        new Ensembling(artifacts, models),
                        perturbations,
                        grading),
                new Reporting(artifacts, datasets, perturbations, grading));
    }

    /** Puts two graders, {@code eyes-train} and {@code eyes-test} into the store; twice is as once. */
    public Laboratory furnished(Path sources) throws IOException {
        furnish(artifacts, sources);
        return this;
    }

    /** The same, into whatever store. */
    public static void furnish(Artifacts artifacts, Path sources) throws IOException {
        Models models = new Models(artifacts);
        for (int seed = 1; seed <= 2; seed++) {
            Path file = Files.write(
                    Files.createDirectories(sources).resolve("tiny-" + seed + ".onnx"),
                    TinyGrader.seeded(seed).onnx());
            models.importFile(
                    file, null, new Preprocessing(null, null, null, null, List.of(0.5), List.of(0.5), null, null));
        }
        imported(artifacts, sources, "eyes-train", 0, "train", 5);
        imported(artifacts, sources, "eyes-test", 100, "test", 5);
    }

    Dataset imported(Path sources, String name, int seed, String part) throws IOException {
        return imported(sources, name, seed, part, 5);
    }

    /** Imports so many images of each grade. */
    public Dataset imported(Path sources, String name, int seed, String part, int perGrade) throws IOException {
        return imported(artifacts, sources, name, seed, part, perGrade);
    }

    private static Dataset imported(Artifacts artifacts, Path sources, String name, int seed, String part, int perGrade)
            throws IOException {
        for (int grade = 0; grade < 5; grade++) {
            Path files = Files.createDirectories(sources.resolve(name).resolve(Integer.toString(grade)));
            for (int i = 0; i < perGrade; i++) {
                BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setColor(new Color(90 + 30 * grade, 60 + 2 * i + 5 * Math.min(i, 5), (seed + 20) % 256));
                graphics.fillOval(2, 2, 8 + grade, 8 + i % 8);
                graphics.dispose();
                ImageIO.write(
                        image, "png", files.resolve(name + grade + i + ".png").toFile());
            }
        }
        return new DatasetImport(artifacts, new Datasets(artifacts))
                .run(new ImportRequest(sources.resolve(name), name, SIDE, false, null, part), Progress.none())
                .datasets()
                .get(0);
    }

    static CampaignSpec spec() {
        return new CampaignSpec(
                List.of("tiny-1", "tiny-2"),
                "eyes-train",
                "eyes-test",
                List.of("pgd", "random"),
                settings(8 / 255.0, 2, 7));
    }

    /** Settings in L∞ with batches of eight. */
    public static CraftSettings settings(double epsilon, int passes, long seed) {
        return new CraftSettings(Norm.LINF, epsilon, null, passes, null, null, null, 8, null, Set.of(), Map.of(), seed);
    }

    /** The body of every object, by key. */
    Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new TreeMap<>();
        objects.list("").forEach(key -> contents.put(key, objects.get(key)));
        return contents;
    }

    @Override
    public void close() {
        objects.close();
        workspace.close();
    }
}
