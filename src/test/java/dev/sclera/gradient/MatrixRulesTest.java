package dev.sclera.gradient;

import static dev.sclera.gradient.SmallGraph.node;
import static dev.sclera.gradient.SmallGraph.numbers;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of products, against central differences in float64. */
class MatrixRulesTest {

    private static final double STEP = 1e-4;

    private static void agrees(SmallGraph graph) throws Exception {
        graph.agreesWithDifferences(graph.inDoubles(), STEP, 2e-6);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "1,0", "1,1"})
    void gemm(long transA, long transB) throws Exception {
        long[] a = transA == 1 ? new long[] {4, 3} : new long[] {3, 4};
        long[] b = transB == 1 ? new long[] {2, 4} : new long[] {4, 2};
        agrees(SmallGraph.of(
                        13,
                        node(
                                "Gemm",
                                List.of("a", "b", "c"),
                                Attributes.of("transA", transA),
                                Attributes.of("transB", transB),
                                Attributes.of("alpha", 0.5f),
                                Attributes.of("beta", 2f)))
                .operand("a", numbers(1, a), a)
                .operand("b", numbers(2, b), b)
                .operand("c", numbers(3, 3, 1), 3, 1));
    }

    static Stream<Arguments> products() {
        return Stream.of(
                Arguments.of(new long[] {3, 4}, new long[] {4, 2}),
                Arguments.of(new long[] {2, 3, 4}, new long[] {4, 2}),
                Arguments.of(new long[] {2, 5, 3, 4}, new long[] {2, 5, 4, 2}),
                Arguments.of(new long[] {2, 1, 3, 4}, new long[] {5, 4, 2}),
                Arguments.of(new long[] {3, 4}, new long[] {2, 4, 2}),
                Arguments.of(new long[] {1, 3, 4}, new long[] {2, 4, 2}),
                Arguments.of(new long[] {4}, new long[] {4, 2}),
                Arguments.of(new long[] {4}, new long[] {3, 4, 2}),
                Arguments.of(new long[] {3, 4}, new long[] {4}),
                Arguments.of(new long[] {2, 3, 4}, new long[] {4}),
                Arguments.of(new long[] {4}, new long[] {4}));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("products")
    void matMul(long[] a, long[] b) throws Exception {
        agrees(SmallGraph.of(13, node("MatMul", List.of("a", "b")))
                .operand("a", numbers(1, a), a)
                .operand("b", numbers(2, b), b));
    }

    static Stream<Arguments> equations() {
        return Stream.of(
                Arguments.of("bhid,bhjd->bhij", List.of(new long[] {2, 2, 3, 4}, new long[] {2, 2, 5, 4})),
                Arguments.of("bhij,bhjd->bhid", List.of(new long[] {2, 2, 3, 4}, new long[] {2, 2, 4, 5})),
                Arguments.of("...qd,...kd->...qk", List.of(new long[] {2, 2, 3, 4}, new long[] {2, 1, 5, 4})),
                Arguments.of("bqhc, bkhc -> bhqk", List.of(new long[] {2, 3, 2, 4}, new long[] {2, 5, 2, 4})),
                Arguments.of("bhwc,hkc->bhwk", List.of(new long[] {2, 3, 4, 2}, new long[] {3, 5, 2})),
                Arguments.of("ij,jk", List.of(new long[] {2, 3}, new long[] {3, 4})),
                Arguments.of("ba,ca", List.of(new long[] {2, 3}, new long[] {4, 3})),
                Arguments.of("ij->ji", List.of(new long[] {2, 3})),
                Arguments.of("ijk->j", List.of(new long[] {2, 3, 4})),
                Arguments.of("...ij->...i", List.of(new long[] {2, 3, 4})),
                Arguments.of("ij,k->ik", List.of(new long[] {2, 3}, new long[] {4})),
                Arguments.of("i,i->", List.of(new long[] {3}, new long[] {3})),
                Arguments.of("i,j->ij", List.of(new long[] {3}, new long[] {2})),
                Arguments.of("ij,jk,kl->il", List.of(new long[] {2, 3}, new long[] {3, 4}, new long[] {4, 2})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("equations")
    void einsum(String equation, List<long[]> shapes) throws Exception {
        List<String> names = List.of("a", "b", "c").subList(0, shapes.size());
        SmallGraph graph = SmallGraph.of(12, node("Einsum", names, Attributes.of("equation", equation)));
        IntStream.range(0, shapes.size())
                .forEach(i -> graph.operand(names.get(i), numbers(i, shapes.get(i)), shapes.get(i)));
        agrees(graph);
    }

    @Test
    void aDiagonalIsRefusedByName() {
        assertThatThrownBy(() -> SmallGraph.of(12, node("Einsum", List.of("a"), Attributes.of("equation", "ii->i")))
                        .operand("a", numbers(1, 3, 3), 3, 3)
                        .gradient("a"))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("the Einsum")
                .hasMessageContaining("ii->i");
    }
}
