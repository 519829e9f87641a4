package dev.sclera.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain of functions, of which each value is put out too, as a function of its own; by the runtime's own record. */
class RuntimeOrderTest {

    private static final Pattern NODE = Pattern.compile("\"name\" *: *\"([a-z]+\\d)_kernel_time\"");

    @TempDir
    Path folder;

    @Test
    void theRuntimeComputesAnOutputAsSoonAsItCan() throws Exception {
        assertThat(computed(chain())).containsExactly("link1", "link2", "link3", "out3", "out2", "out1");
        assertThat(computed(RuntimeOrder.earlyOutputs(chain())))
                .containsExactly("link1", "out1", "link2", "out2", "link3", "out3");
    }

    private List<String> computed(ModelProto model) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.enableProfiling(folder.resolve("profile").toString());
            try (OrtSession session = environment.createSession(model.toByteArray(), options);
                    OnnxTensor x = OnnxTensor.createTensor(environment, new float[] {1, 2})) {
                session.run(Map.of("x", x)).close();
                Matcher nodes = NODE.matcher(Files.readString(Path.of(session.endProfiling())));
                List<String> names = new ArrayList<>();
                while (nodes.find()) {
                    names.add(nodes.group(1));
                }
                return names;
            }
        }
    }

    private static ModelProto chain() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("chain");
        GraphBuilder builder = new GraphBuilder(graph, 17, "");
        graph.addInput(Values.of("x", TensorProto.DataType.FLOAT_VALUE, 2));
        String value = "x";
        for (int i = 1; i <= 3; i++) {
            builder.addNamed("link" + i, "Tanh", List.of(value));
            builder.addNamed("out" + i, "Exp", List.of("link" + i));
            graph.addOutput(Values.of("out" + i, TensorProto.DataType.FLOAT_VALUE, 2));
            value = "link" + i;
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }
}
