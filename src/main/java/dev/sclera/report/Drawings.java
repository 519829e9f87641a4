package dev.sclera.report;

import dev.sclera.dataset.Perturbation;
import dev.sclera.report.ReportContent.Crafted;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.RawString;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page and its figures by their templates; whatever they are given is escaped. */
final class Drawings {

    private final Template page;
    private final Template bars;
    private final Template curve;
    private final Template finetuning;
    private final RawString pageStyle;
    private final RawString chartStyle;

    Drawings() {
        Engine engine = Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML, "image/svg+xml")))
                .build();
        page = engine.parse(resource("page.html"), Variant.forContentType(Variant.TEXT_HTML), "page.html");
        bars = engine.parse(resource("bars.svg"), Variant.forContentType("image/svg+xml"), "bars.svg");
        curve = engine.parse(resource("curve.svg"), Variant.forContentType("image/svg+xml"), "curve.svg");
        finetuning =
                engine.parse(resource("finetuning.svg"), Variant.forContentType("image/svg+xml"), "finetuning.svg");
        chartStyle = new RawString(resource("chart.css"));
        pageStyle = new RawString(chartStyle + resource("page.css"));
    }

    /** The whole page. */
    String page(ReportContent content) {
        return page.data("page", Page.of(content, this)).render();
    }

    /** The figures as files of their own, by file name. */
    Map<String, String> figures(ReportContent content) {
        List<ModelRows> models = ModelRows.of(content.rows());
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put(
                "quadratic-kappa.svg",
                svg(bars, BarChart.quadraticKappa(models), chartStyle).toString());
        if (!content.perturbations().isEmpty()) {
            figures.put(
                    "fooling-rate.svg",
                    svg(bars, BarChart.foolingRate(models), chartStyle).toString());
        }
        for (Crafted crafted : content.perturbations()) {
            if (!crafted.record().curve().isEmpty()) {
                figures.put(
                        "curve-" + Wording.shortId(crafted.record().id()) + ".svg",
                        svg(curve, CurveChart.of(crafted.record()), chartStyle).toString());
            }
        }
        for (RepairOutcome outcome : content.repairs()) {
            for (RepairOutcome.Subject subject : outcome.subjects()) {
                if (subject.epochs().size() > 1) {
                    figures.put(
                            "finetuning-" + subject.name() + ".svg",
                            svg(finetuning, FinetuneChart.of(subject), chartStyle)
                                    .toString());
                }
            }
        }
        return figures;
    }

    /** The style sheet of the page, that of its figures included. */
    RawString pageStyle() {
        return pageStyle;
    }

    /** The bar charts, for the page. */
    List<Page.Drawing> charts(List<ModelRows> models) {
        Page.Drawing kappa = new Page.Drawing("Quadratic kappa", svg(bars, BarChart.quadraticKappa(models), null));
        return models.stream().allMatch(rows -> rows.perturbed().isEmpty())
                ? List.of(kappa)
                : List.of(kappa, new Page.Drawing("Fooling rate", svg(bars, BarChart.foolingRate(models), null)));
    }

    /** A learning curve, for the page. */
    RawString curve(Perturbation perturbation) {
        return svg(curve, CurveChart.of(perturbation), null);
    }

    /** The course of a fine-tuning, for the page. */
    RawString finetuning(RepairOutcome.Subject subject) {
        return svg(finetuning, FinetuneChart.of(subject), null);
    }

    private static RawString svg(Template template, Record chart, @Nullable RawString style) {
        return new RawString(template.data("chart", chart, "style", style == null ? "" : style)
                .render());
    }

    private static String resource(String name) {
        try (InputStream stream = Drawings.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the library lacks its resource dev/sclera/report/" + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the library's resource " + name + " cannot be read", e);
        }
    }
}
