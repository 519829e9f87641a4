package dev.sclera.model;

import org.jspecify.annotations.Nullable;

/**
 * What a self-test that was passed measured.
 *
 * @param images how many were tried at once
 * @param classes how many the classifier tells apart
 * @param optimised the largest difference of the scores with all of ONNX Runtime's optimisations from those without
 *     any, relative to the largest score
 * @param gradientGraph likewise of the gradient graph's scores; null where there is no gradient graph
 * @param slopes how far difference quotients of the loss are from the gradient, relative to its slopes (root mean
 *     squares); null where they were not compared
 * @param remark why a figure is missing, or null
 */
public record SelfTestFigures(
        int images,
        int classes,
        double optimised,
        @Nullable Double gradientGraph,
        @Nullable Double slopes,
        @Nullable String remark) {}
