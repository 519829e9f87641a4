package dev.sclera.report;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Images;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Spectrum;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Prediction;
import dev.sclera.metrics.CohenKappa;
import dev.sclera.metrics.ConfusionMatrix;
import dev.sclera.metrics.FoolingRate;
import dev.sclera.metrics.Measure;
import dev.sclera.report.Report.Access;
import dev.sclera.store.Provenance;
import dev.sclera.store.Recipe;
import dev.sclera.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Made-up results whose parts fit one another: the figures are computed from the made-up predictions. Every model is
 * right on four images of five, is fooled on nine of ten by a perturbation of its own, on two of five by another
 * model's, and on one of a hundred by noise.
 */
final class MadeUp {

    static final Provenance PROVENANCE =
            new Provenance(Map.of("java", "17.0.1", "sclera", "0.1.0"), Instant.parse("2026-01-02T03:04:05Z"), 6.7);

    private static final int GRADES = 5;

    private MadeUp() {}

    /** An id of 64 digits that only this text has. */
    static String id(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Photographs in plain colours, grades 0 to 4 in turn. */
    static Images images(int count, int side) {
        byte[] pixels = new byte[count * side * side * 3];
        for (int i = 0; i < count; i++) {
            Arrays.fill(pixels, i * side * side * 3, (i + 1) * side * side * 3, (byte) (40 + 13 * i % 160));
        }
        return new Images(
                side,
                side,
                pixels,
                IntStream.range(0, count).map(i -> i % GRADES).toArray(),
                IntStream.range(0, count).mapToObj("image-%03d"::formatted).toList());
    }

    static Dataset dataset(String name, Images images) {
        return new Dataset(
                Dataset.SCHEMA,
                name,
                id("dataset " + name),
                "test",
                images.height(),
                images.width(),
                GRADES,
                images.count(),
                IntStream.range(0, GRADES)
                        .map(grade -> (int) Arrays.stream(images.grades())
                                .filter(truth -> truth == grade)
                                .count())
                        .boxed()
                        .toList(),
                2,
                List.of(),
                "datasets/" + name + "/index.jsonl",
                id("index"),
                new Recipe("dataset/1", Map.of(), Map.of()),
                PROVENANCE);
    }

    /** The same, but of nobody's eyes. */
    static Dataset synthetic(Dataset taken) {
        return new Dataset(
                taken.schema(),
                taken.name(),
                taken.id(),
                taken.split(),
                taken.height(),
                taken.width(),
                taken.grades(),
                taken.images(),
                taken.imagesPerGrade(),
                taken.rejected(),
                taken.shards(),
                taken.index(),
                taken.indexSha256(),
                new Recipe("synthetic-dataset/1", Map.of(), Map.of()),
                taken.provenance());
    }

    static Delta delta(int side, double epsilon, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[side * side * 3];
        for (int i = 0; i < values.length; i++) {
            double wave = Math.sin(i / 3 % side * 0.3 + seed) * Math.cos(i / 3.0 / side * 0.21 * (1 + i % 3));
            values[i] = (float) (epsilon * Math.signum(wave + random.nextDouble(-0.4, 0.4)));
        }
        return new Delta(side, side, values);
    }

    static Perturbation perturbation(String attack, @Nullable String model, String norm, double epsilon, Delta delta) {
        String id = id(attack + model + norm + epsilon);
        List<Perturbation.Point> curve = new ArrayList<>();
        for (int pass = 1; model != null && pass <= 5; pass++) {
            curve.add(new Perturbation.Point(pass, 2_469L * pass, 6 - 5.0 / pass, 0.95 - 0.7 / (pass * pass)));
        }
        return new Perturbation(
                Perturbation.SCHEMA,
                id,
                attack,
                model == null ? "control" : "white-box",
                norm,
                epsilon,
                null,
                model == null ? List.of() : List.of(model),
                model == null ? List.of() : List.of(id("model " + model)),
                "aptos-train",
                delta.height(),
                delta.width(),
                Perturbation.Norms.of(delta),
                Spectrum.of(delta),
                model == null ? 0 : 12_345,
                model == null ? 0 : 12_345,
                model == null ? 0 : 45.6,
                model == null ? Perturbation.Stopped.DONE : Perturbation.Stopped.BUDGET,
                curve,
                "perturbations/" + id + "/delta.npy",
                id("delta " + id),
                new Recipe("perturbation/1", Map.of("seed", 42, "passes", 5), Map.of()),
                PROVENANCE);
    }

    /** The grades of one model, clean or perturbed. */
    static List<Prediction> predictions(String model, Images images, @Nullable Perturbation perturbation) {
        SplittableRandom random = new SplittableRandom(model.hashCode());
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < images.count(); i++) {
            int truth = images.grades()[i];
            int clean = random.nextDouble() < 0.8 ? truth : Math.floorMod(truth + (truth < 2 ? 1 : -1), GRADES);
            double luck = random.nextDouble();
            double rate = perturbation == null
                    ? 0
                    : perturbation.control() ? 0.01 : perturbation.models().contains(model) ? 0.9 : 0.4;
            int grade = luck < rate ? (clean == 2 ? 0 : 2) : clean;
            List<Double> probabilities = new ArrayList<>(Collections.nCopies(GRADES, 0.04));
            probabilities.set(grade, 0.84);
            predictions.add(new Prediction(images.names().get(i), truth, grade, probabilities));
        }
        return predictions;
    }

    static Evaluation evaluation(
            String model,
            Dataset dataset,
            @Nullable Perturbation perturbation,
            List<Prediction> clean,
            List<Prediction> graded) {
        int[] truth = graded.stream().mapToInt(Prediction::truth).toArray();
        int[] before = clean.stream().mapToInt(Prediction::grade).toArray();
        int[] after = graded.stream().mapToInt(Prediction::grade).toArray();
        ConfusionMatrix confusion = ConfusionMatrix.of(truth, after, GRADES);
        Measure kappa = CohenKappa.UNWEIGHTED.of(confusion);
        Measure quadratic = CohenKappa.QUADRATIC.of(confusion);
        List<String> notes = new ArrayList<>();
        kappa.whyUndefined().ifPresent(reason -> notes.add("kappa: " + reason));
        quadratic.whyUndefined().ifPresent(reason -> notes.add("quadratic kappa: " + reason));
        String variant = perturbation == null ? "clean" : perturbation.id();
        return new Evaluation(
                Evaluation.SCHEMA,
                id("evaluation " + model + variant),
                model,
                id("model " + model),
                dataset.name(),
                dataset.id(),
                perturbation == null ? null : perturbation.id(),
                graded.size(),
                confusion.accuracy().orElseThrow(),
                kappa.value(),
                quadratic.value(),
                perturbation == null
                        ? null
                        : FoolingRate.of(FoolingRate.changes(before, after, GRADES))
                                .value(),
                null,
                Arrays.stream(confusion.counts())
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList(),
                notes,
                "predictions/" + model + "/" + variant + "/predictions.json",
                new Recipe("evaluation/1", Map.of(), Map.of()),
                PROVENANCE);
    }

    /** A report of some models under noise and under one perturbation against each, L∞ ≤ 8/255. */
    static ReportContent content(String title, List<String> models, Images images) {
        Dataset dataset = dataset("aptos-test", images);
        double epsilon = 8 / 255.0;
        List<ReportContent.Crafted> crafted = new ArrayList<>();
        Delta noise = delta(images.height(), epsilon, 1);
        crafted.add(new ReportContent.Crafted(perturbation("random", null, "linf", epsilon, noise), noise));
        for (String model : models) {
            Delta delta = delta(images.height(), epsilon, crafted.size() + 1);
            crafted.add(new ReportContent.Crafted(perturbation("pgd", model, "linf", epsilon, delta), delta));
        }
        List<Perturbation> records =
                crafted.stream().map(ReportContent.Crafted::record).toList();
        List<Evaluation> evaluations = new ArrayList<>();
        for (String model : models) {
            List<Prediction> clean = predictions(model, images, null);
            evaluations.add(evaluation(model, dataset, null, clean, clean));
            for (Perturbation record : records) {
                evaluations.add(evaluation(model, dataset, record, clean, predictions(model, images, record)));
            }
        }
        ReportSpec spec = new ReportSpec(
                title,
                dataset.name(),
                models,
                records.stream().map(Perturbation::id).toList());
        List<Finding> findings = Findings.of(spec, dataset, records, evaluations, false);
        return new ReportContent(
                id("report " + title), title, dataset, findings, crafted, strips(images, findings, crafted));
    }

    private static List<ReportContent.Strip> strips(
            Images images, List<Finding> findings, List<ReportContent.Crafted> crafted) {
        List<ReportContent.Strip> strips = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding.row().access() == Access.WHITE_BOX) {
                List<Prediction> before = predictions(finding.row().model(), images, null);
                List<Prediction> after = predictions(finding.row().model(), images, finding.perturbation());
                List<Integer> chosen = PhotoChoice.choose(before, after, PhotoChoice.most(crafted.size() - 1));
                Images clean = some(images, chosen);
                Delta delta = crafted.stream()
                        .filter(each -> each.record().equals(finding.perturbation()))
                        .findFirst()
                        .orElseThrow()
                        .delta();
                strips.add(new ReportContent.Strip(
                        finding.row(),
                        clean,
                        delta.applyTo(clean),
                        chosen.stream().map(before::get).toList(),
                        chosen.stream().map(after::get).toList()));
            }
        }
        return strips;
    }

    private static Images some(Images images, List<Integer> chosen) {
        byte[] pixels = new byte[chosen.size() * images.stride()];
        for (int slot = 0; slot < chosen.size(); slot++) {
            System.arraycopy(
                    images.pixels(),
                    chosen.get(slot) * images.stride(),
                    pixels,
                    slot * images.stride(),
                    images.stride());
        }
        return new Images(
                images.height(),
                images.width(),
                pixels,
                chosen.stream().mapToInt(i -> images.grades()[i]).toArray(),
                chosen.stream().map(images.names()::get).toList());
    }
}
