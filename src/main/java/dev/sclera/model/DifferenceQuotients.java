package dev.sclera.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sclera.gradient.GradientGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Whether a gradient is that of the loss: {@code L(x+εd) − L(x−εd)} against {@code ⟨gradient, 2εd⟩} in seeded
 * directions d, small steps first.
 *
 * <p>The directions do not follow the gradient. Along itself, a gradient that lacks a part agrees all the same where
 * that part is at a right angle to the rest, as parts of long vectors are. For a direction of independent components
 * the expectation of {@code ⟨g − g*, d⟩²} is {@code |g − g*|²}: so the root mean square of the differences, relative to
 * that of the slopes, estimates the relative distance of the gradient from the true one, whatever the difference is.
 * Half of the directions move each pixel by itself, which finds what is wrong among neighbours (phases of a strided
 * convolution); the others move patches, to which trained networks answer more.
 *
 * <p>A network of ReLUs has a kink wherever one of them changes sides, and across k of them the quotient is off by
 * about {@code √k}: the steps have to be small, and float32 must still tell the two losses apart. So a step is such
 * that the loss is to change by a given share of the largest logit, down to 1e-5 of it, and one step at which the
 * gradient agrees is enough, and images; a wrong one agrees at none. Losses are taken in double precision from the
 * logits, with the runner-up as the label: there the loss is steep, where that of the winner may be flat. Measured at
 * the best step: at most 0.03 on 19 reference networks and two trained graders at 64×64 and 224×224, at most 0.06
 * (ResNet-50) on 17 classifiers of torchvision and timm at full size.
 *
 * <p>A grader under repair can be so flat that float32 tells no step apart that is small enough. Then a long way is
 * gone: over any, {@code L(x+εd) − L(x−εd)} is the integral of the gradient's component along d, kinks and curvature or
 * not. That takes many gradients, and so comes last. Measured: 0.015 on a MobileNetV2 whose quotients were off by 0.22.
 */
final class DifferenceQuotients {

    /** Far above what kinks and noise leave of a true gradient, far below what a wrong rule makes of it. */
    static final double TOLERANCE = 0.1;

    /** Below it, no other step need be tried. */
    private static final double GOOD = 0.05;

    /** Changes of the loss, relative to the largest logit, in the order in which they are tried. */
    private static final double[] CHANGES = {3e-5, 1e-4, 1e-5, 1e-3};

    /** How often other images and directions are tried. */
    private static final int ATTEMPTS = 3;

    /** Directions of each kind. */
    private static final int DIRECTIONS = 3;

    /** Steps beyond this share of the range of the inputs are no small ones, however flat the loss. */
    private static final double LARGEST_STEP = 0.01;

    /** How far long ways go to either side, as shares of the range of the inputs, in the order of trial. */
    private static final double[] LONG_STEPS = {0.005, 0.01};

    /** At how many places on a long way the gradient is asked for. */
    private static final int PLACES = 128;

    /** Over how many long ways of each kind, of all images together, at least. */
    private static final int LEAST_WAYS = 3;

    /** The least change of the loss over a long way, relative to the largest logit, that tells something. */
    private static final double LEAST_CHANGE = 1e-5;

    /** How exact logits are in float32, relative to the largest of them; below it a difference is none. */
    private static final double NOISE = 1e-6;

    private final Specimen specimen;
    private final ProbeSession session;
    private final ProbeSession forward;
    private final long seed;
    private final float[] images;
    private final long[] labels;
    private final double scale;

    private DifferenceQuotients(Specimen specimen, ProbeSession session, ProbeSession forward, long seed) {
        this.specimen = specimen;
        this.session = session;
        this.forward = forward;
        this.seed = seed;
        this.images = specimen.patchedImages(seed);
        float[] logits = session.scores(GradientGraph.LOGITS, images);
        this.labels = runnersUp(logits, specimen.batch());
        double largest = 0;
        for (float logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        this.scale = largest;
    }

    /**
     * How far a gradient graph's gradient is from the difference quotients of its own forward part.
     *
     * @param graph the gradient graph of the cross-entropy
     * @param session it, opened
     * @return the root mean square of the differences, relative to that of the slopes, at the best step, or else over
     *     the best long way, of the kind of direction where it is larger; infinite where the gradient is zero and the
     *     loss is not flat
     */
    static double error(Specimen specimen, ModelProto graph, ProbeSession session) {
        try (ProbeSession forward = new ProbeSession(specimen, forward(graph), OptLevel.ALL_OPT)) {
            double ofSteps = errorOfSteps(specimen, session, forward);
            if (Double.isNaN(ofSteps) || ofSteps <= TOLERANCE) {
                return ofSteps;
            }
            long seed = 100L * (ATTEMPTS + 1);
            return Math.min(ofSteps, new DifferenceQuotients(specimen, session, forward, seed).errorOfLongWays());
        }
    }

    /** The same by small steps alone. */
    static double errorOfSteps(Specimen specimen, ProbeSession session, ProbeSession forward) {
        double least = Double.POSITIVE_INFINITY;
        for (int attempt = 1; attempt <= ATTEMPTS && least > TOLERANCE; attempt++) {
            double error = new DifferenceQuotients(specimen, session, forward, 100L * attempt).errorOfSteps();
            if (Double.isNaN(error)) {
                return error;
            }
            least = Math.min(least, error);
        }
        return least;
    }

    private double errorOfSteps() {
        float[] gradient = session.gradient(images, labels);
        return Math.max(
                errorOfSteps(gradient, specimen::patches, seed + 10),
                errorOfSteps(gradient, specimen::noise, seed + 20));
    }

    /** The gradient graph up to its logits: the classifier in float32, whatever its file holds. */
    static ModelProto forward(ModelProto graph) {
        GraphProto whole = graph.getGraph();
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : whole.getNodeList()) {
            nodes.add(node);
            if (node.getOutputList().contains(GradientGraph.LOGITS)) {
                break;
            }
        }
        return graph.toBuilder()
                .setGraph(whole.toBuilder()
                        .clearNode()
                        .addAllNode(nodes)
                        .clearInput()
                        .addInput(whole.getInput(0))
                        .clearOutput()
                        .addAllOutput(whole.getOutputList().stream()
                                .filter(output -> output.getName().equals(GradientGraph.LOGITS))
                                .toList()))
                .build();
    }

    private static long[] runnersUp(float[] logits, int batch) {
        int classes = logits.length / batch;
        long[] labels = new long[batch];
        for (int image = 0; image < batch; image++) {
            int start = image * classes;
            int best = 0;
            int second = 0;
            for (int i = 1; i < classes; i++) {
                if (logits[start + i] > logits[start + best]) {
                    second = best;
                    best = i;
                } else if (second == best || logits[start + i] > logits[start + second]) {
                    second = i;
                }
            }
            labels[image] = second;
        }
        return labels;
    }

    private double errorOfSteps(float[] gradient, LongFunction<float[]> field, long first) {
        List<float[]> directions = new ArrayList<>();
        double squares = 0;
        for (int i = 0; i < DIRECTIONS; i++) {
            float[] direction = field.apply(first + i);
            directions.add(direction);
            for (double slope : along(gradient, direction)) {
                squares += slope * slope;
            }
        }
        double slope = Math.sqrt(squares / (DIRECTIONS * specimen.batch()));
        double best = Double.POSITIVE_INFINITY;
        for (double change : CHANGES) {
            double largest = LARGEST_STEP * (specimen.highest() - specimen.lowest());
            double step = slope * largest > change * scale ? change * scale / slope : largest;
            best = Math.min(best, errorOfStep(gradient, directions, step));
            if (best < GOOD) {
                break;
            }
        }
        return best;
    }

    private double errorOfStep(float[] gradient, List<float[]> directions, double step) {
        double differences = 0;
        double slopes = 0;
        for (float[] direction : directions) {
            float[] up = moved(direction, step);
            float[] down = moved(direction, -step);
            float[] between = new float[images.length];
            for (int i = 0; i < images.length; i++) {
                // what float32 made of the step, not what was asked for
                between[i] = up[i] - down[i];
            }
            double[] above = losses(forward.scores(GradientGraph.LOGITS, up));
            double[] below = losses(forward.scores(GradientGraph.LOGITS, down));
            double[] expected = along(gradient, between);
            for (int image = 0; image < specimen.batch(); image++) {
                double difference = Math.abs(above[image] - below[image] - expected[image]);
                differences += Math.pow(Math.max(0, difference - NOISE * scale), 2);
                slopes += expected[image] * expected[image];
            }
        }
        return differences == 0 ? 0 : Math.sqrt(differences / slopes);
    }

    private double errorOfLongWays() {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < LONG_STEPS.length && !(best < GOOD); i++) {
            double step = LONG_STEPS[i] * (specimen.highest() - specimen.lowest());
            double error = errorOfLongWays(specimen::patches, step, seed + 10);
            if (error <= TOLERANCE) {
                error = Math.max(error, errorOfLongWays(specimen::noise, step, seed + 20));
            }
            best = error < best ? error : best;
        }
        return best;
    }

    private double errorOfLongWays(LongFunction<float[]> field, double step, long first) {
        int directions = (LEAST_WAYS + specimen.batch() - 1) / specimen.batch();
        double differences = 0;
        double integrals = 0;
        for (int i = 0; i < directions; i++) {
            float[] direction = field.apply(first + i);
            double[] integral = integral(direction, step);
            double[] above = losses(forward.scores(GradientGraph.LOGITS, moved(direction, step)));
            double[] below = losses(forward.scores(GradientGraph.LOGITS, moved(direction, -step)));
            for (int image = 0; image < integral.length; image++) {
                differences += Math.pow(above[image] - below[image] - integral[image], 2);
                integrals += integral[image] * integral[image];
            }
        }
        // where all is flat, any gradient would do that is next to nothing
        double least = Math.pow(LEAST_CHANGE * scale, 2) * directions * specimen.batch();
        return integrals < least ? Double.POSITIVE_INFINITY : Math.sqrt(differences / integrals);
    }

    /** Per image, by the midpoint rule: places at equal distances, so that kinks between two of them weigh little. */
    private double[] integral(float[] direction, double step) {
        double[] integral = new double[specimen.batch()];
        for (int place = 0; place < PLACES; place++) {
            float[] there = moved(direction, step * ((2 * place + 1.0) / PLACES - 1));
            double[] slopes = along(session.gradient(there, labels), direction);
            for (int image = 0; image < slopes.length; image++) {
                integral[image] += 2 * step / PLACES * slopes[image];
            }
        }
        return integral;
    }

    private float[] moved(float[] direction, double step) {
        float[] moved = images.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * direction[i]);
        }
        return moved;
    }

    /** Per image, a gradient's component along a direction. */
    private double[] along(float[] slope, float[] direction) {
        double[] components = new double[specimen.batch()];
        for (int i = 0; i < direction.length; i++) {
            components[i / specimen.stride()] += (double) slope[i] * direction[i];
        }
        return components;
    }

    private double[] losses(float[] logits) {
        int classes = logits.length / labels.length;
        double[] losses = new double[labels.length];
        for (int image = 0; image < labels.length; image++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = image * classes; i < (image + 1) * classes; i++) {
                largest = Math.max(largest, logits[i]);
            }
            double sum = 0;
            for (int i = image * classes; i < (image + 1) * classes; i++) {
                sum += Math.exp(logits[i] - largest);
            }
            losses[image] = largest + Math.log(sum) - logits[image * classes + (int) labels[image]];
        }
        return losses;
    }
}
