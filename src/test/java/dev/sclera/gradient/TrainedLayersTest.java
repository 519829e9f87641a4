package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedLayersTest {

    @Test
    void theHeadIsTheLastLayer() {
        assertThat(TrainedLayers.HEAD.in(SmallNet.classifier(), "scores")).containsExactly("fc.weight", "fc.bias");
    }

    @Test
    void aNormalisationBelongsToTheLayerBeforeIt() {
        assertThat(TrainedLayers.ALL.in(SmallNet.classifier(), "scores"))
                .containsExactly("conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias");
    }

    @Test
    void theLastBlockIsAQuarterOfTheLayersAndTwoAtLeast() {
        assertThat(TrainedLayers.LAST_BLOCK.in(chain(12), "x12"))
                .containsExactly("w9", "b9", "w10", "b10", "w11", "b11");
        assertThat(TrainedLayers.LAST_BLOCK.in(chain(3), "x3")).containsExactly("w1", "b1", "w2", "b2");
        assertThat(TrainedLayers.LAST_BLOCK.in(chain(1), "x1")).containsExactly("w0", "b0");
    }

    @Test
    void constantsBeforeTheFirstLayerAndMasksAreNoWeights() {
        GraphProto.Builder graph = chain(2).getGraph().toBuilder();
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        graph.addInitializer(Tensors.of("mean", new float[] {1, 2, 3, 4}, 4));
        graph.addInitializer(Tensors.of("mask", new float[] {0, -100, 0, -100}, 4));
        nodes.addNamed("masked", "Add", List.of("x2", "mask"));
        ModelProto model = SmallNet.model(graph.addNode(
                0,
                graph.getNode(0).toBuilder()
                        .setOpType("Sub")
                        .setName("centred")
                        .clearInput()
                        .addInput("x0")
                        .addInput("mean")
                        .setOutput(0, "unused")));
        assertThat(TrainedLayers.ALL.in(model, "masked")).containsExactly("w0", "b0", "w1", "b1");
    }

    @Test
    void whatTheOutputDoesNotDependOnIsNotTrained() {
        assertThat(TrainedLayers.ALL.in(chain(4), "x2")).containsExactly("w0", "b0", "w1", "b1");
        assertThat(TrainedLayers.HEAD.in(chain(4), "x2")).containsExactly("w1", "b1");
    }

    /** As exporters write {@code x·Wᵀ}: the weight is transposed by a node of its own. */
    @Test
    void aWeightOnItsWayBelongsWhereItIsUsed() {
        GraphProto.Builder graph = chain(1).getGraph().toBuilder();
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        graph.addInitializer(Tensors.of("last", new float[16], 4, 4));
        graph.addNode(
                0,
                graph.getNode(0).toBuilder()
                        .setOpType("Transpose")
                        .setName("turned")
                        .clearInput()
                        .addInput("last")
                        .setOutput(0, "turned"));
        nodes.addNamed("end", "MatMul", List.of("x1", "turned"));
        assertThat(TrainedLayers.HEAD.in(SmallNet.model(graph), "end")).containsExactly("last");
    }

    @Test
    void aModelWithoutWeightsIsRefused() {
        ModelProto.Builder half = chain(1).toBuilder();
        half.getGraphBuilder().clearInitializer();
        half.getGraphBuilder().addInitializer(whole("w0")).addInitializer(whole("b0"));
        assertThatThrownBy(() -> TrainedLayers.ALL.in(half.build(), "x1"))
                .isInstanceOf(UnsupportedGraphException.class);
    }

    private static TensorProto whole(String name) {
        return Tensors.of(name, new long[4], 4);
    }

    /** Matrix products with biases, {@code x0 → x<count>}. */
    private static ModelProto chain(int count) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("chain");
        GraphBuilder nodes = new GraphBuilder(graph, 17, "");
        graph.addInput(SmallNet.value("x0", 2, 4));
        for (int layer = 0; layer < count; layer++) {
            graph.addInitializer(Tensors.of("w" + layer, SmallNet.fill(16, layer, 1, 0), 4, 4));
            graph.addInitializer(Tensors.of("b" + layer, SmallNet.fill(4, layer, 1, 0), 4));
            nodes.addNamed("m" + layer, "MatMul", List.of("x" + layer, "w" + layer));
            nodes.addNamed("x" + (layer + 1), "Add", List.of("m" + layer, "b" + layer));
        }
        graph.addOutput(SmallNet.value("x" + count, 2, 4));
        return SmallNet.model(graph);
    }
}
