package dev.sclera.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sclera.problem.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault of a JSON record is an error that names the field. */
class JsonFormatTest {

    enum Norm {
        LINF,
        L2
    }

    record Part(String name, int count) {}

    record Request(
            String attack,
            double epsilon,
            int passes,
            @Nullable Integer target,
            Norm norm,
            boolean wanted,
            List<Part> parts) {
        Request {
            requireNonNull(attack, "attack is null");
            parts = List.copyOf(requireNonNull(parts, "parts is null"));
        }
    }

    private static final String WHOLE =
            "{'attack':'pgd','epsilon':0.5,'passes':3,'norm':'linf','wanted':true,'parts':[{'name':'a','count':1}]}";

    @Test
    void readsWhatItWrites() {
        Request request = read(WHOLE);
        assertThat(request.target()).isNull();
        assertThat(JsonFormat.read(JsonFormat.write(request), Request.class)).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'passes':3      | 'passes':2.7          | passes
            'passes':3      | 'passes':'3'          | passes
            'passes':3      | 'passes':null         | passes
            'passes':3,     | ``                    | passes
            'passes':3      | 'passes':99999999999  | passes
            'passes':3      | 'passes':3,'passes':4 | passes
            'passes':3      | 'passes':3,'pases':4  | pases
            'epsilon':0.5   | 'epsilon':'8/255'     | epsilon
            'epsilon':0.5   | 'epsilon':''          | epsilon
            'epsilon':0.5   | 'epsilon':[1]         | epsilon
            'epsilon':0.5,  | ``                    | epsilon
            'attack':'pgd', | ``                    | attack
            'attack':'pgd'  | 'attack':null         | attack
            'attack':'pgd'  | 'attack':{}           | attack
            'norm':'linf'   | 'norm':'l7'           | norm
            'wanted':true   | 'wanted':'perhaps'    | wanted
            'count':1       | 'count':'x'           | parts.[0].count
            'count':1       | 'count':1,'cuont':1   | parts.[0].cuont
            ,'parts':[{'name':'a','count':1}] | `` | parts
            """)
    void namesTheFieldAtFault(String right, String wrong, String field) {
        assertThat(WHOLE).contains(right);
        assertThatThrownBy(() -> read(WHOLE.replace(right, wrong)))
                .isInstanceOfSatisfying(InvalidValueException.class, problem -> {
                    assertThat(problem.getMessage())
                            .contains(field)
                            .doesNotContain("\n", "dev.sclera", "com.fasterxml");
                    assertThat(problem.field().orElseThrow() + " " + problem.getMessage())
                            .contains(field);
                });
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            {'attack':
            pgd
            [1,2]
            ``
            'pgd'
            """)
    void refusesWhatIsNoObject(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        InvalidValueException.class,
                        problem -> assertThat(problem.field()).isEqualTo(Optional.of("body")));
    }

    @Test
    void refusesASecondValueBehindTheFirst() {
        assertThatThrownBy(() -> read(WHOLE + "{}")).isInstanceOf(InvalidValueException.class);
    }

    private static Request read(String json) {
        return JsonFormat.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Request.class);
    }
}
