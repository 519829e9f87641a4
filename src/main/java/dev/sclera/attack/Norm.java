package dev.sclera.attack;

/** The norm in which a perturbation is bounded. */
public enum Norm {
    /** The largest magnitude over all pixels and channels. */
    LINF,
    /** The Euclidean norm over all pixels and channels. */
    L2
}
