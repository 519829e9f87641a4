package dev.sclera.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 8785, and ids that must never change. */
class CanonicalJsonTest {

    /** RFC 8785, section 3.2.2 and its result in section 3.2.4. */
    @Test
    void writesTheExampleOfTheStandard() {
        String given = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""";
        assertThat(CanonicalJson.canonical(given))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    /** RFC 8785, section 3.2.3: names are sorted by UTF-16 code units. */
    @Test
    void sortsNamesAsTheStandardDoes() {
        String given = """
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
                 "\\u00f6": "Latin Small Letter O With Diaeresis"}""";
        assertThat(CanonicalJson.canonical(given).replaceAll("\"[^\"]*\":\"", ""))
                .isEqualTo("{Carriage Return\",One\",Control\",Latin Small Letter O With Diaeresis\",Euro Sign\","
                        + "Emoji: Grinning Face\",Hebrew Letter Dalet With Dagesh\"}");
    }

    /** RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void writesNumbersAsTheStandardDoes(String bits, String expected) {
        double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertThat(new String(CanonicalJson.bytes(List.of(number)), StandardCharsets.UTF_8))
                .isEqualTo("[" + expected + "]");
    }

    @Test
    void theIdOfARecipeNeverChanges() {
        Recipe recipe = new Recipe(
                "perturbation/1",
                Map.of("attack", "pgd", "epsilon", 8 / 255.0, "seed", 7L, "batch", 32, "step", 0.1),
                Map.of("model", "ab".repeat(32), "dataset", "cd".repeat(32)));
        // sha256 of what Python's json.dumps(recipe, sort_keys=True, separators=(",", ":")) gives
        assertThat(recipe.id()).isEqualTo("e72c205835d927c310e7ba0cf6d5729d24aa97742a4effec84df2ff45a2544ee");
    }

    @Test
    void theIdDoesNotDependOnTheOrderOfParameters() {
        Recipe one = new Recipe("k/1", new LinkedHashMap<>(Map.of("a", 1, "b", 2.0)), Map.of());
        LinkedHashMap<String, Object> turned = new LinkedHashMap<>();
        turned.put("b", 2);
        turned.put("a", 1L);
        assertThat(new Recipe("k/1", turned, Map.of()).id()).isEqualTo(one.id());
        assertThat(new Recipe("k/1", Map.of("a", 1, "b", 2.5), Map.of()).id()).isNotEqualTo(one.id());
        assertThat(new Recipe("k/2", turned, Map.of()).id()).isNotEqualTo(one.id());
    }

    @Test
    void aRecipeReadBackHasTheSameId() {
        Recipe recipe = new Recipe("k/1", Map.of("epsilon", 1.0, "seed", -5L, "names", List.of("b", "a")), Map.of());
        assertThat(JsonFormat.read(JsonFormat.write(recipe), Recipe.class).id()).isEqualTo(recipe.id());
    }

    @Test
    void refusesNumbersThatTwoValuesWouldShare() {
        assertThatThrownBy(() -> new Recipe("k/1", Map.of("seed", (1L << 53) + 1), Map.of()))
                .hasMessageContaining("seed = 9007199254740993");
        assertThatThrownBy(() -> new Recipe("k/1", Map.of("step", Double.NaN), Map.of()))
                .hasMessageContaining("step = NaN");
    }
}
