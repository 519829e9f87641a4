package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.Images;
import dev.sclera.evaluation.Evaluation;
import dev.sclera.evaluation.Prediction;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PageTest {

    private static final String HOSTILE = "<script>alert(1)</script>\"' onload='x & {page.id}";

    private final Drawings drawings = new Drawings();

    @Test
    void severalBoundsOfOneAttackStandSideBySide() {
        ReportContent one = MadeUp.content("One bound", List.of("a"), MadeUp.images(20, 8));
        Report.Row wider = one.rows().get(2);
        Report.Row row = new Report.Row(
                wider.model(),
                wider.access(),
                wider.attack(),
                wider.source(),
                MadeUp.id("other"),
                "linf",
                2 / 255.0,
                null,
                0.5,
                0.25,
                0.125,
                0.5,
                null,
                null,
                List.of(),
                MadeUp.id("evaluation"));
        List<Report.Row> rows = new ArrayList<>(one.rows());
        rows.add(row);

        assertThat(PageGrid.of(ModelRows.of(one.rows()))).isEmpty();
        PageGrid grid = PageGrid.of(ModelRows.of(rows)).get(0);
        assertThat(grid.bounds()).containsExactly("L∞ ≤ 2/255", "L∞ ≤ 8/255");
        assertThat(grid.lines())
                .extracting(PageGrid.Line::variant, line -> line.cells().get(0).kappa())
                .containsExactly(tuple("random", "–"), tuple("pgd", "0.125"));
        assertThat(grid.lines().get(1).cells().get(1).kappa()).isEqualTo(Wording.figure(wider.quadraticKappa(), 3));
        assertThat(grid.lines()).extracting(PageGrid.Line::remark).containsExactly("control", "white-box");
    }

    @Test
    void aHostileModelNameIsTextEverywhere() {
        ReportContent content = MadeUp.content(HOSTILE, List.of(HOSTILE, "plain"), MadeUp.images(20, 8));

        String page = drawings.page(content);

        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain(" onload='")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=&#39;x &amp; {page.id}");
        assertThat(drawings.figures(content).values())
                .allSatisfy(svg -> assertThat(svg).doesNotContain("<script"));
    }

    @Test
    void thePageAndItsFiguresAreTheSameBytesEachTimeAndUnderEveryLocale() {
        ReportContent content = MadeUp.content("Twice", List.of("a", "b"), MadeUp.images(40, 16));
        String first = drawings.page(content);
        Map<String, String> figures = drawings.figures(content);
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(new Drawings().page(content)).isEqualTo(first);
            assertThat(new Drawings().figures(content)).isEqualTo(figures);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String page = drawings.page(MadeUp.content("Offline", List.of("a", "b"), MadeUp.images(20, 8)));

        List<String> references = Pattern.compile("(?:href|src)=\"([^\"]*)\"|url\\(([^)]*)\\)|@import (\\S+)")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(references)
                .hasSizeGreaterThan(10)
                .allSatisfy(reference -> assertThat(reference).containsPattern("=\"(#|data:)"));
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
    }

    @Test
    void aFigureThatIsNotDefinedIsNotANumberButHasANote() {
        Images images = new Images(4, 4, new byte[2 * 48], new int[] {2, 2}, List.of("a", "b"));
        Dataset dataset = MadeUp.dataset("one-grade", images);
        List<Prediction> all2 = images.names().stream()
                .map(name -> new Prediction(name, 2, 2, List.of(0.0, 0.0, 1.0, 0.0, 0.0)))
                .toList();
        Evaluation evaluation = MadeUp.evaluation("m", dataset, null, all2, all2);
        ReportContent content = new ReportContent(
                MadeUp.id("r"), "One grade", dataset, List.of(Finding.of(evaluation, null)), List.of(), List.of());

        String page = drawings.page(content);

        assertThat(page)
                .contains("<td>n/a</td>")
                .contains("<a href=\"#note-1\" aria-label=\"note 1\">1</a>")
                .contains("<li id=\"note-1\">kappa: true and predicted grades are one and the same throughout")
                .doesNotContain("null", "NaN");
        assertThat(drawings.figures(content)).containsOnlyKeys("quadratic-kappa.svg");
    }

    @Test
    void figuresAreWellFormedDrawingsThatSayWhatTheyShow() throws Exception {
        ReportContent content = MadeUp.content("Figures", List.of(HOSTILE, "b"), MadeUp.images(40, 8));

        Map<String, String> figures = drawings.figures(content);

        List<String> crafted = content.perturbations().stream()
                .map(ReportContent.Crafted::record)
                .filter(record -> !record.control())
                .map(record -> "curve-" + record.id().substring(0, 12) + ".svg")
                .toList();
        assertThat(figures).containsKeys("quadratic-kappa.svg", "fooling-rate.svg");
        assertThat(figures).containsKeys(crafted.toArray(String[]::new)).hasSize(4);
        for (String svg : figures.values()) {
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertThat(document.getDocumentElement().getAttribute("aria-label")).isNotBlank();
            assertThat(document.getElementsByTagName("style").getLength()).isEqualTo(1);
        }
    }

    @Test
    void everyPictureHasItsTextAndEveryTableItsCaption() {
        String page = drawings.page(MadeUp.content("Accessible", List.of("a", "b"), MadeUp.images(20, 8)));

        assertThat(count(page, "<img "))
                .isEqualTo(count(page, "<img [^>]*alt=\"[^\"]+\""))
                .isEqualTo(2 * 2 * 8 + 3);
        assertThat(count(page, "<table ")).isEqualTo(count(page, "<caption>[^<]+</caption>"));
    }

    @Test
    void aPageOfManyModelsOnNoisyPhotographsStaysBelowFiveMegabytes() {
        byte[] pixels = new byte[40 * 224 * 224 * 3];
        new SplittableRandom(5).nextBytes(pixels);
        Images flat = MadeUp.images(40, 224);
        Images noisy = new Images(224, 224, pixels, flat.grades(), flat.names());

        String page = drawings.page(MadeUp.content("Large", List.of("a", "b", "c", "d", "e", "f"), noisy));

        assertThat(page.length()).isLessThan(5_000_000);
    }

    @Test
    void craftingOnTheEvaluatedImagesIsWarnedOf() {
        ReportContent content = MadeUp.content("Same", List.of("a"), MadeUp.images(20, 8));
        assertThat(drawings.page(content)).doesNotContain("Read with care");

        Dataset dataset = MadeUp.dataset("aptos-train", MadeUp.images(20, 8));
        ReportContent same = new ReportContent(
                content.id(), content.title(), dataset, content.findings(), content.perturbations(), content.strips());

        assertThat(drawings.page(same)).contains("Read with care", "was crafted on the very images");
    }

    @Test
    void figuresOnSyntheticPhotographsSayThatTheySayNothingOfPeople() {
        ReportContent content = MadeUp.content("Drawn", List.of("a"), MadeUp.images(20, 8));
        ReportContent drawn = new ReportContent(
                content.id(),
                content.title(),
                MadeUp.synthetic(content.dataset()),
                content.findings(),
                content.perturbations(),
                content.strips());

        assertThat(drawings.page(drawn)).contains("Read with care", "Synthetic photographs: drawn by a program");
    }

    private static long count(String page, String pattern) {
        return Pattern.compile(pattern).matcher(page).results().count();
    }

    @Test
    void aPageWithoutPerturbationsHasNoEmptySections() {
        ReportContent content = MadeUp.content("Clean", List.of("a"), MadeUp.images(20, 8));
        ReportContent clean = new ReportContent(
                content.id(),
                content.title(),
                content.dataset(),
                content.findings().subList(0, 1),
                List.of(),
                Collections.emptyList());

        assertThat(drawings.page(clean))
                .doesNotContain("What the model saw", "The perturbations themselves", "Fooling rate</figcaption>")
                .contains("No perturbation crafted against this model is among those reported");
    }
}
