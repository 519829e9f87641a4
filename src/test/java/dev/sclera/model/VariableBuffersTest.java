package dev.sclera.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.sclera.gradient.TrainingGraph;
import dev.sclera.gradient.TrainingGraph.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two float variables, of one value and of more than are added at a time, in buffers of seeded noise. */
class VariableBuffersTest {

    private static final int MANY = 70_001;

    private static final List<float[]> NOISE =
            IntStream.range(0, 4).mapToObj(seed -> noise(new Random(seed))).toList();

    @BeforeAll
    static void engine() {
        Grader.openRuntime();
    }

    @Test
    void addsInTheGivenOrder() throws Exception {
        List<VariableBuffers> addends = new ArrayList<>();
        for (int seed = 0; seed < 3; seed++) {
            addends.add(noise(seed));
        }
        try (VariableBuffers sum = noise(3)) {
            sum.add(addends, false);
            float[] expected = new float[MANY];
            for (int i = 0; i < MANY; i++) {
                expected[i] = (NOISE.get(0)[i] + NOISE.get(1)[i]) + NOISE.get(2)[i];
            }
            assertThat(sum.get("many")).containsExactly(expected);
            sum.add(List.of(addends.get(1)), true);
            for (int i = 0; i < MANY; i++) {
                expected[i] += NOISE.get(1)[i];
            }
            assertThat(sum.get("many")).containsExactly(expected);
            assertThat(sum.get("one")).containsExactly(0 + 1 + 2 + 1);
        } finally {
            addends.forEach(VariableBuffers::close);
        }
    }

    private static VariableBuffers noise(int seed) throws Exception {
        VariableBuffers buffers = new VariableBuffers(List.of(variable("one"), variable("many", MANY)));
        buffers.set("one", new float[] {seed});
        buffers.set("many", NOISE.get(seed));
        return buffers;
    }

    private static float[] noise(Random random) {
        float[] values = new float[MANY];
        for (int i = 0; i < MANY; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Variable variable(String name, long... shape) {
        TensorProto.Builder zeros =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        long count = 1;
        for (long dimension : shape) {
            zeros.addDims(dimension);
            count *= dimension;
        }
        for (long i = 0; i < count; i++) {
            zeros.addFloatData(0);
        }
        return new Variable(name, name, TrainingGraph.Kind.SUM, zeros.build());
    }
}
