package dev.sclera.model;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sclera.model.ModelDescriptor.Channels;
import dev.sclera.model.ModelDescriptor.Layout;
import dev.sclera.model.ModelDescriptor.OutputKind;
import dev.sclera.problem.InvalidValueException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a descriptor together from what the ONNX file says and what the user says. Where the two contradict each other,
 * or neither says enough, that is an error which names the option that settles it: a wrong guess would give wrong
 * grades.
 */
final class DescriptorInference {

    /** The grades of the ICDR scale. */
    static final int GRADES = 5;

    /** Far above what any grader takes; a larger claim is a mistake, or an attack on memory. */
    private static final int LARGEST_SIDE = 4096;

    private static final int LARGEST_BATCH = 256;

    private final OnnxFile file;
    private final Preprocessing said;
    private final int grades;

    DescriptorInference(OnnxFile file, Preprocessing said) {
        this(file, said, GRADES);
    }

    /** @param grades how many columns the output has; 0 where that is still to be seen */
    DescriptorInference(OnnxFile file, Preprocessing said, int grades) {
        this.file = file;
        this.said = said;
        this.grades = grades;
    }

    ModelDescriptor infer() {
        ValueInfoProto input = file.input();
        ValueInfoProto output = output();
        Layout layout = layout(input);
        requireBatch(input);
        boolean first = layout == Layout.NCHW;
        int height = side(input, first ? 2 : 1);
        int width = side(input, first ? 3 : 2);
        return new ModelDescriptor(
                ModelDescriptor.SCHEMA,
                input.getName(),
                output.getName(),
                height,
                width,
                layout,
                Objects.requireNonNullElse(said.channels(), Channels.RGB),
                scale(),
                perChannel("mean", said.mean(), false),
                perChannel("std", said.std(), true),
                outputKind(output),
                grades);
    }

    /**
     * Refuses a descriptor, which its owner may have written or left behind from another file, that contradicts this
     * one: fed by it, the model would answer nonsense or nothing.
     */
    void requireFits(ModelDescriptor described) {
        ModelDescriptor inferred = new DescriptorInference(
                        file,
                        new Preprocessing(
                                open(described),
                                described.layout(),
                                described.channels(),
                                described.scale(),
                                described.mean(),
                                described.std(),
                                described.outputKind(),
                                described.output()))
                .infer();
        List<Dimension> shape = OnnxFile.shape(file.input());
        boolean openWidth = shape.get(described.layout() == Layout.NCHW ? 3 : 2).getDimValue() <= 0;
        require("schema", described.schema(), inferred.schema());
        require("input", described.input(), inferred.input());
        require("height", described.height(), inferred.height());
        require("width", described.width(), openWidth ? checkedSide(described.width()) : inferred.width());
        require("mean", described.mean(), inferred.mean());
        require("std", described.std(), inferred.std());
        require("grades", described.grades(), inferred.grades());
    }

    private void require(String field, Object described, Object found) {
        if (!described.equals(found)) {
            throw OnnxFile.unusable(
                    file.name(),
                    "its model.json has %s as \"%s\", where %s is needed; mend it, or delete it and import the model again"
                            .formatted(described, field, found));
        }
    }

    /** The descriptor's size where the graph leaves both sides open: elsewhere the graph's own is compared. */
    private @Nullable Integer open(ModelDescriptor described) {
        List<Dimension> shape = OnnxFile.shape(file.input());
        int first = described.layout() == Layout.NCHW ? 2 : 1;
        boolean fixed =
                shape.get(first).getDimValue() > 0 && shape.get(first + 1).getDimValue() > 0;
        return fixed ? null : described.height();
    }

    Layout layout(ValueInfoProto input) {
        List<Dimension> shape = OnnxFile.shape(input);
        boolean nchw = shape.get(1).getDimValue() == 3;
        boolean nhwc = shape.get(3).getDimValue() == 3;
        Layout seen = nchw == nhwc ? null : nchw ? Layout.NCHW : Layout.NHWC;
        if (said.layout() != null && seen != null && said.layout() != seen) {
            throw new InvalidValueException(
                    "layout", said.layout(), seen + ", for the input's shape is " + OnnxFile.text(input));
        }
        Layout layout = said.layout() != null ? said.layout() : seen;
        if (layout == null) {
            throw OnnxFile.unusable(
                    file.name(),
                    "its input's shape %s does not say where the three colour channels are; say it with --layout nchw or --layout nhwc"
                            .formatted(OnnxFile.text(input)));
        }
        return layout;
    }

    private void requireBatch(ValueInfoProto input) {
        long batch = OnnxFile.shape(input).get(0).getDimValue();
        if (batch > LARGEST_BATCH) {
            throw OnnxFile.unusable(
                    file.name(),
                    "its input's shape %s insists on %d images at once, and at most %d are allowed; export it with an open batch"
                            .formatted(OnnxFile.text(input), batch, LARGEST_BATCH));
        }
    }

    /** Rows or columns of the input, as the file or the user says. */
    int side(ValueInfoProto input, int axis) {
        Dimension dimension = OnnxFile.shape(input).get(axis);
        Integer size = said.size();
        if (dimension.getDimValue() > 0) {
            if (size != null && size != dimension.getDimValue()) {
                throw new InvalidValueException(
                        "size", size, dimension.getDimValue() + ", for the input's shape is " + OnnxFile.text(input));
            }
            return checkedSide(dimension.getDimValue());
        }
        if (size == null) {
            throw OnnxFile.unusable(
                    file.name(),
                    "its input's shape %s leaves the size of the images open; say which it was trained at with --size"
                            .formatted(OnnxFile.text(input)));
        }
        return checkedSide(size);
    }

    private static int checkedSide(long side) {
        if (side < 8 || side > LARGEST_SIDE) {
            throw new InvalidValueException("size", side, "8 to " + LARGEST_SIDE + " pixels");
        }
        return (int) side;
    }

    private ValueInfoProto output() {
        List<ValueInfoProto> outputs = file.outputs();
        if (said.output() != null) {
            ValueInfoProto named = outputs.stream()
                    .filter(output -> output.getName().equals(said.output()))
                    .findFirst()
                    .orElseThrow(() -> new InvalidValueException("output", said.output(), names(outputs)));
            requireGrades(named);
            return named;
        }
        if (outputs.size() == 1) {
            requireGrades(outputs.get(0));
            return outputs.get(0);
        }
        List<ValueInfoProto> fitting =
                outputs.stream().filter(output -> columns(output) == grades).toList();
        if (fitting.size() != 1) {
            throw OnnxFile.unusable(
                    file.name(),
                    "it has the outputs %s, and which one holds the five grades is not clear; say it with --output"
                            .formatted(names(outputs)));
        }
        return fitting.get(0);
    }

    private void requireGrades(ValueInfoProto output) {
        int columns = columns(output);
        // an undeclared number of columns is settled by the trial run
        if (columns != 0 && columns != grades) {
            throw OnnxFile.unusable(
                    file.name(),
                    ("its output \"%s\" has the shape %s, and a grader of the ICDR scale has five columns, one for each"
                                    + " of the grades 0 to 4")
                            .formatted(output.getName(), OnnxFile.text(output)));
        }
    }

    /** How many columns an output declares: 0 where it does not say, −1 where it has no rows and columns. */
    static int columns(ValueInfoProto output) {
        List<Dimension> shape = OnnxFile.shape(output);
        return shape.size() == 2 ? (int) shape.get(1).getDimValue() : shape.isEmpty() ? 0 : -1;
    }

    private static String names(List<ValueInfoProto> outputs) {
        return outputs.stream()
                .map(output -> output.getName() + " " + OnnxFile.text(output))
                .collect(Collectors.joining(", "));
    }

    OutputKind outputKind(ValueInfoProto output) {
        if (said.outputKind() != null) {
            return said.outputKind();
        }
        Optional<NodeProto> last = file.proto().getGraph().getNodeList().stream()
                .filter(node -> node.getOutputList().contains(output.getName()))
                .findFirst();
        return last.filter(node -> node.getOpType().equals("Softmax"))
                .map(node -> OutputKind.PROBABILITIES)
                .orElse(OutputKind.LOGITS);
    }

    private double scale() {
        Double scale = said.scale();
        if (scale == null) {
            return 1;
        }
        if (!(scale > 0) || scale.isInfinite()) {
            throw new InvalidValueException("scale", scale, "a number above 0: 1 for pixels in [0,1], 255 for [0,255]");
        }
        return scale;
    }

    private List<Double> perChannel(String option, @Nullable List<Double> values, boolean positive) {
        if (values == null) {
            throw OnnxFile.unusable(
                    file.name(),
                    ("the file does not say how pixels are normalised; say the training's with --%s (for example --mean"
                                    + " 0.485,0.456,0.406 --std 0.229,0.224,0.225, or --mean 0 --std 1 for none), or upload a model.json beside it")
                            .formatted(option));
        }
        boolean sound = (values.size() == 1 || values.size() == 3)
                && values.stream().allMatch(value -> Double.isFinite(value) && (!positive || value > 0));
        if (!sound) {
            throw new InvalidValueException(
                    option, values, "one " + (positive ? "positive " : "") + "number, or three: one per channel");
        }
        return values.size() == 3 ? values : Collections.nCopies(3, values.get(0));
    }
}
