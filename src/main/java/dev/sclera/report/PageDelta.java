package dev.sclera.report;

import dev.sclera.dataset.Delta;
import dev.sclera.dataset.Perturbation;
import dev.sclera.dataset.Spectrum;
import dev.sclera.dataset.SpectrumFigure;
import dev.sclera.report.Page.Fact;
import dev.sclera.report.ReportContent.Crafted;
import io.quarkus.qute.RawString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One perturbation as the page shows it.
 *
 * @param style the class of its colour
 * @param name the attack, and the model it was crafted against
 * @param remark its bound
 * @param picture δ amplified, a {@code data:} URI
 * @param alt what the picture shows
 * @param facts its figures
 * @param curve its learning curve as SVG, null where it has none
 * @param spectrum its spectrum as SVG
 */
record PageDelta(
        String style,
        String name,
        String remark,
        String picture,
        String alt,
        List<Fact> facts,
        @Nullable RawString curve,
        RawString spectrum) {

    /** Above this many, pictures are compressed, so that the page stays small. */
    private static final int MOST_EXACT = 8;

    static List<PageDelta> of(List<Crafted> perturbations, Drawings drawings) {
        boolean exact = perturbations.size() <= MOST_EXACT;
        return perturbations.stream()
                .map(crafted -> of(crafted.record(), crafted.delta(), exact, drawings))
                .toList();
    }

    private static PageDelta of(Perturbation record, Delta delta, boolean exact, Drawings drawings) {
        String name = record.source()
                .map(models -> record.attack() + " against " + models)
                .orElse(record.attack());
        String factor = Wording.figure(Pictures.amplification(delta), 1) + "×";
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Shown amplified", factor));
        facts.add(new Fact("L∞ norm", inSteps(delta.maximumNorm())));
        facts.add(new Fact("L2 norm", Wording.figure(delta.euclideanNorm(), 3)));
        facts.add(new Fact("Size", record.width() + " × " + record.height()));
        if (record.target() != null) {
            facts.add(new Fact("Aimed at grade", record.target().toString()));
        }
        Spectrum spectrum = record.spectrum();
        facts.add(new Fact("Energy below ¼ of Nyquist", Wording.percent(spectrum.quarter(), 0)));
        if (record.dataset() != null && !record.control()) {
            facts.add(new Fact("Crafted on", record.dataset()));
            facts.add(new Fact("Evaluations", Wording.count(record.evaluations())));
            facts.add(new Fact("… of them gradients", Wording.count(record.gradientEvaluations())));
            facts.add(new Fact("Seconds", Wording.figure(record.seconds(), 1)));
        }
        facts.add(new Fact("Id", Wording.shortId(record.id())));
        return new PageDelta(
                record.access(),
                name,
                (record.control() ? "control, " : record.imported() ? "imported, " : "")
                        + Wording.bound(record.norm(), record.epsilon()),
                Pictures.perturbation(delta, exact),
                "Perturbation " + name + ", amplified " + factor + " about mid-grey",
                facts,
                record.curve().isEmpty() ? null : drawings.curve(record),
                new RawString(SpectrumFigure.of(spectrum)));
    }

    private static String inSteps(double norm) {
        return Wording.figure(norm * 255, 2) + "/255";
    }
}
