package dev.sclera.gradient;

import ai.onnx.proto.OnnxMl.ModelProto;

/** A figure per image, made of its features, whose gradient leads an attack that has no data. */
public sealed interface FeatureLoss {

    /**
     * The sum, over the layers, of the logarithm of the features' Euclidean length; an attack raises it (Mopuri et al.
     * 2018, <i>Generalizable Data-free Objective for Crafting Universal Adversarial Perturbations</i>, which minimises
     * its negative).
     */
    record LogNorms() implements FeatureLoss {}

    /**
     * Minus the sum, over the layers, of the logarithm of the features' mean; an attack lowers it (Mopuri et al. 2017,
     * <i>Fast Feature Fool: A data independent approach to universal adversarial perturbations</i>). The paper's
     * activations are those of ReLU; others count as ReLU would leave them, negative ones as 0. Where none is positive,
     * its layer is flat.
     */
    record LogMeans() implements FeatureLoss {}

    /**
     * How uncertain a network is of its features, less how far one of them is from a texture's; an attack raises it
     * (Liu et al. 2019, <i>Universal Adversarial Perturbation via Prior Driven Uncertainty Approximation</i>). The
     * first is the mean, over samples of Monte-Carlo dropout, of {@link LogNorms} of what the dropout leaves of the
     * features. What is dropped follows from a second input, {@value FeatureGraph#DRAWS}, {@code [n,2·samples]}: per
     * sample a whole number from 1 on, and a number from 0 to 1.
     *
     * @param samples how many samples, at least 1
     * @param kept the share of the features that each leaves, above 0
     * @param texture how far from which texture
     */
    record Uncertainty(int samples, double kept, Texture texture) implements FeatureLoss {}

    /**
     * The distance of a feature's Gram matrix A (the products of its channels, summed over all places) from that of a
     * texture, G: {@code weight · |A − G|² / |G|²} (Gatys et al. 2016, <i>Image Style Transfer Using Convolutional
     * Neural Networks</i>).
     *
     * @param layer the feature, {@code [n,c,h,w]}
     * @param gram G, {@code [c,c]}, not all 0
     * @param weight 0 for no texture
     */
    record Texture(String layer, float[] gram, double weight) {}

    /**
     * Any differentiable figure, put together from ONNX nodes.
     *
     * @param nodes a model of the network's opset whose inputs bear the names of features, and with one output, float32
     *     {@code [n]}
     */
    record OfNodes(ModelProto nodes) implements FeatureLoss {}
}
