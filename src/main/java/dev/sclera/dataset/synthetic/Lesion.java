package dev.sclera.dataset.synthetic;

/**
 * One lesion.
 *
 * @param kind what it is
 * @param at its middle
 * @param radius about how far it reaches, in the units of {@link Point}
 */
public record Lesion(LesionKind kind, Point at, double radius) {}
