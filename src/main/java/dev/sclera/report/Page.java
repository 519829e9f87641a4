package dev.sclera.report;

import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.SyntheticRecord;
import dev.sclera.report.Report.Access;
import io.quarkus.qute.RawString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the page's template shows: text as people read it, which the template escapes, and raw SVG and CSS.
 *
 * @param id the report's id
 * @param title shown on top
 * @param style the style sheet
 * @param facts the question in a few words each
 * @param summary the answer in a paragraph
 * @param warnings what casts doubt on the figures; none where nothing does
 * @param tiles the answer per model
 * @param images how much one image is
 * @param tables the figures
 * @param grids the figures by attack and bound, where there are several bounds
 * @param notes of the figures, in the order of their numbers
 * @param charts the figures drawn
 * @param strips photographs
 * @param confusions confusion matrices
 * @param deltas the perturbations
 * @param verdict whether the graders meet what was asked; null where nothing was
 * @param repairs what repairs came to
 * @param splits what was crafted and what was evaluated on
 * @param provenance where everything is from
 */
record Page(
        String id,
        String title,
        RawString style,
        List<String> facts,
        String summary,
        List<String> warnings,
        List<Tile> tiles,
        String images,
        List<PageTable> tables,
        List<PageGrid> grids,
        List<String> notes,
        List<Drawing> charts,
        List<PageStrip> strips,
        List<PageConfusion> confusions,
        List<PageDelta> deltas,
        @Nullable PageVerdict verdict,
        List<PageRepair> repairs,
        String splits,
        List<PageProvenance> provenance) {

    /** A name and its value. */
    record Fact(String name, String value) {}

    /** One model's answer: a figure clean and attacked. */
    record Tile(String model, String from, String to, String caption, List<Fact> facts) {}

    /** An SVG with its heading. */
    record Drawing(String caption, RawString svg) {}

    static Page of(ReportContent content, Drawings drawings) {
        List<ModelRows> models = ModelRows.of(content.rows());
        Set<String> notes = new LinkedHashSet<>();
        models.forEach(rows -> rows.all().forEach(row -> notes.addAll(row.notes())));
        List<String> numbered = List.copyOf(notes);
        int images = content.dataset().images();
        return new Page(
                content.id(),
                content.title(),
                drawings.pageStyle(),
                facts(content, models),
                Summary.of(models),
                warnings(content),
                models.stream().map(Page::tile).toList(),
                "There are %s images, so one image is %s."
                        .formatted(Wording.count(images), Wording.percent(1.0 / images, 2)),
                models.stream().map(rows -> PageTable.of(rows, numbered)).toList(),
                PageGrid.of(models),
                numbered,
                drawings.charts(models),
                content.strips().stream()
                        .map(strip -> PageStrip.of(strip, content.dataset().grades()))
                        .toList(),
                PageConfusion.of(content, models),
                PageDelta.of(content.perturbations(), drawings),
                content.verdict() == null ? null : PageVerdict.of(content.verdict()),
                PageRepair.of(content.repairs(), drawings),
                splits(content),
                PageProvenance.of(content));
    }

    private static List<String> facts(ReportContent content, List<ModelRows> models) {
        List<String> facts = new ArrayList<>();
        facts.add("%s: %s images"
                .formatted(
                        content.dataset().name(),
                        Wording.count(content.dataset().images())));
        facts.add(models.size() == 1 ? "1 model" : models.size() + " models");
        int perturbations = content.perturbations().size();
        facts.add(perturbations == 1 ? "1 perturbation" : perturbations + " perturbations");
        content.perturbations().stream()
                .map(crafted ->
                        Wording.bound(crafted.record().norm(), crafted.record().epsilon()))
                .distinct()
                .forEach(facts::add);
        return List.copyOf(facts);
    }

    private static Tile tile(ModelRows rows) {
        Report.Row hit = rows.strongestOwn()
                .or(() -> rows.strongest(Access.TRANSFER))
                .or(() -> rows.strongest(Access.CONTROL))
                .orElse(rows.clean());
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Accuracy", Wording.percent(rows.clean().accuracy(), 0) + " → " + Wording.percent(hit.accuracy(), 0)));
        if (hit.access() != Access.CLEAN) {
            facts.add(new Fact("Grades changed", Wording.percent(hit.foolingRate(), 0)));
        }
        if (hit.access() != Access.CONTROL) {
            rows.controlOf(hit)
                    .ifPresent(control ->
                            facts.add(new Fact("… by random noise", Wording.percent(control.foolingRate(), 0))));
        }
        if (hit.access().own()) {
            rows.strongest(Access.TRANSFER)
                    .ifPresent(transfer ->
                            facts.add(new Fact("… by the best transfer", Wording.percent(transfer.foolingRate(), 0))));
        }
        return new Tile(
                rows.model(),
                Wording.figure(rows.clean().quadraticKappa(), 2),
                Wording.figure(hit.quadraticKappa(), 2),
                "quadratic kappa, clean → " + Wording.variant(hit) + ", " + Wording.access(hit.access()),
                facts);
    }

    private static List<String> warnings(ReportContent content) {
        List<String> warnings = new ArrayList<>();
        if (content.dataset().synthetic()) {
            warnings.add(SyntheticRecord.NOTE);
        }
        List<String> own = content.perturbations().stream()
                .map(ReportContent.Crafted::record)
                .filter(record -> !record.control() && content.dataset().name().equals(record.dataset()))
                .map(record -> Wording.shortId(record.id()))
                .toList();
        if (!own.isEmpty()) {
            warnings.add(
                    "Perturbation %s was crafted on the very images that it is evaluated on, so its effect on other images is likely smaller."
                            .formatted(String.join(", ", own)));
        }
        return List.copyOf(warnings);
    }

    private static String splits(ReportContent content) {
        String crafted = content.perturbations().stream()
                .map(ReportContent.Crafted::record)
                .filter(record -> !record.control())
                .map(Perturbation::dataset)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return (crafted.isEmpty() ? "" : "Perturbations were crafted on " + crafted + ". ")
                + "Everything was evaluated on %s (split: %s)."
                        .formatted(content.dataset().name(), content.dataset().split());
    }
}
