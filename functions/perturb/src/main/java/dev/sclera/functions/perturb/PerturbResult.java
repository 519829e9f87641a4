package dev.sclera.functions.perturb;

/**
 * The perturbed dataset.
 *
 * @param manifest key of its record
 * @param labels key of its {@code labels.csv}; the PNG files lie in {@code images/} beside it
 * @param images how many images
 */
public record PerturbResult(String manifest, String labels, int images) {}
