package dev.sclera.rehearsal;

import dev.sclera.architecture.Architecture;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.SyntheticDatasets;
import dev.sclera.dataset.SyntheticRequest;
import dev.sclera.dataset.image.Png;
import dev.sclera.evaluation.Evaluating;
import dev.sclera.evaluation.Grading;
import dev.sclera.model.Model;
import dev.sclera.model.Models;
import dev.sclera.model.Network;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import dev.sclera.store.Keys;
import dev.sclera.store.S3Access;
import dev.sclera.store.S3ObjectStore;
import dev.sclera.store.embedded.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real S3 endpoint that holds synthetic photographs, and a grader that nobody trained: enough for every function. */
final class Scene implements AutoCloseable {

    private static final int SIDE = 128;

    private static final String EYES = "synthetic-rehearsal";
    private static final String GRADER = "synthetic-rehearsal-grader";
    private static final String PHOTOGRAPH = Keys.upload("synthetic.png");

    private final Workspace workspace;
    private final S3ObjectStore objects;

    private Scene(Workspace workspace) {
        this.workspace = workspace;
        this.objects = workspace.objects();
    }

    static Scene open(Path folder) {
        Scene scene = new Scene(Workspace.open(folder, 0));
        scene.furnish();
        return scene;
    }

    private void furnish() {
        Artifacts artifacts = new Artifacts(objects);
        Datasets datasets = new Datasets(artifacts);
        Models models = new Models(artifacts);
        new SyntheticDatasets(artifacts)
                .make(new SyntheticRequest(EYES, SIDE, List.of(2, 2, 2, 2, 2), 1, null), Progress.none());
        Network network = Architecture.MOBILE_MINI.network(GRADER, SIDE, 1);
        models.register(GRADER, network.onnx(), network.model().descriptor());
        // what a report is about; and a grader is tested where it is met for the first time, which is no cold start's
        Model model = models.get(GRADER);
        Dataset eyes = datasets.get(EYES);
        Grading grading = new Grading(artifacts, models, datasets, new Perturbations(artifacts));
        new Evaluating(artifacts, grading).evaluate(model, eyes, null, Progress.none());
        Images images = datasets.read(eyes, 0);
        objects.put(PHOTOGRAPH, Png.encode(SIDE, SIDE, images.pixels(), 0), "image/png");
    }

    /** What a function needs of its environment to find it. */
    Map<String, String> environment() {
        S3Access access = workspace.access();
        return Map.of(
                "SCLERA_STORE_ENDPOINT", String.valueOf(access.endpoint()),
                "SCLERA_STORE_REGION", access.region(),
                "SCLERA_STORE_BUCKET", access.bucket(),
                "SCLERA_STORE_ACCESS_KEY", String.valueOf(access.accessKey()),
                "SCLERA_STORE_SECRET_KEY", String.valueOf(access.secretKey()),
                "SCLERA_COMPUTE", "cpu");
    }

    /** A request that makes a function read all that it ever reads, and compute, but not for long. */
    String request(String function) {
        return switch (function) {
            // a photograph is graded anew each time; a dataset would be found graded
            case "grade" -> "{\"model\": \"%s\", \"image\": \"%s\"}".formatted(GRADER, PHOTOGRAPH);
            case "report" ->
                "{\"models\": [\"%s\"], \"dataset\": \"%s\", \"title\": \"%d\"}"
                        .formatted(GRADER, EYES, System.nanoTime());
            case "craft" ->
                "{\"attack\": \"pgd\", \"model\": \"%s\", \"dataset\": \"%s\", \"epsilon\": \"8/255\", \"budget\": 16, \"seed\": %d}"
                        .formatted(GRADER, EYES, System.nanoTime() % 1_000_000);
            default -> "{}";
        };
    }

    @Override
    public void close() {
        objects.close();
        workspace.close();
    }
}
