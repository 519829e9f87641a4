package dev.sclera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.ascent.Norm;
import dev.sclera.problem.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttacksTest {

    @Test
    void anUnknownAttackIsAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> Attacks.named("pdg"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"pdg\"")
                .hasMessageContaining(String.join(", ", Attacks.names()));
    }

    @Test
    void everyAttackHasANameOfItsOwnAndASummary() {
        assertThat(Attacks.names()).doesNotHaveDuplicates();
        Attacks.descriptions().forEach((name, attack) -> {
            assertThat(name).matches("[a-z0-9-]+");
            assertThat(attack.summary()).isNotBlank().doesNotEndWith(".");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    LINF | 0   | - | -  | -  | -   | -   | -    | epsilon
                    LINF | -1  | - | -  | -  | -   | -   | -    | epsilon
                    LINF | 2   | - | -  | -  | -   | -   | -    | epsilon
                    LINF | NaN | - | -  | -  | -   | -   | -    | epsilon
                    L2   | 0   | - | -  | -  | -   | -   | -    | epsilon
                    L1   | NaN | - | -  | -  | -   | -   | -    | epsilon
                    LINF | 0.1 | 0 | -  | -  | -   | -   | -    | passes
                    LINF | 0.1 | - | 0  | -  | -   | -   | -    | budget
                    LINF | 0.1 | 3 | 99 | -  | -   | -   | -    | budget
                    LINF | 0.1 | - | -  | 0  | -   | -   | -    | seconds
                    LINF | 0.1 | - | -  | -  | 1.5 | -   | -    | stopAt
                    LINF | 0.1 | - | -  | -  | -   | 0   | -    | batch
                    LINF | 0.1 | - | -  | -  | -   | -   | 0    | step
                    LINF | 0.1 | - | -  | -  | -   | -   | NaN  | step
                    """)
    void aValueOutOfRangeIsNamedWithWhatIsAllowed(
            Norm norm,
            double epsilon,
            @Nullable Integer passes,
            @Nullable Long budget,
            @Nullable Double seconds,
            @Nullable Double stopAt,
            @Nullable Integer batch,
            @Nullable Double step,
            String field) {
        CraftSettings settings = new CraftSettings(
                norm, epsilon, null, passes, budget, seconds, stopAt, batch, step, Set.of(), Map.of(), 1);
        assertThatThrownBy(new CraftSpec("pgd", List.of("m"), "d", settings)::check)
                .isInstanceOfSatisfying(
                        InvalidValueException.class, e -> assertThat(e.field()).contains(field))
                .hasMessageContaining("Allowed:");
    }

    @Test
    void aWhiteBoxAttackAsksForAModelAndAControlDoesNot() {
        CraftSettings settings = CraftSettings.of(Norm.LINF, 0.1, 1);
        CraftSpec pgd = new CraftSpec("pgd", List.of(), "d", settings);
        assertThatThrownBy(pgd::check).hasMessageContaining("\"model\"");
        new CraftSpec("random", List.of(), "d", settings).check();
    }

    @Test
    void anOptionThatTheAttackDoesNotHaveIsAnsweredWithThoseItHas() {
        assertThatThrownBy(() -> with(Set.of(), Map.of("momentun", "1")).check())
                .hasMessageContaining("\"momentun\"")
                .hasMessageContaining("\"pgd\"");
        assertThatThrownBy(() -> with(Set.of("flips"), Map.of()).check())
                .hasMessageContaining("\"flips\"")
                .hasMessageContaining("diversity, translation");
    }

    @Test
    void ofOptionsForSeveralAttacksEachGetsItsOwn() {
        CraftSettings settings =
                with(Set.of(), Map.of("one.a", "1", "two.a", "2")).settings();
        assertThat(settings.of("two").options()).containsExactly(Map.entry("a", "2"));
        settings.requireOptionsOf(List.of("one", "two"));
        assertThatThrownBy(() -> settings.requireOptionsOf(List.of("one")))
                .hasMessageContaining("\"two.a\"")
                .hasMessageContaining("<attack>.<option>");
    }

    private static CraftSpec with(Set<String> augment, Map<String, String> options) {
        return new CraftSpec(
                "pgd",
                List.of("m"),
                "d",
                new CraftSettings(Norm.LINF, 0.1, null, null, null, null, null, null, null, augment, options, 1));
    }
}
