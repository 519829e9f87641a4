package dev.sclera.dataset.image;

/**
 * The size of a picture as it is seen, after its orientation was applied.
 *
 * @param height rows
 * @param width columns
 */
public record Size(int height, int width) {}
