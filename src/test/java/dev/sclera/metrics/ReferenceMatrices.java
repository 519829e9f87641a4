package dev.sclera.metrics;

/** Matrices whose figures are known from elsewhere. */
final class ReferenceMatrices {

    /**
     * 533 images of 5 grades, made up. What tests expect of it was worked out with scikit-learn 1.9.1
     * (cohen_kappa_score, accuracy_score, recall_score on the expanded lists of grades).
     */
    static final long[][] FIVE_GRADES = {
        {240, 12, 9, 1, 0},
        {14, 31, 20, 2, 1},
        {6, 18, 90, 17, 9},
        {0, 1, 9, 11, 4},
        {1, 3, 10, 5, 19},
    };

    private ReferenceMatrices() {}
}
