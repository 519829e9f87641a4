package dev.sclera.model;

/** What graphs may run on. */
public enum Compute {
    /** The first CUDA device where one can be used, else the CPU. */
    AUTO,
    /** The CPU. */
    CPU,
    /** The first CUDA device, and nothing else. */
    CUDA
}
