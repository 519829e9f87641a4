package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.dataset.Perturbation.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a run looks whether enough images are fooled, and when it stops without. */
class StopRuleTest {

    @ParameterizedTest(name = "batch {0}, looked at {1} for {2} evaluations: {3}")
    @CsvSource({
        "0.80,  0,   8, true",
        "0.79,  0,   8, false",
        "NaN,   0,   8, false",
        "0.80, 50, 100, true",
        "1.00, 51, 100, false",
    })
    void aFooledBatchIsAHintWhereLooksHaveCostLittle(double batch, long looked, long evaluations, boolean due) {
        CraftingState state = state(batch, StopRule.Look.NONE, looked, evaluations, 5, null);
        assertThat(rule(0.8, "pgd").isLookDue(state)).isEqualTo(due);
        assertThat(rule(0.8, "pgd").isMetBy(state)).isFalse();
    }

    @Test
    void aBatchOfSixModelsIsFooledWhollyWhateverTheSumRoundsTo() {
        double sixth = 1 / 6.0;
        double all = sixth + sixth + sixth + sixth + sixth + sixth;
        assertThat(all).isLessThan(1);
        assertThat(rule(1.0, "pgd").isLookDue(state(all, StopRule.Look.NONE, 0, 8, 5, null)))
                .isTrue();
    }

    @Test
    void aFooledPassIsFollowedByALookWhateverLooksHaveCost() {
        CraftingState state = state(0.1, StopRule.Look.NONE, 1_000, 100, 0, 0.8);
        assertThat(rule(0.8, "pgd").isLookDue(state)).isTrue();
        assertThat(rule(0.8, "pgd").isMetBy(state)).isFalse();
        assertThat(rule(0.8, "ordinal").isLookDue(state)).isFalse();
        assertThat(rule(0.8, "ordinal").isMetBy(state)).isTrue();
    }

    @Test
    void aLookGoesOnUntilItIsOver() {
        CraftingState halfway = state(0.1, new StopRule.Look(1, 64, 50), 1_000, 100, 5, null);
        CraftingState over = state(1, new StopRule.Look(1, 64, 10), 0, 100, 5, null);
        assertThat(rule(0.8, "pgd").isLookDue(halfway)).isTrue();
        assertThat(rule(0.8, "pgd").isLookDue(over)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"pgd", "ordinal", "square", "fff"})
    void aRunWithoutARateNeverLooksOrStops(String attack) {
        CraftingState state = state(1, StopRule.Look.NONE, 0, 100, 0, 1.0);
        assertThat(rule(null, attack).isLookDue(state)).isFalse();
        assertThat(rule(null, attack).isMetBy(state)).isFalse();
    }

    @Test
    void aLookEndsWhereItCannotSucceedAndSucceedsAtItsEndAlone() {
        StopRule rule = rule(0.8, "pgd");
        StopRule.Look tied = StopRule.Look.NONE.plus(100, 50);
        assertThat(tied).isEqualTo(new StopRule.Look(1, 100, 50));
        assertThat(rule.isOver(tied)).isFalse();
        assertThat(rule.isOver(StopRule.Look.NONE.plus(100, 49))).isTrue();

        StopRule.Look enough = StopRule.Look.NONE.plus(100, 100).plus(100, 100);
        assertThat(rule.isOver(enough)).isFalse();
        assertThat(rule.isMetBy(state(1, enough, 200, 100, 5, null))).isFalse();

        StopRule.Look whole = enough.plus(50, 10);
        assertThat(rule.isOver(whole)).isTrue();
        assertThat(rule.foolingRate(whole)).isEqualTo(0.84);
        assertThat(rule.isMetBy(state(1, whole, 250, 100, 5, null))).isTrue();
    }

    private static StopRule rule(@Nullable Double rate, String attack) {
        return new StopRule(rate, Attacks.named(attack), 250);
    }

    private static CraftingState state(
            double turn, StopRule.Look look, long looked, long evaluations, long passImages, @Nullable Double pass) {
        List<Point> curve = pass == null ? List.of() : List.of(new Point(1, evaluations, 0, pass));
        return new CraftingState(
                1, evaluations, evaluations, 0, passImages, 0, 0, turn, look, looked, curve, new float[0]);
    }
}
