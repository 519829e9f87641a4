package dev.sclera.functions.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.defense.FinetuneSpec;
import dev.sclera.defense.Mix;
import dev.sclera.defense.Optimisation;
import dev.sclera.gradient.TrainedLayers;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.store.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinetuneRequestTest {

    @Test
    void threeFieldsAreEnough() {
        FinetuneSpec spec = read("{'model': 'm', 'dataset': 'd', 'perturbations': ['3f9a41']}");
        assertThat(spec).isEqualTo(FinetuneSpec.of("m", "d", List.of("3f9a41")));
    }

    @Test
    void keysAreUnderstoodAndWhatAPartLeavesOpenTakesItsDefault() {
        FinetuneSpec spec = read("{'model': 'models/m/model.onnx', 'dataset': 'datasets/d/dataset.json',"
                + " 'perturbations': ['perturbations/3f9a41aa/perturbation.json'], 'validation': 'datasets/v/dataset.json',"
                + " 'optimisation': {'epochs': 9, 'algorithm': 'sgd'}, 'mix': {'share': 1}, 'layers': 'last_block',"
                + " 'recraftEvery': 2, 'seed': 3, 'name': 'mended'}");
        assertThat(spec.model()).isEqualTo("m");
        assertThat(spec.dataset()).isEqualTo("d");
        assertThat(spec.perturbations()).containsExactly("3f9a41aa");
        assertThat(spec.validation()).isEqualTo("v");
        assertThat(spec.optimisation().epochs()).isEqualTo(9);
        assertThat(spec.optimisation().algorithm()).isEqualTo(Optimisation.Algorithm.SGD);
        assertThat(spec.optimisation().learningRate()).isEqualTo(Optimisation.DEFAULT.learningRate());
        assertThat(spec.mix().share()).isEqualTo(1);
        assertThat(spec.mix().leastScale()).isEqualTo(Mix.DEFAULT.leastScale());
        assertThat(spec.layers()).isEqualTo(TrainedLayers.LAST_BLOCK);
        assertThat(spec.recraftEvery()).isEqualTo(2);
        assertThat(spec.seed()).isEqualTo(3);
        assertThat(spec.name()).isEqualTo("mended");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'epochs': 3                                  | epochs                    | optimisation",
                "'optimisation': {'epoch': 3}                 | optimisation.epoch        | epochs",
                "'optimisation': {'epochs': 0}                | optimisation.epochs       | 1 to 1000",
                "'optimisation': {'epochs': 2.5}              | optimisation.epochs       | epochs",
                "'optimisation': {'epochs': null}             | optimisation.epochs       | missing",
                "'optimisation': {'algorithm': 'adam'}        | optimisation.algorithm    | sgd or adamw",
                "'optimisation': {'learningRate': 1000}       | optimisation.learningRate | at most 100",
                "'mix': {'share': '0.5'}                      | mix.share                 | share",
                "'mix': {'share': 2}                          | mix.share                 | 0.0 to 1.0",
                "'mix': {'restartEvery': 3}                   | mix.restartEvery          | mix.pursuit is 0",
                "'layers': 'tail'                             | layers                    | head or last_block or all",
                "'stopping': {'patience': -1}                 | stopping.patience         | 0 to 1000",
                "'seed': 1, 'seed': 2                         | body                      | one JSON object"
            })
    void whatIsNotAllowedIsNamedWithWhatIs(String said, String field, String allowed) {
        assertThatThrownBy(() -> read("{'model': 'm', 'dataset': 'd', 'perturbations': ['3f9a41'], " + said + "}")
                        .check())
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"" + field + "\"")
                .hasMessageContaining(allowed);
    }

    @ParameterizedTest
    @CsvSource({"model", "dataset", "perturbations"})
    void whatIsMissingIsNamed(String field) {
        String whole = "{'model': 'm', 'dataset': 'd', 'perturbations': ['3f9a41']}";
        assertThatThrownBy(() -> read(whole.replace("'" + field + "'", "'name'")
                        .replace("['3f9a41']", field.equals("perturbations") ? "'n'" : "['3f9a41']")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("\"" + field + "\"");
    }

    private static FinetuneSpec read(String json) {
        return JsonFormat.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), FinetuneRequest.class)
                .spec();
    }
}
