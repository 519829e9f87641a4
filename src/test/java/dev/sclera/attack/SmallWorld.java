package dev.sclera.attack;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sclera.ascent.Norm;
import dev.sclera.campaign.Laboratory;
import dev.sclera.dataset.Dataset;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.ImportRequest;
import dev.sclera.model.Model;
import dev.sclera.model.Preprocessing;
import dev.sclera.progress.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Twenty images of 8×8 and two networks, all given by formulas that other languages compute too, so that other
 * implementations attack the same.
 *
 * <p>Value k (rows, columns, channels) of image m is {@code (128 + floor(50·sin(3 + 1.3·m + 0.37·k·(1 + m mod 5)))) /
 * 255}: far enough from black and white for no small δ to be clipped. Networks see pixels less 0.5. Value i of a weight
 * is {@code scale·sin(seed + 0.7·i²)} in float64, rounded to float32. {@code affine}: one convolution of 8×8,
 * {@code [5,3,8,8]} with seed 3, scale 0.5, no bias. {@code layered}: one of {@code [12,3,8,8]} with seed 9, scale 0.3
 * and bias seed 3, scale 0.2; ReLU; a linear layer {@code [5,12]} with seed 1, scale 1 and bias seed 5, scale 0.1.
 * {@code lone}: {@code affine} with the weights of all grades but 4 set to 0.
 */
final class SmallWorld implements AutoCloseable {

    static final int SIDE = 8;
    static final int SIZE = SIDE * SIDE * 3;
    static final int IMAGES = 20;
    static final long SEED = 3;

    /** The only grade whose logit {@code lone} moves. */
    static final int LONE = 4;

    final Laboratory laboratory;
    private final Dataset dataset;

    SmallWorld(Path folder) throws IOException {
        laboratory = new Laboratory(folder.resolve("workspace"));
        Path sources = Files.createDirectories(folder.resolve("sources"));
        for (int m = 0; m < IMAGES; m++) {
            Path grade = Files.createDirectories(sources.resolve("small").resolve(Integer.toString(m % 5)));
            ImageIO.write(
                    image(m), "png", grade.resolve("image%02d.png".formatted(m)).toFile());
        }
        dataset = new DatasetImport(laboratory.artifacts, laboratory.datasets)
                .run(new ImportRequest(sources.resolve("small"), "small", SIDE, false, null, "train"), Progress.none())
                .datasets()
                .get(0);
        Preprocessing centred = new Preprocessing(null, null, null, null, List.of(0.5), List.of(1.0), null, null);
        laboratory.models.importFile(Files.write(sources.resolve("affine.onnx"), affine(kernel())), null, centred);
        laboratory.models.importFile(Files.write(sources.resolve("lone.onnx"), affine(lone(kernel()))), null, centred);
        laboratory.models.importFile(Files.write(sources.resolve("layered.onnx"), layered()), null, centred);
    }

    private static BufferedImage image(int m) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                rgb = rgb << 8 | value(m, 3 * pixel + channel);
            }
            image.setRGB(pixel % SIDE, pixel / SIDE, rgb);
        }
        return image;
    }

    static int value(int m, int k) {
        return 128 + (int) Math.floor(50 * Math.sin(3 + 1.3 * m + 0.37 * k * (1 + m % 5)));
    }

    private static TensorProto kernel() {
        return weight("kernel", 3, 0.5, 5, 3, SIDE, SIDE);
    }

    private static TensorProto lone(TensorProto kernel) {
        TensorProto.Builder lone = kernel.toBuilder();
        for (int i = 0; i < lone.getFloatDataCount(); i++) {
            lone.setFloatData(i, i / SIZE == LONE ? kernel.getFloatData(i) : 0);
        }
        return lone.build();
    }

    private static byte[] affine(TensorProto kernel) {
        GraphProto.Builder graph = graph().addInitializer(kernel);
        graph.addNode(node("Conv", "map", "images", "kernel")).addNode(node("Flatten", "scores", "map"));
        return model(graph);
    }

    private static byte[] layered() {
        GraphProto.Builder graph = graph().addInitializer(weight("kernel", 9, 0.3, 12, 3, SIDE, SIDE))
                .addInitializer(weight("bias", 3, 0.2, 12))
                .addInitializer(weight("linear", 1, 1, 5, 12))
                .addInitializer(weight("shift", 5, 0.1, 5));
        graph.addNode(node("Conv", "map", "images", "kernel", "bias"))
                .addNode(node("Relu", "activated", "map"))
                .addNode(node("Flatten", "flat", "activated"))
                .addNode(node("Gemm", "scores", "flat", "linear", "shift").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("transB")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)));
        return model(graph);
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder()
                .setName("small")
                .addInput(value("images", 3, SIDE, SIDE))
                .addOutput(value("scores", 5));
    }

    private static byte[] model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name, long... perImage) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("batch");
        for (long length : perImage) {
            shape.addDimBuilder().setDimValue(length);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static TensorProto weight(String name, double seed, double scale, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        long count = 1;
        for (long length : shape) {
            tensor.addDims(length);
            count *= length;
        }
        for (int i = 0; i < count; i++) {
            tensor.addFloatData(weight(seed, scale, i));
        }
        return tensor.build();
    }

    /** Weight i of {@code affine}'s kernel for a grade, at value k of an image. */
    static double affineWeight(int grade, int k) {
        int pixel = k / 3;
        int i = (grade * 3 + k % 3) * SIDE * SIDE + pixel;
        return weight(3, 0.5, i);
    }

    /** What {@code layered} computes behind its ReLU from pixels {@code [8,8,3]}, {@code [12]}. */
    static double[] hidden(float[] pixels) {
        double[] hidden = new double[12];
        for (int unit = 0; unit < hidden.length; unit++) {
            double sum = weight(3, 0.2, unit);
            for (int k = 0; k < SIZE; k++) {
                sum += weight(9, 0.3, (unit * 3 + k % 3) * SIDE * SIDE + k / 3) * (pixels[k] - 0.5);
            }
            hidden[unit] = Math.max(0, sum);
        }
        return hidden;
    }

    private static float weight(double seed, double scale, int i) {
        return (float) (scale * Math.sin(seed + 0.7 * ((double) i * i)));
    }

    /** One run's parts; to be closed. */
    record Start(Problem problem, Oracle oracle, CraftingImages images, Attack attack) implements AutoCloseable {

        Attack.Run run() {
            return attack.start(problem, oracle, images);
        }

        /** δ after so many turns. */
        float[] after(int turns) {
            Attack.Run run = run();
            for (int turn = 0; turn < turns; turn++) {
                run.turn(turn);
            }
            return run.delta();
        }

        @Override
        public void close() {
            oracle.close();
        }
    }

    /** An attack with batches and a step of its own, before its first turn. */
    Start start(
            String attack,
            String model,
            Norm norm,
            double epsilon,
            @Nullable Integer target,
            int batch,
            double step,
            String... options) {
        Attack chosen = Attacks.named(attack);
        Map<String, String> said = Stream.of(options)
                .map(option -> option.split("="))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        Problem problem = new Problem(
                SIDE,
                SIDE,
                norm,
                epsilon,
                target,
                batch,
                step,
                100_000,
                chosen.options().with(attack, said),
                SEED);
        Model member = laboratory.models.get(model);
        CraftingImages images = new CraftingImages(
                dataset,
                laboratory.datasets,
                List.of(laboratory.grading.read(laboratory.grading.grade(member, dataset, null, Progress.none()))),
                batch,
                SEED);
        Oracle oracle =
                new Oracle(laboratory.models, List.of(member), images, Augmentation.none(), problem.allowance());
        return new Start(problem, oracle, images, chosen);
    }

    @Override
    public void close() {
        laboratory.close();
    }
}
