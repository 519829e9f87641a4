package dev.sclera.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.report.Report.Access;
import dev.sclera.report.Report.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SummaryTest {

    static Row row(
            String model,
            Access access,
            @Nullable String source,
            @Nullable Double quadraticKappa,
            @Nullable Double foolingRate) {
        boolean clean = access == Access.CLEAN;
        return new Row(
                model,
                access,
                clean ? null : access == Access.CONTROL ? "random" : "pgd",
                source,
                clean ? null : MadeUp.id(access + model),
                clean ? null : "linf",
                clean ? null : 8 / 255.0,
                null,
                0.5,
                quadraticKappa,
                quadraticKappa,
                foolingRate,
                null,
                null,
                List.of(),
                MadeUp.id(model + access + source));
    }

    private static String of(Row... rows) {
        return Summary.of(ModelRows.of(List.of(rows))).replace('\u00a0', ' ');
    }

    @Test
    void theHeadlineNamesTheDropTheChangedGradesAndWhatNoiseDoes() {
        assertThat(of(
                        row("mobilenetv2", Access.CLEAN, null, 0.7995, null),
                        row("mobilenetv2", Access.CONTROL, null, 0.79, 0.012),
                        row("mobilenetv2", Access.WHITE_BOX, "mobilenetv2", 0.118, 0.93),
                        row("mobilenetv2", Access.TRANSFER, "resnet18", 0.5, 0.404)))
                .isEqualTo(
                        "One perturbation of at most 8/255 per pixel lowers mobilenetv2’s quadratic kappa from 0.80 to"
                                + " 0.12 and changes 93 % of its grades; random noise of the same norm changes 1 %. Crafted"
                                + " against resnet18 and shown to mobilenetv2, a perturbation changes 40 % of its grades, the"
                                + " most of any transfer.");
    }

    @Test
    void thePerturbationThatHarmsMostIsTheOneTold() {
        assertThat(of(
                        row("m", Access.CLEAN, null, 0.8, null),
                        row("m", Access.WHITE_BOX, "m", 0.3, 0.9),
                        row("m", Access.WHITE_BOX, "m", 0.1, 0.6)))
                .startsWith(
                        "One perturbation of at most 8/255 per pixel lowers m’s quadratic kappa from 0.80 to 0.10 and"
                                + " changes 60 % of its grades; no random noise of the same norm was evaluated beside it.");
    }

    @Test
    void anAttackThatDoesNothingIsNotSaidToLowerAnything() {
        assertThat(of(
                        row("m", Access.CLEAN, null, 0.8, null),
                        row("m", Access.CONTROL, null, 0.8, 0.0),
                        row("m", Access.WHITE_BOX, "m", 0.799, 0.001)))
                .isEqualTo("One perturbation of at most 8/255 per pixel leaves m’s quadratic kappa at 0.80 and changes"
                        + " <1 % of its grades; random noise of the same norm changes 0 %.");
    }

    @Test
    void whereKappaIsNotDefinedAccuracyIsTold() {
        assertThat(of(row("m", Access.CLEAN, null, null, null), row("m", Access.WHITE_BOX, "m", 0.1, 0.5)))
                .contains("takes m’s accuracy from 50 % to 50 %");
    }

    @Test
    void ofManyModelsTheMostAndTheLeastAffectedAreTold() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(row("model-" + i, Access.CLEAN, null, 0.8, null));
            rows.add(row("model-" + i, Access.WHITE_BOX, "model-" + i, 0.5 - i * 0.1, 0.3 + i * 0.1));
        }

        assertThat(of(rows.toArray(Row[]::new)))
                .startsWith(
                        "Of 5 models, the most affected: One perturbation of at most 8/255 per pixel lowers model-4’s")
                .contains("The least affected: One perturbation of at most 8/255 per pixel lowers model-0’s")
                .doesNotContain("model-2");
    }
}
