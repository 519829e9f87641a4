package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one form to which models of all opsets and exporters are brought before anything is derived: a flat graph of
 * standard operators in the forms that opset 13 has or a later one, in float32, with the batch fixed, constants folded,
 * weights that are no inputs, and a name for every node.
 */
final class NormalForm {

    /** Far above any classifier's: a graph that grows beyond it, by functions or loops, is a mistake or an attack. */
    static final int MOST_NODES = 100_000;

    /** Before it, broadcasting was another. */
    private static final long OLDEST_OPSET = 7;

    /** From it on initializers need not be inputs, and those that are not are constants. */
    private static final long IR_VERSION = 8;

    private static final Set<String> STANDARD = Set.of("", "ai.onnx");

    private NormalForm() {}

    /** The form of a model whose inputs are all batches. */
    static ModelProto of(ModelProto model, int batch) {
        return of(model, batch, Set.of());
    }

    /**
     * Brings a model to the form.
     *
     * @param model any whose opset is 7 or later
     * @param batch the first dimension of the input
     * @param whole inputs that are no batches, and keep their shape
     * @throws UnsupportedGraphException where it cannot be brought there; the message says why
     */
    static ModelProto of(ModelProto model, int batch, Set<String> whole) {
        ModelProto unfolded = unfolded(model, batch, whole);
        ModelProto folded = Folding.of(unfolded);
        Optional<ModelProto> unrolled = LoopUnrolling.of(folded);
        while (unrolled.isPresent()) {
            folded = Folding.of(unrolled.get());
            unrolled = LoopUnrolling.of(folded);
        }
        // the runtime learns the shapes within the standard's own functions only when it reads them again
        if (folded.getGraph().getNodeList().stream()
                .anyMatch(node -> node.getOpType().equals("Shape"))) {
            folded = Folding.of(folded);
        }
        return named(onlyStandardDomains(folded));
    }

    /** The form, its constants not yet folded, of a model whose inputs are all batches. */
    static ModelProto unfolded(ModelProto model, int batch) {
        return unfolded(model, batch, Set.of());
    }

    /** The form with its constants not yet folded. */
    private static ModelProto unfolded(ModelProto model, int batch, Set<String> whole) {
        long opset = opset(model);
        if (opset < OLDEST_OPSET) {
            throw new UnsupportedGraphException(
                    "The model is of opset %d, and gradients are derived from opset %d on. Export it anew, or convert it with onnx.version_converter."
                            .formatted(opset, OLDEST_OPSET));
        }
        if (Subgraphs.nodes(model.getGraph()) > MOST_NODES) {
            throw tooManyNodes();
        }
        ModelProto single = SinglePrecision.of(FunctionInlining.of(model));
        ModelProto guarded = PaddedMaximum.guarded(single);
        return named(OpsetUpgrade.of(withBatch(withoutWeightInputs(guarded), batch, whole)));
    }

    /** The version of the standard operators that a model is written in; 0 where it does not say. */
    static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset -> STANDARD.contains(opset.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
    }

    /** A model that says it is of another opset, to which its nodes are brought. */
    static ModelProto.Builder withOpset(ModelProto model, long opset) {
        ModelProto.Builder changed = model.toBuilder();
        changed.getOpsetImportBuilderList().stream()
                .filter(imported -> STANDARD.contains(imported.getDomain()))
                .forEach(imported -> imported.setVersion(opset));
        return changed;
    }

    static UnsupportedGraphException tooManyNodes() {
        return new UnsupportedGraphException(
                "The graph has more than %d nodes when its functions and loops are written out. Export a smaller one."
                        .formatted(MOST_NODES));
    }

    private static ModelProto withoutWeightInputs(ModelProto model) {
        Set<String> weights = model.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        List<ValueInfoProto> fed = model.getGraph().getInputList().stream()
                .filter(input -> !weights.contains(input.getName()))
                .toList();
        return model.toBuilder()
                .setIrVersion(Math.max(IR_VERSION, model.getIrVersion()))
                .setGraph(model.getGraph().toBuilder().clearInput().addAllInput(fed))
                .build();
    }

    /** Fixes the first dimension of every input, and forgets what was declared of all that follows from it. */
    private static ModelProto withBatch(ModelProto model, int batch, Set<String> whole) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            if (whole.contains(input.getName())) {
                continue;
            }
            if (input.getType().getTensorType().getShape().getDimCount() == 0) {
                throw new UnsupportedGraphException(
                        "The input \"%s\" does not say how many dimensions it has. Export the model with the shape of its input."
                                .formatted(input.getName()));
            }
            input.getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(0)
                    .clear()
                    .setDimValue(batch);
            requireStatic(input);
        }
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            output.getTypeBuilder().getTensorTypeBuilder().clearShape();
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static void requireStatic(ValueInfoProto.Builder input) {
        List<Dimension> dimensions = input.getType().getTensorType().getShape().getDimList();
        for (int i = 1; i < dimensions.size(); i++) {
            Dimension dimension = dimensions.get(i);
            if (dimension.getDimValue() <= 0) {
                String name = dimension.getDimParam().isEmpty() ? "" : " (\"%s\")".formatted(dimension.getDimParam());
                throw new UnsupportedGraphException(
                        "The input \"%s\" leaves its dimension %d%s open; only the batch, which is dimension 0, may be. Export the model with the size of its images."
                                .formatted(input.getName(), i, name));
            }
        }
    }

    private static ModelProto onlyStandardDomains(ModelProto model) {
        List<String> foreign = model.getGraph().getNodeList().stream()
                .filter(node -> !STANDARD.contains(node.getDomain()))
                .map(node -> "%s.%s (node \"%s\")".formatted(node.getDomain(), node.getOpType(), node.getName()))
                .toList();
        if (!foreign.isEmpty()) {
            throw new UnsupportedGraphException(
                    "These operators are not standard ones: %s. Export the model with standard operators."
                            .formatted(String.join(", ", foreign)));
        }
        List<OperatorSetIdProto> standard = model.getOpsetImportList().stream()
                .filter(opset -> STANDARD.contains(opset.getDomain()))
                .toList();
        return model.toBuilder().clearOpsetImport().addAllOpsetImport(standard).build();
    }

    /** Gives nodes without a name that of their first output, so that errors can tell which is meant. */
    private static ModelProto named(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (node.getName().isEmpty()) {
                node.getOutputList().stream()
                        .filter(output -> !output.isEmpty())
                        .findFirst()
                        .ifPresent(node::setName);
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }
}
