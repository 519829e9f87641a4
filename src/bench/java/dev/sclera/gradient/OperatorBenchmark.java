package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One operator between two 1×1 convolutions, as it stands in a network: the runtime's own forward pass, and forward pass
 * with the gradient of the images, in the standard graph and in blocked layout. One image, one thread. What is to be
 * compared are the three figures of one operator in one run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class OperatorBenchmark {

    private static final int CHANNELS = 64;
    private static final int SIDE = 56;
    private static final int CLASSES = 5;

    @Param({"conv3x3", "conv3x3-strided", "depthwise", "depthwise-strided", "maxpool", "averagepool", "batchnorm", "silu", "relu6"
    })
    public String operator;

    private OrtSession forward;
    private OrtSession standard;
    private OrtSession blocked;
    private Map<String, OnnxTensor> images;
    private Map<String, OnnxTensor> labelled;

    @Setup(Level.Trial)
    public void open() throws OrtException {
        ModelProto model = model();
        ModelProto gradient = GradientGraph.derive(
                        model, GradientGraph.Output.LOGITS, 1, new Loss.CrossEntropy())
                .model();
        forward = session(model);
        standard = session(gradient);
        blocked = session(BlockedLayout.of(
                gradient,
                BlockSize.detect()
                        .orElseThrow(() ->
                                new IllegalStateException("the runtime has no blocked layout on this processor"))));
        float[] pixels = ModelMaker.uniform(1, 3 * SIDE * SIDE);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OnnxTensor x =
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), new long[] {1, 3, SIDE, SIDE});
        OnnxTensor labels = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {2}), new long[] {1});
        images = Map.of("x", x);
        labelled = new HashMap<>();
        for (String input : standard.getInputNames()) {
            labelled.put(input, input.equals("x") ? x : labels);
        }
    }

    private static OrtSession session(ModelProto model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            BlockedLayout.configure(options, model);
            return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
        }
    }

    private ModelProto model() {
        ModelMaker maker = new ModelMaker(17)
                .input(1, 3, SIDE, SIDE)
                .random("before", 2, CHANNELS, 3, 1, 1)
                .random("after", 3, CLASSES, CHANNELS, 1, 1)
                .node("Conv", List.of("x", "before"), "a");
        operator(maker);
        return maker.node("Conv", List.of("b", "after"), "c")
                .node("GlobalAveragePool", List.of("c"), "pooled")
                .node("Flatten", List.of("pooled"), "logits")
                .output("logits");
    }

    private void operator(ModelMaker maker) {
        switch (operator) {
            case "conv3x3" -> conv(maker, 1, 1);
            case "conv3x3-strided" -> conv(maker, 1, 2);
            case "depthwise" -> conv(maker, CHANNELS, 1);
            case "depthwise-strided" -> conv(maker, CHANNELS, 2);
            case "maxpool" -> maker.node(
                    "MaxPool",
                    List.of("a"),
                    "b",
                    Attributes.of("kernel_shape", new long[] {3L, 3L}),
                    Attributes.of("strides", new long[] {2L, 2L}),
                    Attributes.of("pads", new long[] {1L, 1L, 1L, 1L}));
            case "averagepool" -> maker.node(
                    "AveragePool",
                    List.of("a"),
                    "b",
                    Attributes.of("kernel_shape", new long[] {2L, 2L}),
                    Attributes.of("strides", new long[] {2L, 2L}));
            case "batchnorm" -> {
                // not folded into the convolution before it: a ReLU stands between
                maker.node("Relu", List.of("a"), "r");
                for (String name : List.of("scale", "bias", "mean")) {
                    maker.random(name, name.hashCode(), CHANNELS);
                }
                float[] variance = new float[CHANNELS];
                java.util.Arrays.fill(variance, 1.5f);
                maker.weight(Tensors.of("variance", variance, CHANNELS))
                        .node("BatchNormalization", List.of("r", "scale", "bias", "mean", "variance"), "b");
            }
            case "silu" -> maker.node("Sigmoid", List.of("a"), "s").node("Mul", List.of("a", "s"), "b");
            case "relu6" -> maker.weight(Tensors.of("low", new float[] {0}))
                    .weight(Tensors.of("high", new float[] {6}))
                    .node("Clip", List.of("a", "low", "high"), "b");
            default -> throw new IllegalStateException(operator);
        }
    }

    private static void conv(ModelMaker maker, int groups, long stride) {
        maker.random("kernel", 4, CHANNELS, CHANNELS / groups, 3, 3)
                .node(
                        "Conv",
                        List.of("a", "kernel"),
                        "b",
                        Attributes.of("kernel_shape", new long[] {3L, 3L}),
                        Attributes.of("strides", new long[] {stride, stride}),
                        Attributes.of("pads", new long[] {1L, 1L, 1L, 1L}),
                        Attributes.of("group", (long) groups));
    }

    @TearDown(Level.Trial)
    public void close() throws OrtException {
        forward.close();
        standard.close();
        blocked.close();
        labelled.values().forEach(OnnxTensor::close);
    }

    /** The baseline. */
    @Benchmark
    public void forward() throws OrtException {
        forward.run(images).close();
    }

    @Benchmark
    public void gradient() throws OrtException {
        standard.run(labelled).close();
    }

    @Benchmark
    public void gradientInBlocks() throws OrtException {
        blocked.run(labelled).close();
    }
}
