package dev.sclera.metrics;

/** How a p-value was worked out. */
public enum PMethod {
    /** From the distribution itself. */
    EXACT,
    /** From the normal distribution that the statistic tends to. */
    NORMAL_APPROXIMATION,
    /** From the chi-squared distribution that the statistic tends to. */
    CHI_SQUARED_APPROXIMATION
}
