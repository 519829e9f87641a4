package dev.sclera.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sclera.gradient.GradientCoverage;
import dev.sclera.gradient.UnsupportedGraphException;
import dev.sclera.problem.InvalidValueException;
import dev.sclera.problem.UnusableInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What Sclera can do with an ONNX classifier of any number of classes, before it is put into a store: whether its
 * gradients can be derived, and whether it passes the self-test. Where the preprocessing is known the test goes through
 * it, as for a model in the store; else the bare graph is tested.
 */
public final class ModelCheck {

    private final OnnxFile file;
    private final Preprocessing said;

    private ModelCheck(OnnxFile file, Preprocessing said) {
        this.file = file;
        this.said = said;
    }

    /**
     * Reads a file.
     *
     * @param file an ONNX file; a trainer's sidecar beside it says what {@code said} leaves open
     * @param said what the user says of it
     * @throws UnusableInputException where it is no ONNX file that Sclera reads
     */
    public static ModelCheck of(Path file, Preprocessing said) {
        Grader.openRuntime();
        Preprocessing complete = Sidecar.complete(said, file);
        OnnxFile read = OnnxFile.parse(file.toString(), Models.read(file));
        return new ModelCheck(sized(withOneOutput(read, complete), complete), complete);
    }

    private static OnnxFile withOneOutput(OnnxFile file, Preprocessing said) {
        List<ValueInfoProto> outputs = file.outputs();
        ValueInfoProto asked = outputs.stream()
                .filter(output -> said.output() == null || output.getName().equals(said.output()))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "output",
                        said.output(),
                        outputs.stream().map(ValueInfoProto::getName).collect(Collectors.joining(", "))));
        return with(file, file.proto().getGraph().toBuilder().clearOutput().addOutput(asked));
    }

    /** The file with the size that the user says where its input leaves it open. */
    private static OnnxFile sized(OnnxFile file, Preprocessing said) {
        ValueInfoProto input = file.input();
        List<Dimension> dimensions = OnnxFile.shape(input);
        boolean open = dimensions.stream().skip(1).anyMatch(dimension -> dimension.getDimValue() <= 0);
        if (said.size() == null && !open) {
            return file;
        }
        DescriptorInference inference = new DescriptorInference(file, said);
        int first = inference.layout(input) == ModelDescriptor.Layout.NCHW ? 2 : 1;
        TensorShapeProto.Builder shape = input.getType().getTensorType().getShape().toBuilder();
        for (int axis = first; axis < first + 2; axis++) {
            shape.setDim(axis, Dimension.newBuilder().setDimValue(inference.side(input, axis)));
        }
        GraphProto.Builder graph = file.proto().getGraph().toBuilder();
        for (ValueInfoProto.Builder one : graph.getInputBuilderList()) {
            if (one.getName().equals(input.getName())) {
                one.getTypeBuilder().getTensorTypeBuilder().setShape(shape);
            }
        }
        return with(file, graph);
    }

    private static OnnxFile with(OnnxFile file, GraphProto.Builder graph) {
        ModelProto proto = file.proto().toBuilder().setGraph(graph).build();
        return new OnnxFile(file.name(), proto);
    }

    /**
     * How much of it can be differentiated.
     *
     * @throws UnusableInputException where it has no gradient whichever operators are known
     */
    public GradientCoverage coverage() {
        try {
            return GradientCoverage.of(file.proto());
        } catch (UnsupportedGraphException e) {
            throw new UnusableInputException(
                    "model", "The model \"%s\" has no gradients. %s".formatted(file.name(), e.getMessage()), e);
        }
    }

    /** Whether the self-test goes through the preprocessing: the user or a sidecar says what it is. */
    public boolean knowsPreprocessing() {
        return said.mean() != null || said.std() != null || said.scale() != null || said.channels() != null;
    }

    /**
     * Runs the self-test.
     *
     * @throws UnusableInputException where it is not passed
     */
    public SelfTestFigures selfTest() {
        ValueInfoProto output = file.outputs().get(0);
        if (!knowsPreprocessing()) {
            DescriptorInference inference = new DescriptorInference(file, said);
            return new SelfTest(Specimen.bare(file, inference.outputKind(output))).run();
        }
        int classes = Math.max(0, DescriptorInference.columns(output));
        ModelDescriptor descriptor = new DescriptorInference(file, said, classes).infer();
        return new SelfTest(file.name(), file.proto(), descriptor).run();
    }
}
