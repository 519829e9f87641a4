package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;

/** A figure per image, made of its features, whose gradient leads an attack that has no data. */
public sealed interface FeatureLoss {

    /**
     * The sum, over the layers, of the logarithm of the features' Euclidean length; an attack raises it (Mopuri et al.
     * 2018, <i>Generalizable Data-free Objective for Crafting Universal Adversarial Perturbations</i>, equation 4,
     * which minimises its negative).
     */
    record LogNorms() implements FeatureLoss {}

    /**
     * Minus the sum, over the layers, of the logarithm of the features' mean; an attack lowers it (Mopuri et al. 2017,
     * <i>Fast Feature Fool</i>, equation 3). The paper's activations are those of ReLU; others count as ReLU would
     * leave them, negative ones as 0. Where none is positive, its layer is flat.
     */
    record LogMeans() implements FeatureLoss {}

    /**
     * Any differentiable figure, put together from ONNX nodes.
     *
     * @param nodes a model of the network's opset whose inputs bear the names of features, and with one output, float32
     *     {@code [n]}
     */
    record OfNodes(ModelProto nodes) implements FeatureLoss {}
}
