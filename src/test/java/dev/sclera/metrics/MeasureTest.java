package dev.sclera.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasureTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aFigureIsItsValueOrTheReasonWhyThereIsNone() {
        Measure none = Measure.undefined("there are no images");

        assertThat(Measure.of(0.25).asOptional()).hasValue(0.25);
        assertThat(Measure.of(0.25).whyUndefined()).isEmpty();
        assertThat(none.asOptional()).isEmpty();
        assertThat(none.whyUndefined()).contains("there are no images");
        assertThatIllegalStateException()
                .isThrownBy(none::orElseThrow)
                .withMessage("The figure is undefined: there are no images.");
        assertThatIllegalArgumentException().isThrownBy(() -> new Measure(null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Measure(1.0, "but why"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aFigureIsFinite(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measure.of(value))
                .withMessage("The value of a measure is " + value + ", but has to be finite.");
    }

    @Test
    void aDifferenceWithWhatIsUndefinedIsUndefinedForTheSameReason() {
        Measure one = Measure.of(0.75);
        Measure none = Measure.undefined("there are no images");

        assertThat(one.minus(Measure.of(0.5))).isEqualTo(Measure.of(0.25));
        assertThat(one.minus(none)).isEqualTo(none);
        assertThat(none.minus(one)).isEqualTo(none);
    }

    @Test
    void everyRecordComesBackFromJsonAsItWas() throws JsonProcessingException {
        ConfusionMatrix matrix = new ConfusionMatrix(new long[][] {{1, 2}, {0, 3}});
        RecallByGrade recalls = RecallByGrade.of(new ConfusionMatrix(new long[][] {{1, 3}, {0, 0}}));
        Bootstrap bootstrap = Bootstrap.seeded(9);
        BootstrapInterval interval = new BootstrapInterval(Measure.of(0.5), 0.25, 0.75, 0.95, 1000, 0);

        assertThat(JSON.writeValueAsString(matrix)).isEqualTo("{\"counts\":[[1,2],[0,3]]}");
        assertThat(JSON.writeValueAsString(recalls))
                .isEqualTo("{\"recalls\":[{\"value\":0.25,\"reason\":null},"
                        + "{\"value\":null,\"reason\":\"no image has the true grade 1\"}]}");
        Repair repair = Repair.ofThreeAttacks();
        ImageStatistic after = repair.after(1, CohenKappa.QUADRATIC);
        ImageStatistic before = repair.before(1, CohenKappa.QUADRATIC);
        double[] onePair = {0.5};
        for (Record value : new Record[] {
            matrix,
            recalls,
            bootstrap,
            interval,
            PairedT.overImages(after, before, 0.95),
            PairedT.of(onePair, onePair),
            Equivalence.overImages(after, before, Equivalence.DEFAULT_MARGIN, 0.05),
            Wilcoxon.of(onePair, new double[1]),
            McNemar.of(518, 20, 30),
            McNemar.of(518, 0, 0),
            Holm.correct(List.of(new Holm.Test("clean", Measure.of(0.25))), 0.05),
            Gains.of(repair.variants(CohenKappa.QUADRATIC), bootstrap)
        }) {
            assertThat(JSON.readValue(JSON.writeValueAsString(value), value.getClass()))
                    .isEqualTo(value);
        }
    }
}
