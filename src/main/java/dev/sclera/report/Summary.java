package dev.sclera.report;

import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the figures say, in plain sentences. */
final class Summary {

    private static final int NAMED_MODELS = 3;

    private Summary() {}

    /**
     * One paragraph: what the strongest perturbation crafted against each model does to it, beside noise of the same
     * norm, and how far perturbations carry over. Of more than three models, the most and the least affected are told.
     */
    static String of(List<ModelRows> models) {
        List<String> sentences = new ArrayList<>();
        List<ModelRows> attacked =
                models.stream().filter(rows -> rows.strongestOwn().isPresent()).toList();
        if (attacked.isEmpty()) {
            sentences.add("No perturbation crafted against "
                    + (models.size() == 1 ? "this model" : "these models")
                    + " is among those reported, so nothing here tells how robust "
                    + (models.size() == 1 ? "it is." : "they are."));
        } else if (attacked.size() <= NAMED_MODELS) {
            String said = "";
            for (ModelRows rows : attacked) {
                String perturbation = perturbation(rows.strongestOwn().orElseThrow());
                sentences.add(ofModel(perturbation.equals(said) ? "Another" : perturbation, rows));
                said = perturbation;
            }
        } else {
            Comparator<ModelRows> byRate = Comparator.comparing(Summary::whiteBoxRate);
            sentences.add("Of " + attacked.size() + " models, the most affected: "
                    + ofModel(attacked.stream().max(byRate).orElseThrow()));
            sentences.add("The least affected: "
                    + ofModel(attacked.stream().min(byRate).orElseThrow()));
        }
        transfer(models).ifPresent(sentences::add);
        return String.join(" ", sentences);
    }

    private static String ofModel(ModelRows rows) {
        return ofModel(perturbation(rows.strongestOwn().orElseThrow()), rows);
    }

    private static String ofModel(String perturbation, ModelRows rows) {
        Row hit = rows.strongestOwn().orElseThrow();
        String noise = rows.controlOf(hit)
                .map(control -> "random noise of the same norm changes " + Wording.percent(control.foolingRate(), 0))
                .orElse("no random noise of the same norm was evaluated beside it");
        return "%s %s and changes %s of its grades; %s."
                .formatted(perturbation, effect(rows.clean(), hit), Wording.percent(hit.foolingRate(), 0), noise);
    }

    private static String perturbation(Row row) {
        double epsilon = Objects.requireNonNull(row.epsilon(), "epsilon is null");
        return "linf".equals(row.norm())
                ? "One perturbation of at most %s per pixel".formatted(Wording.epsilon(epsilon))
                : "One perturbation of norm %s"
                        .formatted(Wording.bound(Objects.requireNonNullElse(row.norm(), ""), epsilon));
    }

    private static String effect(Row clean, Row hit) {
        if (clean.quadraticKappa() == null || hit.quadraticKappa() == null) {
            return "takes %s’s accuracy from %s to %s"
                    .formatted(hit.model(), Wording.percent(clean.accuracy(), 0), Wording.percent(hit.accuracy(), 0));
        }
        String from = Wording.figure(clean.quadraticKappa(), 2);
        String to = Wording.figure(hit.quadraticKappa(), 2);
        if (from.equals(to)) {
            return "leaves %s’s quadratic kappa at %s".formatted(hit.model(), from);
        }
        return "%s %s’s quadratic kappa from %s to %s"
                .formatted(hit.quadraticKappa() < clean.quadraticKappa() ? "lowers" : "raises", hit.model(), from, to);
    }

    private static Optional<String> transfer(List<ModelRows> models) {
        Comparator<Row> byRate =
                Comparator.comparing(Row::foolingRate, Comparator.nullsFirst(Comparator.<Double>naturalOrder()));
        return models.stream()
                .flatMap(rows -> rows.perturbed().stream())
                .filter(row -> row.access() == Access.TRANSFER)
                .min(byRate.reversed())
                .map(row ->
                        ("Crafted against %s and shown to %s, a perturbation changes %s of its grades, the most of any"
                                        + " transfer.")
                                .formatted(
                                        Objects.requireNonNullElse(row.source(), "another model"),
                                        row.model(),
                                        Wording.percent(row.foolingRate(), 0)));
    }

    private static double whiteBoxRate(ModelRows rows) {
        return rows.strongestOwn()
                .map(Row::foolingRate)
                .map(rate -> rate == null ? 0.0 : rate)
                .orElse(0.0);
    }
}
