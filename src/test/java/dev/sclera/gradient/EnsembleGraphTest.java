package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnsembleGraphTest {

    private static final EnsembleGraph.Member FIRST =
            new EnsembleGraph.Member(SmallNet.classifier(), GradientGraph.Output.LOGITS);

    /** Another head on the same layers. */
    private static final EnsembleGraph.Member SECOND = new EnsembleGraph.Member(
            Parameters.write(SmallNet.classifier(), Map.of("fc.weight", SmallNet.fill(12, 30, 1.2, 0))),
            GradientGraph.Output.LOGITS);

    @ParameterizedTest
    @EnumSource(OptLevel.class)
    void averagesItsMembersProbabilities(OptLevel level) throws Exception {
        EnsembleGraph.Member third = new EnsembleGraph.Member(withSoftmax(), GradientGraph.Output.PROBABILITIES);
        Map<String, float[]> outputs =
                Runtime.run(EnsembleGraph.of(List.of(FIRST, SECOND, third)).model(), level, SmallNet.batch());
        double[] first = softmax(scores(FIRST.model()));
        double[] second = softmax(scores(SECOND.model()));
        for (int i = 0; i < first.length; i++) {
            double average = (2 * first[i] + second[i]) / 3;
            assertThat((double) outputs.get(EnsembleGraph.PROBABILITIES)[i]).isCloseTo(average, within(1e-6));
            assertThat((double) outputs.get(EnsembleGraph.LOGITS)[i]).isCloseTo(Math.log(average), within(1e-5));
        }
    }

    @Test
    void computesOnceWhatMembersComputeAlike() {
        List<String> operators = EnsembleGraph.of(List.of(FIRST, SECOND)).model().getGraph().getNodeList().stream()
                .map(NodeProto::getOpType)
                .toList();
        assertThat(operators).containsOnlyOnce("Conv", "GlobalAveragePool");
        assertThat(operators.stream().filter("Gemm"::equals)).hasSize(2);
    }

    @Test
    void givesMembersInputsOfTheirOwnWhereTheirImagesDiffer() {
        EnsembleGraph.Member other =
                new EnsembleGraph.Member(SmallNet.identity(4, 3), GradientGraph.Output.PROBABILITIES);
        assertThat(EnsembleGraph.of(List.of(FIRST, other)).model().getGraph().getInputList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("member0/images", "member1/images");
    }

    @Test
    void leavesAnOpenBatchOpen() throws Exception {
        ModelProto.Builder open = SmallNet.classifier().toBuilder();
        open.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("n");
        open.getGraphBuilder()
                .getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam("n");
        EnsembleGraph.Member member = new EnsembleGraph.Member(open.build(), GradientGraph.Output.LOGITS);
        ModelProto ensemble = EnsembleGraph.of(List.of(member, member)).model();
        TensorProto one = Tensors.of("images", SmallNet.fill(98, 9, 1, 0), 1, 2, 7, 7);
        float[] alone =
                Runtime.run(ensemble, OptLevel.ALL_OPT, Map.of("images", one)).get("probabilities");
        float[] together =
                Runtime.run(ensemble, OptLevel.ALL_OPT, SmallNet.batch()).get("probabilities");
        assertThat(alone).hasSize(3);
        assertThat(together).hasSize(12);
        assertThat(alone[0]).isCloseTo(together[0], within(1e-6f));
    }

    @Test
    void refusesMembersOfOtherClassesOrOpsets() {
        EnsembleGraph.Member four = new EnsembleGraph.Member(SmallNet.identity(4, 4), GradientGraph.Output.LOGITS);
        assertThatThrownBy(() -> EnsembleGraph.of(List.of(FIRST, four)))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("[3, 4]");
        ModelProto.Builder older = SmallNet.classifier().toBuilder();
        older.getOpsetImportBuilder(0).setVersion(13);
        EnsembleGraph.Member old = new EnsembleGraph.Member(older.build(), GradientGraph.Output.LOGITS);
        assertThatThrownBy(() -> EnsembleGraph.of(List.of(FIRST, old)))
                .isInstanceOf(UnsupportedGraphException.class)
                .hasMessageContaining("17 and 13");
    }

    private static ModelProto withSoftmax() {
        GraphProto.Builder graph = SmallNet.classifier().getGraph().toBuilder().clearOutput();
        new GraphBuilder(graph, 17, "").addNamed("p", "Softmax", List.of("scores"));
        return SmallNet.model(graph.addOutput(SmallNet.value("p", SmallNet.BATCH, 3)));
    }

    private static float[] scores(ModelProto model) throws Exception {
        return Runtime.run(model, OptLevel.ALL_OPT, SmallNet.batch()).get("scores");
    }

    private static double[] softmax(float[] scores) {
        double[] probabilities = new double[scores.length];
        for (int row = 0; row < scores.length; row += 3) {
            double sum = 0;
            for (int i = row; i < row + 3; i++) {
                sum += Math.exp(scores[i]);
            }
            for (int i = row; i < row + 3; i++) {
                probabilities[i] = Math.exp(scores[i]) / sum;
            }
        }
        return probabilities;
    }
}
