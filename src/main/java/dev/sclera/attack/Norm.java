package dev.sclera.attack;

/** The norm in which a perturbation is bounded, over all pixels and channels; 1 is the full pixel range. */
public enum Norm {
    /** The largest magnitude. */
    LINF,
    /** The Euclidean norm. */
    L2,
    /** The sum of magnitudes. */
    L1
}
